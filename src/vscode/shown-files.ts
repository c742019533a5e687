import * as vscode from 'vscode';
import { createQueue } from '../shared/queue.ts';
import type { Core } from '../threads/core.ts';
import { wait } from './pause.ts';
import { contentOf } from './proposal-content.ts';
import { type Place, placeOf } from './proposal-uris.ts';

/**
 * What a document shows of a proposal: its effect as it stands, or one that something else was
 * proposed instead of; or the proposal does not wait any more.
 */
export type Standing = 'same' | 'changed' | 'settled';

/**
 * How long something must have been shown before it counts as seen, in milliseconds: who presses
 * Approve as it turns into something else means what was there before.
 */
export const MIN_SIGHT = 500;
/** The longest that a decision waits until the editor shows what the user did, in milliseconds. */
const PATIENCE = 2000;

interface Shown {
  readonly uri: vscode.Uri;
  readonly place: Place;
  readonly effectHash: string;
  readonly version: string;
}

/** Which effect each document of ours shows: the one that stood when it was read or saved last. */
export class ShownFiles {
  /** What the user does to changes, one after the other: each is about what the one before led to. */
  readonly turns = createQueue();
  readonly #shown = new Map<string, Shown>();
  readonly #saving = new Set<string>();
  /** When something else came to be shown in documents that were open, by the proposal. */
  readonly #turned = new Map<string, number>();
  /** The effect, by its hash, that the user turned each proposal into here. */
  readonly #turnedByUser = new Map<string, string>();
  readonly #turning = new Map<string, Set<string>>();
  readonly #others: ((core: Core, proposalId: string) => boolean)[] = [];

  /** The document shows this version of its content, and with it what is proposed now. */
  note(core: Core, uri: vscode.Uri, version: string): void {
    const place = placeOf(uri);
    const proposal = place === null ? null : core.proposal(place.proposalId);
    if (place === null || proposal === null) return;
    const effectHash = proposal.shown?.effectHash ?? '';
    this.#shown.set(uri.toString(), { uri, place, effectHash, version });
  }

  /** From now on, the document counts as made on top of what is proposed now. */
  adopt(core: Core, uri: vscode.Uri): void {
    const place = placeOf(uri);
    const content = place === null ? null : contentOf(core, place);
    if (content !== null) this.note(core, uri, content.version);
  }

  forget(uri: vscode.Uri): void {
    this.#shown.delete(uri.toString());
  }

  /** The hash of the effect that a document shows; '' if it was never read. */
  effectHash(uri: vscode.Uri): string {
    return this.#shown.get(uri.toString())?.effectHash ?? '';
  }

  standing(core: Core, uri: vscode.Uri): Standing {
    const place = placeOf(uri);
    const proposal = place === null ? null : core.proposal(place.proposalId);
    if (proposal?.state !== 'proposed') return 'settled';
    return proposal.shown?.effectHash === this.effectHash(uri) ? 'same' : 'changed';
  }

  /**
   * True if every open document of a proposal shows it as it stands, and has done so for long enough
   * to be seen.
   */
  isLookedAt(core: Core, proposalId: string): boolean {
    return (
      this.#isLongEnough(core, proposalId) &&
      openDocuments(proposalId).every(({ uri }) => this.standing(core, uri) === 'same') &&
      this.#others.every((isLookedAt) => isLookedAt(core, proposalId))
    );
  }

  /** True if what is proposed now is what the user made of what was seen: no surprise to wait for. */
  isTurnedByUser(core: Core, proposalId: string): boolean {
    const now = core.proposal(proposalId)?.shown?.effectHash;
    return now !== undefined && this.#turnedByUser.get(proposalId) === now;
  }

  /** The user's own change of a proposal; `turn` answers whether it was made. */
  async byUser(core: Core, proposalId: string, turn: () => Promise<boolean>): Promise<boolean> {
    const isSeen = this.#isLongEnough(core, proposalId);
    const before = core.proposal(proposalId)?.shown?.effectHash ?? '';
    const effects = new Set<string>();
    this.#turning.set(proposalId, effects);
    try {
      const isMade = await turn();
      effects.delete(before);
      // What else it turned into meanwhile was not the user.
      const [effect, ...others] = effects;
      const isOwn = isMade && isSeen && others.length === 0;
      if (isOwn && effect !== undefined) this.#turnedByUser.set(proposalId, effect);
      return isMade;
    } finally {
      this.#turning.delete(proposalId);
    }
  }

  /** Waits until what the user did to a proposal last is done, and in sight; but not for ever. */
  async caughtUp(core: Core, proposalId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let isDone = false;
    const look = (): void => {
      const isShown = !this.isTurnedByUser(core, proposalId) || this.isLookedAt(core, proposalId);
      if (isDone && isShown) resolve(undefined);
    };
    const following = vscode.workspace.onDidChangeTextDocument(look);
    void this.turns
      .run(() => Promise.resolve())
      .then(() => {
        isDone = true;
        look();
      });
    await Promise.race([promise, wait(PATIENCE)]);
    following.dispose();
  }

  /** Asks the same of what else shows proposals. */
  alsoAsk(isLookedAt: (core: Core, proposalId: string) => boolean): { dispose(): void } {
    this.#others.push(isLookedAt);
    return { dispose: () => void this.#others.splice(this.#others.indexOf(isLookedAt), 1) };
  }

  /** Saves a document; what is saved is not outdated by that. */
  async saving<T>(uri: vscode.Uri, save: () => Promise<T>): Promise<T> {
    this.#saving.add(uri.toString());
    try {
      return await save();
    } finally {
      this.#saving.delete(uri.toString());
    }
  }

  /**
   * Something else may be proposed now. Answers the documents whose content is not proposed any
   * more; the others show what is proposed now without being read again.
   */
  outdated(core: Core, proposalId: string): readonly vscode.Uri[] {
    const outdated: vscode.Uri[] = [];
    this.#turning.get(proposalId)?.add(core.proposal(proposalId)?.shown?.effectHash ?? '');
    for (const [key, { uri, place, version }] of this.#shown) {
      if (place.proposalId !== proposalId || this.#saving.has(key)) continue;
      if (place.side === 'arguments') continue;
      if (contentOf(core, place)?.version === version) this.note(core, uri, version);
      else outdated.push(uri);
    }
    if (outdated.length > 0) this.#turned.set(proposalId, performance.now());
    return outdated;
  }

  #isLongEnough(core: Core, proposalId: string): boolean {
    const since = this.#turned.get(proposalId) ?? -Infinity;
    return performance.now() - since >= MIN_SIGHT || this.isTurnedByUser(core, proposalId);
  }
}

/** The open documents that show a side of a proposal. */
export function openDocuments(proposalId: string): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri, isClosed }) => {
    const place = isClosed ? null : placeOf(uri);
    return place?.proposalId === proposalId && place.side !== 'arguments';
  });
}

/** The document by this address, if it is open. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | null {
  const address = uri.toString();
  const { textDocuments } = vscode.workspace;
  return textDocuments.find((one) => !one.isClosed && one.uri.toString() === address) ?? null;
}
