// @ts-check
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** @typedef {{ pid: number, parent: number, command: string }} Process */

/** Every process below `pid`, parents before children. */
export function descendants(/** @type {number} */ pid) {
  const all = processes();
  /** @type {Process[]} */
  const found = [];
  for (let parents = [pid]; parents.length > 0;) {
    const children = all.filter((one) => parents.includes(one.parent));
    found.push(...children);
    parents = children.map((one) => one.pid);
  }
  return found;
}

/** Ends `pid` and everything it started, at once and without a chance to tidy up. */
export function killTree(/** @type {number} */ pid) {
  const below = descendants(pid).map((one) => one.pid);
  for (const one of [pid, ...below]) sendKill(one);
}

/** The extension hosts that a server with this `pid` runs. */
export function extensionHosts(/** @type {number} */ pid) {
  return descendants(pid).filter((one) => one.command.includes('--type=extensionHost'));
}

/** Kills the extension hosts of a server as a crash would; says how many there were. */
export function killExtensionHosts(/** @type {number} */ pid) {
  const hosts = extensionHosts(pid);
  for (const host of hosts) sendKill(host.pid);
  return hosts.length;
}

/**
 * Waits until none of these processes runs any more; kills those that still do after `timeout` ms.
 * @param {readonly Process[]} these
 * @param {number} timeout
 */
export async function ended(these, timeout) {
  const until = Date.now() + timeout;
  for (let left = alive(these); left.length > 0; left = alive(left)) {
    if (Date.now() > until) for (const one of left) sendKill(one.pid);
    await setTimeout(20);
  }
}

function alive(/** @type {readonly Process[]} */ these) {
  const now = new Map(processes().map((one) => [one.pid, one.command]));
  return these.filter((one) => now.get(one.pid) === one.command);
}

/** A process that has ended in the meantime is what was wanted. */
function sendKill(/** @type {number} */ pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

function processes() {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** `ps` is missing on a bare Debian, `/proc` is not. */
function fromProc() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // ended while we looked
      }
    });
}

function fromPs() {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' });
  return lines.split('\n').flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
  });
}
