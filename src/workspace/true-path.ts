import { t } from '@vscode/l10n';
import type { PlatformPath } from 'node:path';
import { foldPath, visible } from './names.ts';
import type { Place } from './places.ts';

/** What the path gate asks the operating system; nothing else. */
export interface Lookup {
  lstat(path: string): Promise<Seen>;
  realpath(path: string): Promise<string>;
  readdir(path: string): Promise<string[]>;
}

interface Seen {
  readonly dev: number;
  readonly ino: number;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export interface Way {
  readonly files: Lookup;
  readonly style: PlatformPath;
  /** Where a real path is in the workspace; null if it is outside. */
  place(realPath: string): Place | null;
  /** The error that says why a path is refused. */
  refused(reason: string): Error;
}

export interface TruePath {
  /** No link in it, and every name as the disk has it; the last ones may not exist yet. */
  readonly realPath: string;
  /** The disk has the file, but by another name than the one it was asked for. */
  readonly misnamed: boolean;
  readonly warnings: readonly string[];
}

/** Links that lead to links are few; more turns mean that somebody changes them meanwhile. */
const MAX_TURNS = 40;

/**
 * Goes down from a workspace folder name by name, so that nothing below a link is looked at before
 * it is known to stay in the workspace.
 */
export async function findTruePath(way: Way, start: Place): Promise<TruePath> {
  const warnings: string[] = [];
  let misnamed = false;
  let { root: at, names } = start;
  // Names that a link gave; how those are written is none of the asker's doing.
  let given = 0;
  for (let index = 0, turns = 0; index < names.length; index++) {
    const name = names[index] ?? '';
    const rest = names.slice(index + 1);
    const asked = way.style.join(at, name);
    const seen = await look(way, asked);
    const entries = await list(way, at);
    if (seen === null) {
      warnings.push(...likeNamed(name, entries));
      await confirm(way, at);
      return { realPath: way.style.join(asked, ...rest), misnamed: false, warnings };
    }
    const trueName = entries.includes(name) ? name : await nameOf(way, seen, at, name, entries);
    if (trueName !== name && index >= given) {
      warnings.push(t('On the disk it is called {0}.', visible(trueName)));
      misnamed = rest.length === 0 && trueName.normalize('NFC') !== name.normalize('NFC');
    }
    at = way.style.join(at, trueName);
    if (seen.isSymbolicLink()) {
      if (++turns > MAX_TURNS) throw way.refused('it changes while it is looked at');
      const target = await follow(way, at);
      at = target.root;
      names = [...target.names, ...rest];
      given = target.names.length;
      index = -1;
    } else if (rest.length > 0 && !seen.isDirectory()) {
      throw way.refused('a part of it is a file, not a folder');
    }
  }
  await confirm(way, at);
  return { realPath: at, misnamed, warnings };
}

async function look(way: Way, path: string): Promise<Seen | null> {
  try {
    return await way.files.lstat(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR') throw way.refused('a part of it is a file, not a folder');
    if (code === 'ENAMETOOLONG') throw way.refused('it is too long for this disk');
    throw way.refused(`it cannot be looked at (${code})`);
  }
}

async function list(way: Way, folder: string): Promise<string[]> {
  return way.files.readdir(folder).catch((error: unknown) => {
    throw way.refused(`its folder cannot be listed (${codeOf(error)})`);
  });
}

async function follow(way: Way, link: string): Promise<Place> {
  const target = await way.files.realpath(link).catch((error: unknown) => {
    throw way.refused(
      codeOf(error) === 'ELOOP' ? 'a link in it leads in circles' : 'a link in it leads nowhere',
    );
  });
  const place = way.place(target);
  if (place === null) throw way.refused('it leads outside the workspace');
  return place;
}

/** The disk found the name, but has no entry of exactly this name: it ignores case, or the form. */
async function nameOf(
  way: Way,
  seen: Seen,
  folder: string,
  name: string,
  entries: readonly string[],
): Promise<string> {
  for (const entry of likes(name, entries)) {
    const other = await look(way, way.style.join(folder, entry));
    if (other?.ino === seen.ino && other.dev === seen.dev) return entry;
  }
  throw way.refused('it exists, but its folder has no entry of that name');
}

function likes(name: string, entries: readonly string[]): string[] {
  const folded = foldPath(name);
  return entries.filter((entry) => foldPath(entry) === folded);
}

/** Two names that other disks, and people, take for one. */
function likeNamed(name: string, entries: readonly string[]): string[] {
  const like = likes(name, entries)[0];
  return like === undefined
    ? []
    : [t('{0} would be beside {1}, which is nearly the same name.', visible(name), visible(like))];
}

/** Somebody may have put a link in its place meanwhile. Disks may spell a name in NFC or NFD. */
async function confirm(way: Way, existing: string): Promise<void> {
  const now = await way.files.realpath(existing).catch((error: unknown) => {
    throw way.refused(`it cannot be looked at (${codeOf(error)})`);
  });
  if (now.normalize('NFC') !== existing.normalize('NFC')) {
    throw way.refused('it changes while it is looked at');
  }
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ?? 'unknown error';
}
