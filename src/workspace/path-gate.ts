import { t } from '@vscode/l10n';
import nodePath, { type PlatformPath } from 'node:path';
import type { ToolError } from '../shared/errors.ts';
import { OUTSIDE, askedPath, refusal, refuseStrangeNames } from './asked-path.ts';
import { nodeFileSystem } from './file-system.ts';
import { settled, visible } from './names.ts';
import { type Place, innermost, policyPathOf } from './places.ts';
import type { WorkspaceFolder } from './port.ts';
import { type Lookup, findTruePath } from './true-path.ts';

/** A path that passed the gate. */
export interface GatedPath {
  /** Absolute, no link left in it, names as on the disk (the last may not exist yet). */
  readonly realPath: string;
  /** Real path of the innermost workspace folder it is in. */
  readonly root: string;
  /**
   * Relative to the workspace folder, with `/`; the folder's name first where there are several.
   * What cannot be seen is written as `<U+202E>`.
   */
  readonly displayPath: string;
  /** What the policy judges: relative to the outermost workspace folder, with `/`. */
  readonly policyPath: string;
  /** What is odd about the path, in sentences for the card; the risk is high then. */
  readonly warnings: readonly string[];
  /**
   * The file exists by another name than the one asked for, on a disk that takes both for one, so
   * that creating it would overwrite. False if only the encoding of accents differs, which nobody
   * could tell or write otherwise.
   */
  readonly misnamed: boolean;
}

/**
 * Where a path leads, links resolved, if that is inside a workspace folder. Fails closed: a strange
 * form is refused by its letters alone, before anything is looked at.
 * @throws ToolError naming the path and the reason, for anything else.
 */
export async function gatePath(
  folders: readonly WorkspaceFolder[],
  path: string,
  files: Lookup = nodeFileSystem,
  style: PlatformPath = nodePath,
): Promise<GatedPath> {
  const refused = (reason: string): ToolError => refusal(path, reason);
  const asked = askedPath(folders, path, style);
  const roots = await rootsOf(folders, files, style);
  const reals = roots.flatMap(({ real }) => real ?? []);
  const place = (realPath: string): Place | null => innermost(reals, realPath, style);
  const start = startOf(roots, asked, style, refused) ?? place(asked);
  if (start === null) throw refused(OUTSIDE);
  refuseStrangeNames(path, start.names, style);
  const found = await findTruePath({ files, style, place, refused }, start);
  const end = place(found.realPath);
  if (end === null) throw refused(OUTSIDE);
  refuseStrangeNames(path, end.names, style);
  const inside = end.names.join('/');
  const name = roots.find(({ real }) => real === end.root)?.name ?? '';
  return {
    ...found,
    root: end.root,
    displayPath: visible(folders.length > 1 ? `${name}/${inside}` : inside),
    policyPath: policyPathOf(reals, found.realPath, style),
    warnings: [...unusual(inside), ...found.warnings],
  };
}

/** A workspace folder; `real` is null if it is gone. */
interface Root {
  readonly name: string;
  readonly path: string;
  readonly real: string | null;
}

function rootsOf(
  folders: readonly WorkspaceFolder[],
  files: Lookup,
  style: PlatformPath,
): Promise<Root[]> {
  return Promise.all(
    folders.map(async ({ name, path }) => ({
      name,
      path: style.resolve(path),
      real: await files.realpath(path).catch(() => null),
    })),
  );
}

/** Where a path is that begins with that of a workspace folder as the editor knows it; else null. */
function startOf(
  roots: readonly Root[],
  asked: string,
  style: PlatformPath,
  refused: (reason: string) => ToolError,
): Place | null {
  const paths = roots.map(({ path }) => path);
  const opened = innermost(paths, asked, style);
  if (opened === null) return null;
  const root = roots.find(({ path }) => path === opened.root)?.real ?? null;
  if (root === null) throw refused('its workspace folder is gone');
  return { root, names: opened.names };
}

function unusual(path: string): string[] {
  const shown = visible(path);
  if (shown !== path) return [t('The name has characters that cannot be seen: {0}.', shown)];
  const plain = settled(path);
  if (plain === path) return [];
  return [t('The name has unusual characters and is judged as {0}.', visible(plain))];
}
