import * as vscode from 'vscode';
import type { ChangeView, ProposalChanges } from '../shared/change-view.ts';
import { type Spot, anchorOf, changeAt, fileOf, spotOf } from './change-at.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { placeOf } from './proposal-uris.ts';

export type Direction = 'next' | 'previous';

/** The editor's own commands, for what an extension cannot reach: files that are out of sight. */
const NATIVE = {
  next: 'multiDiffEditor.goToNextChange',
  previous: 'multiDiffEditor.goToPreviousChange',
} as const;

export interface StepDeps {
  readonly tabs: DiffTabs;
  readonly openDiff: (proposalId: string, operation: number | null) => Promise<void>;
}

/**
 * Goes to the change after the cursor, or before it: within the file first, then in the next file
 * if the editor shows several, else around.
 */
export async function step(
  { tabs }: StepDeps,
  changes: ProposalChanges,
  direction: Direction,
): Promise<void> {
  const spot = spotOf(undefined);
  const here = spot?.proposalId === changes.proposalId ? spot : null;
  const file = here === null ? undefined : fileOf(changes, here.operation);
  const found = here === null ? null : nearest(changes, here, direction);
  if (found !== null && here !== null) {
    select(vscode.window.activeTextEditor, found, here.side);
    return;
  }
  const several = changes.files.length > 1 && tabs.active()?.whole === true;
  if (several && (await isThere(NATIVE[direction]))) {
    await vscode.commands.executeCommand(NATIVE[direction]);
    return;
  }
  const around = direction === 'next' ? file?.changes[0] : file?.changes.at(-1);
  if (around !== undefined && here !== null) {
    select(vscode.window.activeTextEditor, around, here.side);
  }
}

/** Goes to the first change after the cursor that nothing was said to yet, whatever file it is in. */
export async function goToOpen(deps: StepDeps, changes: ProposalChanges): Promise<void> {
  const spot = spotOf(undefined);
  const here = spot?.proposalId === changes.proposalId ? spot : null;
  const all = changes.files.flatMap((file) => file.changes);
  const isAfter = (change: ChangeView): boolean =>
    here === null ||
    change.operation > here.operation ||
    (change.operation === here.operation && anchorOf(change[here.side]) > here.lines.start);
  const open = all.filter(({ state }) => state === 'open');
  const next = open.find(isAfter) ?? open[0];
  if (next === undefined) return;
  if (editorOf(changes.proposalId, next.operation) === undefined) {
    const { length } = changes.files;
    await deps.openDiff(changes.proposalId, length === 1 ? null : next.operation);
  }
  select(editorOf(changes.proposalId, next.operation), next, 'shown');
}

function nearest(changes: ProposalChanges, spot: Spot, to: Direction): ChangeView | null {
  const { side, lines, operation } = spot;
  const at = changeAt(changes, spot);
  const others = (fileOf(changes, operation)?.changes ?? []).filter((one) => one !== at);
  return to === 'next'
    ? (others.find((one) => startOf(one, side) > lines.start) ?? null)
    : (others.findLast((one) => startOf(one, side) < lines.start) ?? null);
}

/** Where the cursor is put for a change. */
export function startOf(change: ChangeView, side: Spot['side']): number {
  const { start, end } = change[side];
  return start < end ? start : anchorOf(change[side]);
}

function select(
  editor: vscode.TextEditor | undefined,
  change: ChangeView,
  side: Spot['side'],
): void {
  if (editor === undefined) return;
  const at = new vscode.Position(change.whole ? 0 : startOf(change, side), 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(
    new vscode.Range(at, at),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

function editorOf(proposalId: string, operation: number): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => {
    const place = placeOf(document.uri);
    return (
      place?.proposalId === proposalId && place.operation === operation && place.side === 'new'
    );
  });
}

async function isThere(command: string): Promise<boolean> {
  return (await vscode.commands.getCommands(true)).includes(command);
}
