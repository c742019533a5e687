import { config as configureL10n } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { makeGraph } from '../agent/graph.ts';
import type { ReadServerSettings } from '../agent/models/openai.ts';
import { type ModelSource, createModelSource } from '../agent/models/source.ts';
import { type Audit, type AuditHead, createAudit } from '../approval/audit.ts';
import { POLICY_VERSION } from '../approval/envelope.ts';
import { createExecutor } from '../approval/executor.ts';
import { createLedger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import { titleOf, toReviewView } from '../approval/review.ts';
import { createBlobStore } from '../checkpoint/blobs.ts';
import { openDatabase } from '../checkpoint/database.ts';
import { createLeases } from '../checkpoint/leases.ts';
import { type Living, createLiving } from '../checkpoint/living.ts';
import { watchOtherWindows } from '../checkpoint/other-windows.ts';
import { CheckpointSaver } from '../checkpoint/saver.ts';
import { createThreadIndex } from '../checkpoint/thread-index.ts';
import { createQueue } from '../shared/queue.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { createDiskWorkspace } from '../workspace/disk.ts';
import type { EditorState } from '../workspace/port.ts';
import { type MaintenanceDeps, type Storage, lookAfter } from './storage.ts';
import { type Threads, createThreads } from './threads.ts';

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
  /** Tells which windows are alive; by the locks that they hold if not given. */
  readonly living?: (folder: string, owner: string) => Living;
  /** What looks after the database while nobody waits; nothing does without. */
  readonly maintenance?: MaintenanceDeps;
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
  readonly storage: Storage;
  close(): Promise<void>;
}

/**
 * The core with the model that the settings name, else the demo.
 * @throws UserFacingError if the database cannot be opened
 */
export function openCore(deps: CoreDeps, readServerSettings: ReadServerSettings): Core {
  return assembleCore(deps, createModelSource(readServerSettings));
}

/** The core with any model. */
export function assembleCore(deps: CoreDeps, model: ModelSource): Core {
  configureL10n({ contents: deps.strings });
  const { patience } = deps;
  const database = openDatabase(deps.storageFolder, patience === undefined ? {} : { patience });
  const now = (): number => Date.now();
  const policyVersion = deps.policyVersion ?? POLICY_VERSION;
  const blobs = createBlobStore(database);
  const audit = createAudit(database, now, deps.auditHead);
  const owner = randomUUID();
  const living = (deps.living ?? createLiving)(deps.storageFolder, owner);
  const leases = createLeases(database, owner, living);
  leases.releaseDead().catch(deps.log);
  const ledger = createLedger({ database, blobs, audit, now, owner, policyVersion, leases });
  const workspace = createDiskWorkspace(deps.editor);
  const executor = createExecutor({ ledger, workspace, policyVersion });
  const saver = new CheckpointSaver(database, leases);
  const acting = { workspace, ledger, executor, proposing: createQueue() };
  const agent = makeGraph({ ...acting, model, checkpointer: saver });
  const index = createThreadIndex(database, now);
  const threads = createThreads({
    ...acting,
    ...{ agent, saver, index, leases, log: deps.log },
    watch: (onLook) => watchOtherWindows(database, onLook),
  });
  const storage = lookAfter({ ...deps, database, threads, now });
  return {
    threads,
    audit,
    storage,
    proposal: (proposalId) => ledger.find(proposalId),
    review(proposalId) {
      const found = ledger.find(proposalId);
      return found && { title: titleOf(found), review: toReviewView(found, ledger) };
    },
    bytes: (sha256) => ledger.bytes(sha256),
    async close() {
      await threads.close();
      await storage.close();
      await leases.releaseAll().catch(deps.log);
      living.close();
      database.close();
    },
  };
}
