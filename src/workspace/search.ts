import ignore, { type Ignore } from 'ignore';
import type { Dirent } from 'node:fs';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Folders that no search enters, whatever `.gitignore` says. */
const NEVER = new Set(['.git', 'node_modules', '.hg', '.svn']);

export interface FoundFile {
  readonly realPath: string;
  /** Relative to the folder the walk began in, with `/`. */
  readonly path: string;
}

interface Scope {
  /** Path of the folder whose `.gitignore` this is, relative to the root, with a trailing `/`. */
  readonly prefix: string;
  readonly rules: Ignore;
}

/**
 * The files below a folder in a stable order, leaving out what `.gitignore` files say, those above
 * the folder up to `root` included. Links are not followed. Unreadable folders are passed over.
 */
export async function* walkFiles(
  root: string,
  start: string,
  signal: AbortSignal,
): AsyncGenerator<FoundFile> {
  const scopes: Scope[] = [];
  const way = relative(root, start).split(sep);
  const names = way[0] === '' ? [] : way;
  for (let depth = 0; depth < names.length; depth++) {
    const above = names.slice(0, depth);
    const rules = await readRules(join(root, ...above));
    if (rules !== null) scopes.push({ prefix: above.map((name) => `${name}/`).join(''), rules });
  }
  const prefix = names.map((name) => `${name}/`).join('');
  for await (const file of walk(start, prefix, scopes, signal)) {
    yield { ...file, path: file.path.slice(prefix.length) };
  }
}

async function* walk(
  folder: string,
  prefix: string,
  scopes: readonly Scope[],
  signal: AbortSignal,
): AsyncGenerator<FoundFile> {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  const own = entries.some((entry) => entry.name === '.gitignore') ? await readRules(folder) : null;
  const inForce = own === null ? scopes : [...scopes, { prefix, rules: own }];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) {
      if (NEVER.has(entry.name) || isIgnored(inForce, `${path}/`)) continue;
      yield* walk(join(folder, entry.name), `${path}/`, inForce, signal);
    } else if (entry.isFile() && !isIgnored(inForce, path)) {
      yield { realPath: join(folder, entry.name), path };
    }
  }
}

/** Git takes the case of names as the file system does, and reads no link in the place of the file. */
async function readRules(folder: string): Promise<Ignore | null> {
  const path = join(folder, '.gitignore');
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile()) return null;
  const text = await readFile(path, 'utf8').catch(() => null);
  const ignorecase = process.platform === 'win32' || process.platform === 'darwin';
  return text === null ? null : ignore({ ignorecase }).add(text);
}

/** The innermost `.gitignore` that has a rule for the path decides, as in git. */
function isIgnored(scopes: readonly Scope[], path: string): boolean {
  for (const scope of scopes.toReversed()) {
    const { ignored, unignored } = scope.rules.test(path.slice(scope.prefix.length));
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}
