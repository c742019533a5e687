// @ts-check
// The real VS Code workbench and extension host, as the npm package code-server carries them.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lean } from './lean.js';
import { npm } from './npm.js';
import { checkPort, freePort, HOST } from './ports.js';
import { cache, projectEnv, projectNode, root, vsix } from './paths.js';
import {
  descendants,
  ended,
  extensionHosts,
  killExtensionHosts,
  killTree,
} from './process-tree.js';
import { HostError, run } from './run.js';

/** The code-server release whose VS Code everything runs in: 4.139.1 is VS Code 1.139.1. */
export const CURRENT = '4.139.1';
/** The release with the oldest VS Code that Countersign supports (`engines.vscode`). */
export const OLDEST = '4.103.2';
/** The Node of that VS Code: its extension host falls silent on Node 24. */
const OLDEST_NODE = '22.17.0';

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 10_000;

export function serverVersion() {
  return process.env['COUNTERSIGN_VSCODE_SERVER'] ?? CURRENT;
}

/**
 * Installs the server unless it is there; a half install is done again.
 * @returns {Promise<string>} the path of its main script
 */
export async function installServer(version = serverVersion()) {
  const folder = serverFolder(version);
  const code = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const done = join(folder, '.installed');
  if (!existsSync(done)) {
    console.log(`Installing VS Code's server (code-server@${version}, 600 MB in .vscode-test) …`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const what = "Installing VS Code's server";
    const packages = [`code-server@${version}`];
    if (version === OLDEST) packages.push(`${nodePackage()}@${OLDEST_NODE}`);
    await npm(what, root, ['install', '--prefix', folder, '--ignore-scripts', ...packages]);
    for (const part of [code, join(code, 'extensions')]) {
      await npm(what, part, ['install', '--omit=dev', '--ignore-scripts']);
    }
    writeFileSync(done, version);
  }
  return join(code, 'out', 'server-main.js');
}

function serverFolder(/** @type {string} */ version) {
  return join(cache, `server-${version}`);
}

/** The npm package that holds Node itself for this machine. */
function nodePackage() {
  return `node-${process.platform}-${process.arch}`;
}

function nodeFor(/** @type {string} */ version) {
  if (version !== OLDEST) return projectNode;
  return join(serverFolder(version), 'node_modules', nodePackage(), 'bin', 'node');
}

/** Installs the packaged extension as a user does, for a server that keeps its things in `folder`. */
export async function installExtension(/** @type {string} */ folder, version = serverVersion()) {
  const main = await installServer(version);
  const args = [main, ...folders(folder), '--install-extension', vsix, '--force'];
  const { code, output } = await run(nodeFor(version), args, { env: projectEnv(), quiet: true });
  if (code !== 0) throw new HostError(`The extension could not be installed:\n\n${output.trim()}`);
}

/** What would cover or move what there is to see. Settings of scope `application` do not work here. */
const QUIET = {
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  // As on the desktop; in a browser, the editor would save by itself.
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Writes the machine's settings of the server that keeps its things in `folder`. */
export function writeSettings(
  /** @type {string} */ folder,
  /** @type {Readonly<Record<string, unknown>>} */ settings = {},
) {
  const file = settingsFile(folder);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...QUIET, ...settings }, null, 2));
}

export function settingsFile(/** @type {string} */ folder) {
  return join(folder, 'data', 'data', 'Machine', 'settings.json');
}

/** @returns {string[]} */
function folders(/** @type {string} */ folder) {
  const extensions = join(folder, 'extensions');
  return ['--server-data-dir', join(folder, 'data'), '--extensions-dir', extensions];
}

/**
 * @typedef {object} ServerOptions
 * @property {string} folder where it keeps its data and extensions
 * @property {string} [version]
 * @property {number} [port] any free one by default
 * @property {boolean} [lean] without what costs much and touches nothing of ours (`lean.js`)
 * @property {boolean} [trust] `false` leaves workspace trust to the user
 * @property {boolean} [driver] honour the `payload` of a page's address, which runs tests
 * @property {Record<string, string>} [env]
 * @property {(text: string) => void} [log] takes what the server prints
 */

/**
 * @typedef {object} Server
 * @property {string} url
 * @property {number} port
 * @property {number} pid
 * @property {() => Promise<void>} stop ends it as a user would, and whatever it leaves behind
 * @property {() => Promise<void>} kill ends it and its children as a crash would
 * @property {() => number} killExtensionHosts says how many there were
 * @property {() => number} extensionHosts how many run now
 * @property {Promise<number>} exited
 */

/**
 * Starts VS Code's server and waits until it listens.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const version = options.version ?? serverVersion();
  const main = await installServer(version);
  const port = options.port ?? (await freePort());
  await checkPort(port);
  const { args, env } = options.lean ? lean(options.folder, main) : { args: [], env: {} };
  const child = spawn(nodeFor(version), [main, ...serverArgs(options, port), ...args], {
    env: projectEnv({ ...env, ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  /** @type {Promise<number>} */
  const exited = new Promise((done) => {
    child.on('close', (code) => {
      done(code ?? 1);
    });
  });
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) killTree(pid);
    await exited;
  };
  const killAtExit = () => {
    if (child.exitCode === null && child.signalCode === null) killTree(pid);
  };
  process.once('exit', killAtExit);
  void exited.then(() => process.off('exit', killAtExit));
  await listening(child, options.log, kill);
  return {
    url: `http://${HOST}:${port}/`,
    port,
    pid,
    exited,
    kill,
    stop: async () => {
      const below = descendants(pid);
      child.kill('SIGTERM');
      if (!(await settles(exited, STOP_TIMEOUT))) await kill();
      await ended(below, STOP_TIMEOUT);
    },
    killExtensionHosts: () => killExtensionHosts(pid),
    extensionHosts: () => extensionHosts(pid).length,
  };
}

/** @param {ServerOptions} options @param {number} port */
function serverArgs({ folder, trust = true, driver = false }, port) {
  return [
    ...['--host', HOST, '--port', String(port), '--without-connection-token'],
    ...['--accept-server-license-terms', '--telemetry-level', 'off', '--disable-telemetry'],
    ...folders(folder),
    ...(trust ? ['--disable-workspace-trust'] : []),
    ...(driver ? ['--enable-smoke-test-driver'] : []),
  ];
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @param {((text: string) => void) | undefined} log
 * @param {() => Promise<void>} kill
 */
async function listening(child, log, kill) {
  let output = '';
  const ready = new Promise((done, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        log?.(text);
        output = (output + text).slice(-10_000);
        if (/listening on \d+/i.test(output)) done(true);
      });
    }
    child.on('error', fail);
    child.on('close', (code) => {
      fail(new HostError(`VS Code's server ended with code ${code}:\n\n${output.trim()}`));
    });
  });
  if (await settles(ready, START_TIMEOUT)) return;
  await kill();
  throw new HostError(
    `VS Code's server does not listen after ${START_TIMEOUT / 1000} s:\n\n${output.trim()}`,
  );
}

/** Waits for a promise at most `timeout` ms; says whether it was in time. */
function settles(/** @type {Promise<unknown>} */ promise, /** @type {number} */ timeout) {
  return new Promise((done, fail) => {
    const timer = globalThis.setTimeout(() => {
      done(false);
    }, timeout);
    promise
      .then(() => {
        done(true);
      }, fail)
      .finally(() => {
        globalThis.clearTimeout(timer);
      });
  });
}
