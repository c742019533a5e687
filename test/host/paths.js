// @ts-check
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that is fetched or kept for running the editor; never in git. */
export const cache = join(root, '.vscode-test');

/** The project's own Node; the system's may be older. */
export const projectNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

export const vsix = join(root, 'dist', 'countersign.vsix');

/** The environment of a child process that finds the project's tools, and the project's Node, first. */
export function projectEnv(extra = {}) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return { ...process.env, PATH: path, ...extra };
}
