import { config as configureL10n } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { makeGraph } from '../agent/graph.ts';
import type { ReadServerSettings } from '../agent/models/openai.ts';
import { type ModelSource, createModelSource } from '../agent/models/source.ts';
import { type Audit, type AuditHead, createAudit } from '../approval/audit.ts';
import { POLICY_VERSION } from '../approval/envelope.ts';
import { createExecutor } from '../approval/executor.ts';
import { type Ledger, createLedger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import { titleOf, toReviewView } from '../approval/review.ts';
import { createBlobStore } from '../checkpoint/blobs.ts';
import { type OpenOptions, openDatabase } from '../checkpoint/database.ts';
import { LOW_SPACE, freeSpace } from '../checkpoint/free-space.ts';
import { CheckpointSaver } from '../checkpoint/saver.ts';
import { type ThreadIndex, createThreadIndex } from '../checkpoint/thread-index.ts';
import { createQueue } from '../shared/queue.ts';
import type { HistoryMarker, StorageMode, StorageProblem } from '../shared/storage.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { createDiskWorkspace } from '../workspace/disk.ts';
import type { EditorState } from '../workspace/port.ts';
import { inertExecutor, readOnlyThreads, watchSpace } from './restricted.ts';
import { type Threads, createThreads } from './threads.ts';

export { restoreBackup, startFresh, useFound } from '../checkpoint/recovery.ts';

/** What the core needs of its surroundings: an editor, a server, a test. */
export interface CoreDeps {
  /** Where the database is, or will be. */
  readonly storageFolder: string;
  readonly editor: EditorState;
  /** Keeps the head of the audit away from the database. */
  readonly auditHead: AuditHead;
  /** Version of the rules; the current one if not given. */
  readonly policyVersion?: number;
  /** How long a write waits for another program's lock on the database, in milliseconds. */
  readonly patience?: number;
  /** How the database is opened; normally if not given. */
  readonly storageMode?: StorageMode;
  /** Keeps, away from the database, which history belongs here. */
  readonly marker?: HistoryMarker;
  /** Gets what is found to be wrong with the database while it is in use. */
  readonly onStorageProblem?: (problem: StorageProblem) => void;
  /** How many bytes are free for the database; the file system says it if this is not given. */
  readonly freeSpace?: () => Promise<number>;
  /** Gets, before a run starts, how many bytes are free, and whether it may need more. */
  readonly onSpace?: (free: number, isLow: boolean) => void;
  /** Gets every error that nobody foresaw. */
  readonly log: (error: unknown) => void;
  /** Translations by their English text. */
  readonly strings: Record<string, string | { message: string; comment: string[] }>;
}

/** The whole agent, from the database to the threads API, without a surface. */
export interface Core {
  readonly threads: Threads;
  /** A frozen proposal, or null where there is none of that id. */
  proposal(proposalId: string): Proposal | null;
  /** What a card shows of it as it stands now, or null where there is none of that id. */
  review(proposalId: string): { readonly title: string; readonly review: ReviewView } | null;
  /** The bytes behind a hash of a proposal. */
  bytes(sha256: string): Uint8Array;
  readonly audit: Pick<Audit, 'verify' | 'rows'>;
  close(): Promise<void>;
}

/**
 * The core with the model that the settings name, else the demo.
 * @throws UserFacingError if the database cannot be opened
 */
export function openCore(deps: CoreDeps, readServerSettings: ReadServerSettings): Core {
  return assembleCore(deps, createModelSource(readServerSettings));
}

/** How long a deleted thread can be brought back, in milliseconds. */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

/** The core with any model. */
export function assembleCore(deps: CoreDeps, model: ModelSource): Core {
  configureL10n({ contents: deps.strings });
  const { storageMode = 'normal' } = deps;
  const database = openDatabase(deps.storageFolder, openOptions(deps));
  const now = (): number => Date.now();
  const policyVersion = deps.policyVersion ?? POLICY_VERSION;
  const blobs = createBlobStore(database);
  const audit = createAudit(database, now, storageMode === 'normal' ? deps.auditHead : noHead());
  const owner = randomUUID();
  const ledger = createLedger({ database, blobs, audit, now, owner, policyVersion });
  const workspace = createDiskWorkspace(deps.editor);
  const performing = createExecutor({ ledger, workspace, policyVersion });
  const recorded = storageMode === 'normal';
  const executor = recorded ? performing : inertExecutor(performing);
  const saver = new CheckpointSaver(database);
  const acting = { workspace, ledger, executor, proposing: createQueue(), recorded };
  const agent = makeGraph({ ...acting, model, checkpointer: saver });
  const index = createThreadIndex(database, now);
  if (recorded) purgeDeleted(now() - KEPT_FOR, { index, ledger, saver }).catch(deps.log);
  const created = createThreads({ ...acting, agent, saver, index, log: deps.log });
  const threads = restrict(created, deps);
  return {
    threads,
    audit,
    proposal: (proposalId) => ledger.find(proposalId),
    review(proposalId) {
      const found = ledger.find(proposalId);
      return found && { title: titleOf(found), review: toReviewView(found, ledger) };
    },
    bytes: (sha256) => ledger.bytes(sha256),
    async close() {
      await threads.close();
      database.close();
    },
  };
}

function openOptions({ patience, storageMode, marker, onStorageProblem }: CoreDeps): OpenOptions {
  return {
    ...(patience === undefined ? {} : { patience }),
    ...(storageMode === undefined ? {} : { mode: storageMode }),
    ...(marker === undefined ? {} : { marker }),
    ...(onStorageProblem === undefined ? {} : { onProblem: onStorageProblem }),
  };
}

/** What is in a copy, or kept nowhere, has no place in what is known of the real audit. */
function noHead(): AuditHead {
  let head: string | null = null;
  return {
    read: () => head,
    write: (next) => {
      head = next;
    },
  };
}

function restrict(threads: Threads, deps: CoreDeps): Threads {
  const { storageMode = 'normal', storageFolder, onSpace, log } = deps;
  if (storageMode === 'readOnly') return readOnlyThreads(threads);
  if (storageMode === 'inMemory' || onSpace === undefined) return threads;
  const free = deps.freeSpace ?? ((): Promise<number> => freeSpace(storageFolder));
  return watchSpace(threads, async () => {
    try {
      const bytes = await free();
      onSpace(bytes, bytes < LOW_SPACE);
    } catch (error) {
      log(error);
    }
  });
}

interface Stores {
  readonly index: ThreadIndex;
  readonly ledger: Ledger;
  readonly saver: CheckpointSaver;
}

/** Removes for good what was deleted before a time. */
async function purgeDeleted(before: number, { index, ledger, saver }: Stores): Promise<void> {
  for (const threadId of index.deletedBefore(before)) {
    await saver.deleteThread(threadId);
    await ledger.forget(threadId);
    await index.purge(threadId);
  }
}
