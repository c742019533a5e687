import ignore, { type Ignore } from 'ignore';
import type { Dirent } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that no search enters, whatever `.gitignore` says. */
const NEVER = new Set(['.git', 'node_modules', '.hg', '.svn']);

export interface FoundFile {
  readonly realPath: string;
  /** Relative to the folder the walk began in, with `/`. */
  readonly path: string;
}

interface Scope {
  /** Path of the folder whose `.gitignore` this is, relative to the start, with a trailing `/`. */
  readonly prefix: string;
  readonly rules: Ignore;
}

/**
 * The files below a folder in a stable order, leaving out what `.gitignore` files say. Links are
 * not followed. Unreadable folders are passed over.
 */
export async function* walkFiles(root: string, signal: AbortSignal): AsyncGenerator<FoundFile> {
  yield* walk(root, '', [], signal);
}

async function* walk(
  folder: string,
  prefix: string,
  scopes: readonly Scope[],
  signal: AbortSignal,
): AsyncGenerator<FoundFile> {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  const own = entries.some((entry) => entry.name === '.gitignore' && entry.isFile())
    ? await readRules(join(folder, '.gitignore'))
    : null;
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

async function readRules(path: string): Promise<Ignore | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : ignore().add(text);
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
