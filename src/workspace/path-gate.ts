import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ToolError } from '../shared/errors.ts';
import type { WorkspaceFolder } from './port.ts';

/** A path that passed the gate. */
export interface GatedPath {
  /** Absolute, no link left in it (the last components may not exist yet). */
  readonly realPath: string;
  /** Real path of the workspace folder it is in. */
  readonly root: string;
  /** Relative to the workspace folder, with `/`; the folder's name first where there are several. */
  readonly displayPath: string;
}

/** C0, C1 and what turns the direction of text around: never part of an honest path. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** `file:`, `http:`, `vscode-remote:` and the like; a single letter is a Windows drive. */
const URI_SCHEME = /^[a-z][a-z0-9+.-]+:/iu;
const DRIVE = /^[a-z]:/iu;
/** `\\server\share`: on Windows merely looking at it would send the user's credentials there. */
const NETWORK = /^[\\/]{2}/u;

/**
 * Where a path leads, links resolved, if that is inside a workspace folder. Fails closed.
 * @throws ToolError naming the path and the reason, for anything else.
 */
export async function gatePath(
  folders: readonly WorkspaceFolder[],
  path: string,
): Promise<GatedPath> {
  const candidate = absolutePath(folders, path);
  const realPath = await resolveLinks(candidate, path);
  for (const folder of folders) {
    const root = await realpath(folder.path).catch(() => null);
    if (root === null) continue;
    const inside = pathInside(root, realPath);
    if (inside === null) continue;
    const path = inside.split(sep).join('/');
    return { realPath, root, displayPath: folders.length > 1 ? `${folder.name}/${path}` : path };
  }
  throw refused(path, 'it leads outside the workspace');
}

function absolutePath(folders: readonly WorkspaceFolder[], path: string): string {
  const [first] = folders;
  if (first === undefined) throw new ToolError('No folder is open in the editor.');
  if (path.trim() === '') throw new ToolError('The path is empty. Name a file of the workspace.');
  if (CONTROL.test(path)) throw refused(path, 'it has control characters');
  if (NETWORK.test(path) && !isBelow(folders, path)) throw refused(path, 'it is a network address');
  if (isAbsolute(path)) return resolve(path);
  if (DRIVE.test(path)) throw refused(path, 'it names a drive');
  if (URI_SCHEME.test(path)) throw refused(path, 'it is an address, not a path');
  const [head = '', ...rest] = path.split(/[\\/]/u);
  const named = folders.length > 1 ? folders.find((folder) => folder.name === head) : undefined;
  return named ? resolve(named.path, ...rest) : resolve(first.path, path);
}

/** By its letters alone: nothing is looked at. */
function isBelow(folders: readonly WorkspaceFolder[], path: string): boolean {
  return isAbsolute(path) && folders.some((one) => pathInside(one.path, resolve(path)) !== null);
}

/** Resolves the longest existing part; what does not exist yet is appended as it is. */
async function resolveLinks(candidate: string, path: string): Promise<string> {
  const missing: string[] = [];
  let existing = candidate;
  while (!(await exists(existing, path))) {
    const parent = dirname(existing);
    if (parent === existing) throw refused(path, 'no part of it exists');
    missing.unshift(basename(existing));
    existing = parent;
  }
  try {
    return join(await realpath(existing), ...missing);
  } catch {
    throw refused(path, 'a link in it leads nowhere');
  }
}

async function exists(path: string, asked: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') throw refused(asked, 'a part of it is a file, not a folder');
    throw refused(asked, `it cannot be looked at (${code ?? 'unknown error'})`);
  }
}

/** The part of `path` below `root`, compared by component, or null. */
function pathInside(root: string, path: string): string | null {
  const rest = relative(root, path);
  const leaves = rest === '..' || rest.startsWith(`..${sep}`) || isAbsolute(rest);
  return leaves ? null : rest;
}

function refused(path: string, reason: string): ToolError {
  return new ToolError(`The path ${JSON.stringify(path)} was refused: ${reason}.`);
}
