// @ts-check
// Makes the checkout ready to build and test: `npm run setup`. Runs on any Node from 20 on.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectNode, root } from './paths.js';
import { HostError, isMain, run, runMain } from './run.js';

const OLDEST_NODE = 20;
const stamp = join(root, 'node_modules', '.countersign-setup');

/** Installs what package-lock.json names, unless that is what is installed already. */
export async function setUp() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new HostError(
      `This is Node ${process.versions.node}; Countersign's tools need Node ${OLDEST_NODE} or newer.\n` +
        'Install a newer one (https://nodejs.org, or your package manager) and try again.',
    );
  }
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (installed !== wanted) {
    await npm('Installing the packages (npm ci)', ['ci', '--no-audit', '--no-fund']);
  }
  if (!(await projectNodeRuns())) {
    await npm("Installing the project's Node", ['rebuild', 'node', '--ignore-scripts=false']);
    if (!(await projectNodeRuns())) {
      throw new HostError(
        `The package "node" is installed, but ${projectNode} does not run on this machine.\n` +
          'It has builds for Linux (glibc), macOS and Windows on x64 and arm64.',
      );
    }
  }
  writeFileSync(stamp, wanted);
}

async function projectNodeRuns() {
  return (await run(projectNode, ['--version'], { quiet: true })).code === 0;
}

async function npm(/** @type {string} */ what, /** @type {string[]} */ args) {
  console.log(`${what} …`);
  const { code, output } = await run('npm', args, { cwd: root, quiet: true });
  if (code !== 0) throw new HostError(`${what} failed.\n${npmAdvice(output)}\n\n${output.trim()}`);
}

/** The next step for what usually goes wrong with npm. */
export function npmAdvice(/** @type {string} */ output) {
  if (/ENOENT/.test(output) && /spawn/.test(output)) {
    return 'npm was not found: install it (it comes with Node; on Debian: apt-get install npm).';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH/.test(output)) {
    return 'The npm registry could not be reached: check the network (or `npm config get registry`) and try again.';
  }
  if (/ENOSPC/.test(output)) return 'The disk is full: make room and try again.';
  return 'npm said (try again, or delete node_modules first):';
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await setUp();
    console.log('Ready: npm start opens the editor, npm test runs every test.');
  });
}
