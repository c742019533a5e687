// @ts-check
// Opens the editor with Countersign and a sample project: `npm start`.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { desktopEditor, openDesktop } from './desktop.js';
import { packageExtension } from './package.js';
import { cache, projectEnv, projectNode, root } from './paths.js';
import { HostError, isMain, run, runMain } from './run.js';
import { checkPort } from './ports.js';
import { setUp } from './setup.js';
import {
  installExtension,
  installServer,
  settingsFile,
  startServer,
  writeSettings,
} from './vscode-server.js';

const PORT = 3790;

async function start() {
  const port = chosenPort();
  await setUp();
  const desktop = await desktopEditor();
  if (!desktop) {
    await checkPort(port);
    await installServer();
  }
  console.log('Building Countersign …');
  const build = await run(projectNode, ['esbuild.js'], { cwd: root, env: projectEnv() });
  if (build.code !== 0) throw new HostError('The build failed: mend what it names above.');
  await packageExtension();

  const sample = join(cache, 'sample');
  if (!existsSync(sample)) cpSync(join(root, 'test', 'sample'), sample, { recursive: true });
  if (desktop) await openDesktop(desktop, { profile: join(cache, 'desktop'), folder: sample });
  else await openServer(port, sample);
}

/** VS Code's own server, on a fixed port, until it is ended. */
async function openServer(/** @type {number} */ port, /** @type {string} */ sample) {
  const folder = join(cache, 'user');
  await installExtension(folder);
  if (!existsSync(settingsFile(folder))) writeSettings(folder);
  const server = await startServer({ folder, port });
  const stop = () => void server.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  console.log(`
Open  ${server.url}?folder=${encodeURI(sample)}

  Click the Countersign icon in the activity bar. Without a model of yours, a demo model answers.
  The sample project and your conversations stay in .vscode-test (delete it to begin anew).
  Ctrl+C ends the editor.
`);
  await server.exited;
}

function chosenPort() {
  const port = Number(process.env['PORT'] ?? PORT);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new HostError(`PORT=${process.env['PORT'] ?? ''} is no port: choose one from 1 to 65535.`);
}

if (isMain(import.meta.url)) await runMain(start);
