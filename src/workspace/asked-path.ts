import type { PlatformPath } from 'node:path';
import { ToolError } from '../shared/errors.ts';
import { visible } from './names.ts';
import { isNetworkPath, strangeForm, strangeName, tooLongPath } from './path-forms.ts';
import { innermost } from './places.ts';
import type { WorkspaceFolder } from './port.ts';

export const OUTSIDE = 'it leads outside the workspace';
/** Characters of a refused path that its error repeats. */
const MAX_SHOWN = 200;

/**
 * The absolute path that is meant, by its letters alone: nothing is looked at. Without `.` and `..`.
 * @throws ToolError for a strange form, and for a relative path that leads out
 */
export function askedPath(
  folders: readonly WorkspaceFolder[],
  path: string,
  style: PlatformPath,
): string {
  const [first] = folders;
  if (first === undefined) throw new ToolError('No folder is open in the editor.');
  if (path.trim() === '') throw new ToolError('The path is empty. Name a file of the workspace.');
  const strange = strangeForm(path, style);
  if (strange !== null) throw refusal(path, strange);
  if (isNetworkPath(path) && !mayBeOurs(folders, path, style)) {
    throw refusal(path, 'it is a network address');
  }
  const paths = folders.map((folder) => style.resolve(folder.path));
  if (style.isAbsolute(path)) {
    const candidate = style.resolve(path);
    refuseStrangeNames(path, innermost(paths, candidate, style)?.names ?? [], style);
    return candidate;
  }
  const { folder, rest } = splitFolder(folders, first, path, style);
  const names = rest.split(style.sep === '/' ? '/' : /[\\/]/u);
  refuseStrangeNames(path, names, style);
  const candidate = style.resolve(folder.path, ...names);
  if (innermost(paths, candidate, style) === null) throw refusal(path, OUTSIDE);
  const tooLong = tooLongPath(candidate);
  if (tooLong !== null) throw refusal(path, `with its workspace folder, ${tooLong}`);
  return candidate;
}

export function refuseStrangeNames(
  path: string,
  names: readonly string[],
  style: PlatformPath,
): void {
  for (const name of names) {
    const strange = strangeName(name, style);
    if (strange !== null) throw refusal(path, strange);
  }
}

export function refusal(path: string, reason: string): ToolError {
  const shown = path.length > MAX_SHOWN ? `${path.slice(0, MAX_SHOWN)}…` : path;
  return new ToolError(`The path ${visible(JSON.stringify(shown))} was refused: ${reason}.`);
}

/**
 * Whether a network path can be in the workspace, so that looking at it tells nobody anything new:
 * a folder opened there contains it, or the drive of a folder may turn out to be a share.
 */
function mayBeOurs(
  folders: readonly WorkspaceFolder[],
  path: string,
  style: PlatformPath,
): boolean {
  const shares = folders.filter((folder) => isNetworkPath(folder.path));
  if (style.sep === '\\' && shares.length < folders.length) return true;
  const paths = shares.map((folder) => style.resolve(folder.path));
  return innermost(paths, style.resolve(path), style) !== null;
}

/** Where there are several folders a path begins with the name of one, or is in the first. */
function splitFolder(
  folders: readonly WorkspaceFolder[],
  first: WorkspaceFolder,
  path: string,
  style: PlatformPath,
): { folder: WorkspaceFolder; rest: string } {
  if (folders.length === 1) return { folder: first, rest: path };
  const slashed = style.sep === '/' ? path : path.replaceAll('\\', '/');
  const named = folders.filter(({ name }) => `${slashed}/`.startsWith(`${name}/`));
  const longest = Math.max(...named.map(({ name }) => name.length));
  const [folder, other] = named.filter(({ name }) => name.length === longest);
  if (folder === undefined) return { folder: first, rest: path };
  if (other !== undefined) {
    throw refusal(path, 'several folders have this name; give the absolute path');
  }
  return { folder, rest: slashed.slice(folder.name.length + 1) };
}
