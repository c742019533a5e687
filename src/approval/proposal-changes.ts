import { sha256 } from '../checkpoint/blobs.ts';
import type {
  ChangePlace,
  ChangeState,
  ChangeView,
  FileChanges,
  ProposalChanges,
} from '../shared/change-view.ts';
import { progressOf } from '../shared/change-view.ts';
import type { Found, FoundChange } from '../workspace/change-states.ts';
import { linesOf, withoutEnd } from '../workspace/changes.ts';
import { hasConflictMarkers } from '../workspace/merge.ts';
import { type Texts, compared } from './comparing.ts';
import { drawDiff, isTooLarge } from './drawn-diff.ts';
import type { Ledger } from './ledger.ts';
import type { ChangeMark } from './marking.ts';
import type { KeptOperation, Proposal } from './proposal.ts';
import { rebasedText } from './rebase.ts';
import { textOf } from './stored.ts';

/** A change as it stands, and what it can be found by again. */
export interface MarkedChange {
  /** Null for a whole file. */
  readonly found: FoundChange | null;
  readonly key: string;
  readonly state: ChangeState;
  readonly comment: string;
}

/** A file of a proposal: what was, what is shown, and its changes. */
export interface ReviewedFile {
  readonly index: number;
  readonly operation: KeptOperation;
  /** Both sides can be shown. */
  readonly isText: boolean;
  /** Null where the bytes are no text. */
  readonly before: string | null;
  readonly shown: string | null;
  readonly changes: readonly MarkedChange[];
  readonly own: Found['own'];
}

/** The changes of a proposal that waits; null for any other, and for one that settles an effect. */
export function changesOfProposal(proposal: Proposal, ledger: Ledger): ProposalChanges | null {
  const { proposalId, threadId, state, settles, shown, operations } = proposal;
  if (state !== 'proposed' || settles !== null || shown === null || operations.length === 0) {
    return null;
  }
  const files = reviewedFiles(proposal, ledger).map((file) => toFileChanges(file, ledger));
  const { effectHash } = shown;
  return { proposalId, threadId, effectHash, files, progress: progressOf(files) };
}

export function reviewedFiles(proposal: Proposal, ledger: Ledger): readonly ReviewedFile[] {
  const { proposalId, proposedRevision, operations } = proposal;
  const agents = new Map(
    ledger.operations(proposalId, proposedRevision).map((one) => [one.realPath, one]),
  );
  const marks = ledger.marks(proposalId);
  return operations.map((operation, index) =>
    reviewedFile(
      { index, operation, own: agents.get(operation.realPath) ?? operation },
      () => resolvedText(proposal, operation, ledger),
      marks,
      ledger,
    ),
  );
}

/** A change by its place, or by what it is; null where there is none, or none any more. */
export function findReviewed(
  files: readonly ReviewedFile[],
  { operation, change, key }: ChangePlace,
): { readonly file: ReviewedFile; readonly change: MarkedChange } | null {
  for (const file of key === undefined ? files.slice(operation, operation + 1) : files) {
    const found =
      key === undefined ? file.changes[change] : file.changes.find((one) => one.key === key);
    if (found !== undefined) return { file, change: found };
  }
  return null;
}

interface File {
  readonly index: number;
  readonly operation: KeptOperation;
  /** As the agent has it. */
  readonly own: KeptOperation;
}

/** What the user first made of conflicts: the agent's text alone does not fit the file any more. */
function resolvedText(
  { proposalId, proposedRevision, revision }: Proposal,
  { realPath, baseSha256 }: KeptOperation,
  ledger: Ledger,
): string | null {
  for (let at = proposedRevision + 1; at <= revision; at++) {
    const found = ledger
      .operations(proposalId, at)
      .find((one) => one.realPath === realPath && one.baseSha256 === baseSha256);
    const text = found && textOf(found.newSha256, found, ledger);
    if (typeof text === 'string' && !hasConflictMarkers(text)) return text;
  }
  return null;
}

/** The places of files that the user wants nothing of: those that go as a whole, and new ones. */
export function declinedFiles(proposal: Proposal, ledger: Ledger): ReadonlySet<number> {
  const declined = reviewedFiles(proposal, ledger).filter(
    (file) =>
      file.changes.every(({ state }) => state === 'rejected') &&
      (file.changes[0]?.found === null ||
        (file.operation.baseSha256 === null && file.shown === '')),
  );
  return new Set(declined.map(({ index }) => index));
}

function reviewedFile(
  { index, operation, own }: File,
  resolved: () => string | null,
  marks: ReadonlyMap<string, ChangeMark>,
  ledger: Ledger,
): ReviewedFile {
  if (isTooLarge(operation, ledger)) {
    const changes = [wholeChange(operation, own, marks)];
    const texts = { isText: false, before: null, shown: null };
    return { index, operation, ...texts, changes, own: [] };
  }
  const texts = textsOf({ index, operation, own }, resolved, ledger);
  const isOnSame = operation.baseSha256 === own.baseSha256;
  const wanted = isOnSame ? String(own.newSha256) : sha256(Buffer.from(texts.agents ?? ''));
  const { isText, found, keys } = compared({ operation, wanted, texts }, marks);
  const changes = found?.changes.map((change, at): MarkedChange => {
    const key = keys[at] ?? '';
    const { mark = null, comment = '' } = marks.get(key) ?? {};
    return { found: change, key, comment, state: stateOf(change, mark) };
  });
  return {
    ...{ index, operation, isText },
    get before() {
      return texts.before;
    },
    get shown() {
      return texts.shown;
    },
    changes: changes ?? [wholeChange(operation, own, marks)],
    own: found?.own ?? [],
  };
}

/** Each read when it is asked for: of most files of a large proposal, none is. */
function textsOf({ operation, own }: File, resolved: () => string | null, ledger: Ledger): Texts {
  const before = once(() => textOf(operation.baseSha256, operation, ledger));
  const shown = once(() => textOf(operation.newSha256, operation, ledger));
  const agents = once(() => agentsText(operation, own, ledger) ?? resolved() ?? shown());
  return {
    get before() {
      return before();
    },
    get agents() {
      return agents();
    },
    get shown() {
      return shown();
    },
  };
}

function once<Thing>(read: () => Thing): () => Thing {
  let known: { readonly thing: Thing } | null = null;
  return () => (known ??= { thing: read() }).thing;
}

function stateOf({ found }: FoundChange, mark: ChangeMark['mark']): ChangeState {
  if (found === 'edited') return 'edited';
  if (found === 'out') return 'rejected';
  return mark === 'accepted' ? 'accepted' : 'open';
}

function wholeChange(
  operation: KeptOperation,
  own: KeptOperation,
  marks: ReadonlyMap<string, ChangeMark>,
): MarkedChange {
  const key = sha256(Buffer.from(JSON.stringify([operation.realPath, operation.op])));
  const { mark = null, comment = '' } = marks.get(key) ?? {};
  const isTyped = operation.baseSha256 === own.baseSha256 && operation.newSha256 !== own.newSha256;
  return { found: null, key, comment, state: mark ?? (isTyped ? 'edited' : 'open') };
}

/** What the agent wants on top of what the file is now; null where that cannot be said. */
export function agentsText(
  shown: KeptOperation,
  own: KeptOperation,
  ledger: Ledger,
): string | null {
  if (shown.baseSha256 === own.baseSha256) return textOf(own.newSha256, own, ledger);
  return rebasedText(own, shown.baseSha256, ledger);
}

function toFileChanges(file: ReviewedFile, ledger: Ledger): FileChanges {
  const { index, operation, isText, changes, own } = file;
  const { displayPath, realPath, to, baseSha256, newSha256 } = operation;
  const written = baseSha256 === null ? 'create' : 'edit';
  return {
    operation: index,
    path: displayPath,
    realPath,
    to: to?.displayPath ?? null,
    kind: newSha256 === null ? 'delete' : to === null ? written : 'move',
    isText,
    tooLarge: drawDiff(operation, ledger).tooLarge,
    changes: changes.map((change, at) => toChangeView(file, change, at)),
    own,
  };
}

function toChangeView(file: ReviewedFile, change: MarkedChange, at: number): ChangeView {
  const { found, key, state, comment } = change;
  const place = { operation: file.index, change: at, key, state, comment };
  if (found !== null) {
    const { removed, added } = found.change;
    return {
      ...place,
      whole: false,
      base: found.old,
      shown: found.at,
      removed: removed.map(withoutEnd),
      added: added.map(withoutEnd),
    };
  }
  const { before, shown, operation } = file;
  const [old, now] = [linesOf(before ?? ''), linesOf(shown ?? '')];
  const isSame = before === shown;
  return {
    ...place,
    whole: true,
    base: { start: 0, end: old.length },
    shown: { start: 0, end: now.length },
    removed: isSame ? [] : old.map(withoutEnd),
    added: isSame || operation.newSha256 === null ? [] : now.map(withoutEnd),
  };
}
