// @ts-check
// Desktop VS Code: one that is installed, else one that @vscode/test-electron downloads.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache, root, vsix } from './paths.js';
import { HostError, run } from './run.js';

/** How long the servers of VS Code may take to answer, in ms. */
const DOWNLOAD_TIMEOUT = 15_000;
const MAC_APP = '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';

/** A desktop VS Code's command line, and where it was found. */
/** @typedef {{ cli: string, from: string }} Desktop */

/**
 * The `code` command that is installed, or null. Set COUNTERSIGN_CODE to name another one.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Desktop | null}
 */
export function installedCode(env = process.env, platform = process.platform) {
  const named = env['COUNTERSIGN_CODE'];
  if (named) return { cli: named, from: 'COUNTERSIGN_CODE' };
  const names = platform === 'win32' ? ['code.cmd'] : ['code'];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const cli of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    if (existsSync(cli)) return { cli, from: 'your PATH' };
  }
  return platform === 'darwin' && existsSync(MAC_APP) ? { cli: MAC_APP, from: MAC_APP } : null;
}

/** Whether a window can be opened at all: a Linux machine may have no display. */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
}

/**
 * The executable that @vscode/test-electron downloads into .vscode-test, or keeps there.
 * @returns {Promise<string>}
 */
export async function downloadedExecutable() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  try {
    return await downloadAndUnzipVSCode({ cachePath: cache, timeout: DOWNLOAD_TIMEOUT });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HostError(
      `VS Code cannot be downloaded here (${why}).\nInstall it and put "code" on the PATH, or name it: COUNTERSIGN_CODE=/path/to/code`,
    );
  }
}

/** A desktop VS Code to open the sample in; null and a printed reason where there is none. */
export async function desktopEditor(env = process.env) {
  if (env['COUNTERSIGN_EDITOR'] === 'server') return null;
  if (!hasDisplay(env)) {
    console.log('No display: VS Code opens in a browser instead of a window of its own.');
    return null;
  }
  const installed = installedCode(env);
  if (installed) return installed;
  try {
    const executable = await downloadedExecutable();
    const { resolveCliPathFromVSCodeExecutablePath } = await import('@vscode/test-electron');
    const cli = resolveCliPathFromVSCodeExecutablePath(executable);
    return { cli, from: 'a download in .vscode-test' };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.log(`${error.message}\nVS Code's server from npm takes its place.`);
    return null;
  }
}

/**
 * Opens a folder in a window with the packaged extension, apart from the user's own profile.
 * @param {Desktop} desktop
 * @param {{ profile: string, folder: string }} where
 */
export async function openDesktop({ cli, from }, { profile, folder }) {
  const own = ['--user-data-dir', join(profile, 'data')];
  own.push('--extensions-dir', join(profile, 'extensions'));
  const user = join(profile, 'data', 'User');
  if (!existsSync(join(user, 'settings.json'))) {
    mkdirSync(user, { recursive: true });
    const quiet = { 'telemetry.telemetryLevel': 'off', 'workbench.startupEditor': 'none' };
    writeFileSync(join(user, 'settings.json'), JSON.stringify(quiet, null, 2));
  }
  // A `.cmd` file is a script of the shell's.
  const options = { cwd: root, quiet: true, shell: process.platform === 'win32' };
  const install = await run(cli, [...own, '--install-extension', vsix, '--force'], options);
  if (install.code !== 0) {
    throw new HostError(`The extension could not be installed with ${cli}:\n\n${install.output}`);
  }
  console.log(`Opening VS Code (${from}) on ${folder}`);
  const opened = await run(cli, [...own, '--new-window', folder], options);
  if (opened.code !== 0) throw new HostError(`${cli} failed:\n\n${opened.output}`);
}
