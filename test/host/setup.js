// @ts-check
// Makes the checkout ready to build and test: `npm run setup`. Runs on any Node from 20 on.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.js';
import { projectNode, root } from './paths.js';
import { HostError, isMain, run, runMain } from './run.js';

const OLDEST_NODE = 20;

/** Installs what package-lock.json names, unless that is what is installed already. */
export async function setUp() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new HostError(
      `This is Node ${process.versions.node}; Countersign's tools need Node ${OLDEST_NODE} or newer.\n` +
        'Install a newer one (https://nodejs.org, or your package manager) and try again.',
    );
  }
  if (!isInstalled()) {
    console.log('Installing the packages …');
    await npm('Installing the packages (npm ci)', root, ['ci']);
  }
  if (!(await projectNodeRuns())) {
    console.log("Installing the project's Node …");
    const args = ['rebuild', 'node', '--ignore-scripts=false'];
    await npm("Installing the project's Node", root, args);
    if (!(await projectNodeRuns())) {
      throw new HostError(
        `The package "node" is installed, but ${projectNode} does not run on this machine.\n` +
          'It has builds for Linux (glibc), macOS and Windows on x64 and arm64.',
      );
    }
  }
}

/** Whether node_modules holds what package-lock.json names, whoever installed it. */
function isInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = packagesIn(hidden);
  return Object.entries(packagesIn(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' || optional === true || installed[path]?.version === version,
  );
}

/** @returns {Record<string, { version?: string, optional?: boolean }>} */
function packagesIn(/** @type {string} */ lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

async function projectNodeRuns() {
  return (await run(projectNode, ['--version'], { quiet: true })).code === 0;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await setUp();
    console.log('Ready: npm start opens the editor, npm test runs every test.');
  });
}
