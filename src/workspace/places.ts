import type { PlatformPath } from 'node:path';
import { isRepositoryName } from './names.ts';

/** A path below a folder, in components. */
export interface Place {
  readonly root: string;
  readonly names: readonly string[];
}

/** Where a path is in the innermost of the folders that contain it; null if none does. */
export function innermost(
  roots: readonly string[],
  path: string,
  style: PlatformPath,
): Place | null {
  return places(roots, path, style).at(-1) ?? null;
}

/**
 * The path below the outermost folder that contains it; from the repository's own folder on, should
 * that folder itself be in one. A folder inside another is opened to see less, not to allow more.
 */
export function policyPathOf(roots: readonly string[], path: string, style: PlatformPath): string {
  const [outermost = { root: path, names: [] }] = places(roots, path, style);
  const above = outermost.root.split(style.sep);
  const repository = above.findIndex(isRepositoryName);
  const kept = repository === -1 ? [] : above.slice(repository);
  return [...kept, ...outermost.names].join('/');
}

/** One for each of the folders that contain the path, the outermost first. */
function places(roots: readonly string[], path: string, style: PlatformPath): Place[] {
  return roots
    .flatMap((root) => {
      const names = namesBelow(root, path, style);
      return names === null ? [] : [{ root, names }];
    })
    .toSorted((one, other) => other.names.length - one.names.length);
}

/** Compared by component; null if the path is not below the folder. */
function namesBelow(root: string, path: string, style: PlatformPath): string[] | null {
  const rest = style.relative(root, path);
  const names = rest.split(style.sep);
  if (names[0] === '..' || style.isAbsolute(rest)) return null;
  return rest === '' ? [] : names;
}
