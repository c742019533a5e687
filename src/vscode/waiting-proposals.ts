import * as vscode from 'vscode';
import type { FileChanges, ProposalChanges } from '../shared/change-view.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import type { FileTexts } from '../threads/change-pieces.ts';
import { textsOf, titleOfThread } from '../threads/reviewed.ts';

/** A file that a proposal which waits would change. */
export interface WaitingFile {
  readonly proposalId: string;
  readonly threadTitle: string;
  readonly review: ReviewView;
  readonly file: FileChanges;
  readonly texts: FileTexts | null;
  /** Hash of the bytes that the proposal was made on top of; null for a new file. */
  readonly base: string | null;
}

/** The files of all that waits, read when something of it changes. */
export interface WaitingProposals {
  readonly isEmpty: boolean;
  /** By the real path, oldest proposal first. */
  of(realPath: string): readonly WaitingFile[];
  dispose(): void;
}

/** @param onChange called after one or several proposals came, changed or went */
export function followWaiting(
  core: Core,
  onChange: () => void,
  onError: (error: unknown) => void,
): WaitingProposals {
  const waiting = new Map<string, readonly WaitingFile[]>();
  const outdated = new Set<string>();
  /** What cannot be read is not shown; the others are. */
  const readOne = (proposalId: string): readonly WaitingFile[] => {
    try {
      return filesOf(core, proposalId);
    } catch (error) {
      onError(error);
      return [];
    }
  };
  const read = (): void => {
    const all = [...outdated];
    outdated.clear();
    for (const proposalId of all) {
      const files = readOne(proposalId);
      if (files.length === 0) waiting.delete(proposalId);
      else waiting.set(proposalId, files);
    }
    onChange();
  };
  const changed = (proposalId: string): void => {
    outdated.add(proposalId);
    if (outdated.size === 1) setImmediate(read);
  };
  const changedAll = (): void => {
    for (const proposalId of waiting.keys()) changed(proposalId);
  };
  const subscriptions = vscode.Disposable.from(
    core.threads.onAsked(({ item }) => {
      if (item.review !== null) changed(item.review.proposalId);
    }),
    core.threads.onEvent(({ event }) => {
      if (event.kind === 'item' && event.item.kind === 'tool' && event.item.review !== null) {
        changed(event.item.review.proposalId);
      } else if (event.kind === 'title' || event.kind === 'owner') changedAll();
    }),
  );
  return {
    get isEmpty() {
      return waiting.size === 0;
    },
    of: (realPath) => [...waiting.values()].flat().filter(({ file }) => file.realPath === realPath),
    dispose() {
      subscriptions.dispose();
      outdated.clear();
      waiting.clear();
    },
  };
}

function filesOf(core: Core, proposalId: string): readonly WaitingFile[] {
  const changes: ProposalChanges | null = core.changes(proposalId);
  const proposal = core.proposal(proposalId);
  const review = core.review(proposalId)?.review;
  if (changes === null || proposal === null || review === undefined) return [];
  const { threadId, operations } = proposal;
  return changes.files.flatMap((file): WaitingFile[] => {
    const operation = operations[file.operation];
    if (operation === undefined) return [];
    return [
      {
        ...{ proposalId, review, file },
        threadTitle: titleOfThread(core, threadId),
        texts: file.isText ? textsOf(core, operation) : null,
        base: operation.baseSha256,
      },
    ];
  });
}
