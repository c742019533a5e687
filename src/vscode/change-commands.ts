import * as vscode from 'vscode';
import type { ChangeView, ProposalChanges } from '../shared/change-view.ts';
import type { Core } from '../threads/core.ts';
import { type NamedChange, type Spot, changeAt, changeIn, namedBy, spotOf } from './change-at.ts';
import { createCommentCommands } from './change-comments.ts';
import { type Direction, goToOpen, step } from './change-steps.ts';
import type { ChangeThreads } from './change-threads.ts';
import { tellChanged } from './change-words.ts';
import type { CoreHost } from './core-host.ts';
import type { DiffTabs } from './diff-tabs.ts';
import type { CHANGE_COMMANDS } from './ids.ts';
import { isShown, keepCursor } from './kept-cursor.ts';
import type { Reviews } from './reviews.ts';
import type { ShownFiles } from './shown-files.ts';
import type { TextSurfaces } from './text-surfaces.ts';

export interface ChangeCommandDeps {
  readonly host: CoreHost;
  readonly reviews: Reviews;
  readonly shown: ShownFiles;
  readonly tabs: DiffTabs;
  readonly threads: ChangeThreads;
  readonly texts: Pick<TextSurfaces, 'chooseAtCursor' | 'step'>;
}

export type Handler = (argument: unknown) => Promise<void>;
type Handlers = Readonly<Record<keyof typeof CHANGE_COMMANDS, Handler>>;

/** What `countersign.nextChange` is called with to go to one that is still open. */
export const OPEN_ONE = 'open';

export function createChangeCommands(deps: ChangeCommandDeps): Handlers {
  const { turns } = deps.shown;
  const inTurn =
    (handler: Handler): Handler =>
    (argument) =>
      turns.run(() => handler(argument));
  const mark =
    (state: 'accepted' | 'rejected'): Handler =>
    async (argument) => {
      const found = await find(deps, argument);
      if (found === null) return;
      const { core, changes, name } = found;
      const { proposalId, effectHash } = changes;
      const restore = keepCursor(core, name);
      const isTaken = await deps.shown.byUser(core, proposalId, () =>
        core.threads.markChange(proposalId, effectHash, name, state),
      );
      if (isTaken) await restore();
      else tellChanged();
    };
  const go =
    (direction: Direction): Handler =>
    async (argument) => {
      if (argument !== OPEN_ONE && deps.texts.step(direction)) return;
      const proposalId = deps.tabs.active()?.proposalId;
      if (proposalId === undefined || !(await deps.reviews.flush())) return;
      const changes = (await deps.host.open()).changes(proposalId);
      if (changes === null) return;
      const steps = { tabs: deps.tabs, openDiff: deps.reviews.openDiff.bind(deps.reviews) };
      if (argument === OPEN_ONE) await goToOpen(steps, changes);
      else await step(steps, changes, direction);
    };
  return {
    acceptChange: inTurn(mark('accepted')),
    rejectChange: inTurn(mark('rejected')),
    nextChange: inTurn(go('next')),
    previousChange: inTurn(go('previous')),
    ...createCommentCommands(deps, (argument) => turns.run(() => find(deps, argument))),
    acceptSelection: inTurn(() => markSelection(deps, 'accepted')),
    rejectSelection: inTurn(() => markSelection(deps, 'rejected')),
  };
}

/** Marks the selected lines, or the line of the cursor. */
async function markSelection(
  deps: ChangeCommandDeps,
  state: 'accepted' | 'rejected',
): Promise<void> {
  const spot = spotOf(undefined);
  const ready = spot === null ? null : await atSpot(deps, spot);
  if (spot === null || ready === null) return;
  const { core, changes } = ready;
  const { proposalId, effectHash } = changes;
  if (spot.side === 'base') {
    tell(vscode.l10n.t('Select lines on the side of the proposal.'));
    return;
  }
  const { operation, lines } = spot;
  const editor = vscode.window.activeTextEditor;
  const isTaken = await deps.shown.byUser(core, proposalId, () =>
    core.threads.markLines(proposalId, effectHash, operation, lines, state),
  );
  if (!isTaken) tellChanged();
  else if (editor !== undefined) await isShown(core, editor);
}

/** A change that a command is about. */
export interface Found {
  readonly core: Core;
  readonly changes: ProposalChanges;
  readonly name: Required<NamedChange>;
}

/** The change that a command is about; if there is none, the user is told and it is null. */
async function find(deps: ChangeCommandDeps, argument: unknown): Promise<Found | null> {
  const name = namedBy(argument, deps.threads) ?? (await deps.texts.chooseAtCursor());
  if (name === undefined) return null;
  if (name !== null) {
    if (!(await deps.reviews.flush())) return null;
    const core = await deps.host.open();
    const changes = core.changes(name.proposalId);
    const change = changes && changeIn(changes, name);
    if (changes !== null && change !== null) return { core, changes, name: named(changes, change) };
    tellChanged();
    return null;
  }
  const spot = spotOf(argument);
  const ready = spot === null ? null : await atSpot(deps, spot);
  if (spot !== null && ready === null) return null;
  const change = spot === null || ready === null ? null : changeAt(ready.changes, spot);
  if (ready !== null && change !== null) {
    return { ...ready, name: named(ready.changes, change) };
  }
  tell(vscode.l10n.t('There is no change of the agent at the cursor.'));
  return null;
}

function named(
  { proposalId }: ProposalChanges,
  { operation, change, key }: ChangeView,
): Required<NamedChange> {
  return { proposalId, operation, change, key };
}

/** The changes as the document shows them, with what is typed into it. */
async function atSpot(
  { host, reviews, shown }: ChangeCommandDeps,
  { proposalId, uri }: Spot,
): Promise<Omit<Found, 'name'> | null> {
  if (!(await reviews.flush())) return null;
  const core = await host.open();
  const changes = core.changes(proposalId);
  if (changes !== null && shown.standing(core, uri) === 'same') return { core, changes };
  tellChanged();
  return null;
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(message);
}
