import { t } from '@vscode/l10n';
import { z } from 'zod';
import type { FileChange } from '../approval/operation.ts';
import { ToolError } from '../shared/errors.ts';
import { type FilePatch, applyHunks, parsePatch } from '../workspace/patch.ts';
import type { Workspace } from '../workspace/port.ts';
import { decodeText, encodeText } from '../workspace/text.ts';
import { type Located, changeOf, locate, refuseUnsaved } from './change.ts';
import { defineTool } from './tool.ts';

export const applyPatch = defineTool({
  name: 'apply_patch',
  kind: 'edit',
  description:
    'Proposes changes of one or more files as one unified diff: edits, new files (--- /dev/null), deletions (+++ /dev/null) and renames (rename from, rename to). The user sees and decides it as a whole. Context lines must be exactly those of the file; line numbers may be off.',
  schema: z.strictObject({
    patch: z.string().min(1).describe('Unified diff, paths relative to the workspace folder'),
  }),
  title: ({ patch }) => t('Patch {0} files', patch.match(/^\+\+\+ /gmu)?.length ?? 1),
  async propose({ patch }, { workspace }) {
    const changes: FileChange[] = [];
    for (const one of parsePatch(patch)) changes.push(await changeOfOne(workspace, one));
    refuseTwice(changes);
    return changes;
  },
});

async function changeOfOne(workspace: Workspace, patch: FilePatch): Promise<FileChange> {
  if (patch.kind === 'create') return created(workspace, patch);
  const located = await locate(workspace, patch.kind === 'move' ? patch.from : patch.path);
  if (located.base === null) throw new ToolError(`${located.displayPath} does not exist.`);
  if (patch.kind === 'edit') return changeOf(located, patched(located, located.base, patch.hunks));
  refuseUnsaved(workspace, located);
  // A deletion names what it deletes; where that is not what the file has, it means another file.
  const next = patched(located, located.base, patch.hunks);
  if (patch.kind === 'delete') {
    const nothing = patch.hunks.length === 0 || decodeText(next, located.displayPath).text === '';
    if (nothing) return { ...located, next: null };
    throw new ToolError(
      `${located.displayPath} has more than the patch takes away. Read it; to delete all of it, use delete_file.`,
    );
  }
  const target = await locate(workspace, patch.to);
  if (target.base !== null) throw new ToolError(`${target.displayPath} exists already.`);
  const { realPath, displayPath } = target;
  const warnings = [...located.warnings, ...target.warnings];
  return { ...located, to: { realPath, displayPath }, next, warnings };
}

async function created(
  workspace: Workspace,
  { path, text }: Extract<FilePatch, { kind: 'create' }>,
): Promise<FileChange> {
  const located = await locate(workspace, path);
  if (located.base !== null) {
    throw new ToolError(
      `${located.displayPath} exists already. Read it, and patch what it has, or use write_file.`,
    );
  }
  return changeOf(located, encodeText(text, { bom: false, encoding: 'utf8' }));
}

function patched(
  { displayPath }: Located,
  base: Uint8Array,
  hunks: Parameters<typeof applyHunks>[1],
): Uint8Array {
  if (hunks.length === 0) return base;
  const { text, bom, encoding } = decodeText(base, displayPath);
  return encodeText(applyHunks(text, hunks, displayPath), { bom, encoding });
}

function refuseTwice(changes: readonly FileChange[]): void {
  const seen = new Set<string>();
  for (const { realPath, displayPath, to } of changes) {
    for (const place of [{ realPath, displayPath }, ...(to ? [to] : [])]) {
      if (seen.has(place.realPath)) {
        throw new ToolError(`${place.displayPath} is in the patch twice. Put its hunks together.`);
      }
      seen.add(place.realPath);
    }
  }
}
