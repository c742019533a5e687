import { config as configureL10n } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { makeGraph } from '../agent/graph.ts';
import type { ClassifierSource } from '../agent/guard/classifier.ts';
import type { ReadServerSettings } from '../agent/models/openai.ts';
import {
  type ModelSource,
  createClassifierSource,
  createModelSource,
} from '../agent/models/source.ts';
import { type Audit, type AuditHead, createAudit } from '../approval/audit.ts';
import { auditJson, auditMarkdown, verdictText } from '../approval/audit-export.ts';
import type { Confirm } from '../approval/confirming.ts';
import { POLICY_VERSION } from '../approval/envelope.ts';
import { createExecutor } from '../approval/executor.ts';
import { type Ledger, createLedger } from '../approval/ledger.ts';
import { changesOfProposal } from '../approval/proposal-changes.ts';
import type { Proposal } from '../approval/proposal.ts';
import { toReviewView } from '../approval/review.ts';
import type { CommandRunner } from '../approval/run-command.ts';
import { sinceRejected } from '../approval/since.ts';
import { titleOf } from '../approval/title.ts';
import { createBlobStore } from '../checkpoint/blobs.ts';
import { type OpenOptions, openDatabase } from '../checkpoint/database.ts';
import { LOW_SPACE, freeSpace } from '../checkpoint/free-space.ts';
import { createBreakpointStore } from '../checkpoint/breakpoints.ts';
import { createLeases } from '../checkpoint/leases.ts';
import { type Living, alone, createLiving } from '../checkpoint/living.ts';
import { createPlanStore } from '../checkpoint/plan-store.ts';
import type { connectPostgres } from '../checkpoint/postgres/connect.ts';
import { CheckpointSaver } from '../checkpoint/saver.ts';
import type { SharedHistory } from '../checkpoint/shared-history.ts';
import { damaged } from '../checkpoint/trouble.ts';
import { createThreadIndex } from '../checkpoint/thread-index.ts';
import { type Breakpoints, NO_BREAKPOINTS } from '../shared/breakpoints.ts';
import type { ProposalChanges, SinceRejected } from '../shared/change-view.ts';
import { createQueue } from '../shared/queue.ts';
import type { HistoryMarker, StorageMode, StorageProblem } from '../shared/storage.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { createDiskWorkspace } from '../workspace/disk.ts';
import type { EditorState } from '../workspace/port.ts';
import { joinShared, watchOthers } from './sharing.ts';
import type { StandingDeps } from './standing.ts';
import { inertExecutor, readOnlyThreads, watchSpace } from './restricted.ts';
import { type MaintenanceDeps, type Storage, lookAfter } from './storage.ts';
import { type Threads, createThreads } from './threads.ts';

export { restoreBackup, startFresh, useFound } from '../checkpoint/recovery.ts';
export { openWith } from './sharing.ts';

/** What the core needs of its surroundings: an editor, a server, a test. */
export interface CoreDeps {
  /** Where the database is, or will be. */
  readonly storageFolder: string;
  readonly editor: EditorState;
  /** Keeps the head of the audit away from the database. */
  readonly auditHead: AuditHead;
  /**
   * Asks the person about what an approval could not take back. Without it, nothing of the kind can
   * be approved.
   */
  readonly confirm?: Confirm;
  /** Runs approved commands; without it, each fails and nothing is run. */
  readonly runner?: CommandRunner;
  /** Version of the rules; the current one if not given. */
  readonly policyVersion?: number;
  /** The model that checks messages before the agent gets them; without it, only rules do. */
  readonly classifier?: ClassifierSource;
  /** How long a write waits for another program's lock on the database, in milliseconds. */
  readonly patience?: number;
  /** Tells which windows are alive; by the locks that they hold if not given. */
  readonly living?: (folder: string, owner: string) => Living;
  /** What looks after the database while nobody waits; nothing does without. */
  readonly maintenance?: MaintenanceDeps;
  /** Threads that are shared with other hosts; closed with the core. Only where the database is opened normally. */
  readonly shared?: SharedHistory | null;
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
  /** Where the runs of every thread stop; nowhere if not given. */
  readonly breakpoints?: () => Breakpoints;
  /** Gets every error that nobody foresaw. */
  readonly log: (error: unknown) => void;
  /** Translations by their English text. */
  readonly strings: Record<string, string | { message: string; comment: string[] }>;
}

/** The record of decisions and effects, to be checked, and to be taken along as text. */
export interface ReadableAudit extends Pick<Audit, 'verify' | 'rows'> {
  /** What `verify` finds, in words. */
  verdict(): { readonly holds: boolean; readonly text: string };
  text(form: 'markdown' | 'json'): string;
}

/** The whole agent, from the database to the threads API, without a surface. */
export interface Core {
  readonly threads: Threads;
  /** A frozen proposal, or null where there is none of that id. */
  proposal(proposalId: string): Proposal | null;
  /** What a card shows of it as it stands now, or null where there is none of that id. */
  review(proposalId: string): { readonly title: string; readonly review: ReviewView } | null;
  /** Every change of it, or null unless it waits for the decision on files. */
  changes(proposalId: string): ProposalChanges | null;
  /** Beside the newest proposal about one of its files that was rejected; null if none was. */
  since(proposalId: string): SinceRejected | null;
  /** The bytes behind a hash of a proposal. */
  bytes(sha256: string): Uint8Array;
  readonly audit: ReadableAudit;
  readonly storage: Storage;
  close(): Promise<void>;
}

/**
 * The core with the model that the settings name, else the demo.
 * @throws UserFacingError if the database cannot be opened
 */
export function openCore(deps: CoreDeps, readServerSettings: ReadServerSettings): Core {
  const classifier = createClassifierSource(readServerSettings);
  return assembleCore({ ...deps, classifier }, createModelSource(readServerSettings));
}

/** Loads what it takes to share threads in a PostgreSQL database, and connects to it. */
export async function connectShared(
  ...[url, options]: Parameters<typeof connectPostgres>
): Promise<SharedHistory> {
  return (await import('../checkpoint/postgres/connect.ts')).connectPostgres(url, options);
}

/** The core with any model. */
export function assembleCore(deps: CoreDeps, model: ModelSource): Core {
  configureL10n({ contents: deps.strings });
  const { storageMode = 'normal', classifier = () => Promise.resolve(null) } = deps;
  const database = openDatabase(deps.storageFolder, openOptions(deps));
  const now = (): number => Date.now();
  const policyVersion = deps.policyVersion ?? POLICY_VERSION;
  const blobs = createBlobStore(database);
  const audit = createAudit(database, now, storageMode === 'normal' ? deps.auditHead : noHead());
  const owner = randomUUID();
  const recorded = storageMode === 'normal';
  const living = (recorded ? (deps.living ?? createLiving) : alone)(deps.storageFolder, owner);
  const ownLeases = createLeases(database, owner, living);
  ownLeases.releaseDead().catch(deps.log);
  const { shared = null } = recorded ? deps : {};
  const { saver, leases, index } = joinShared(shared, {
    own: {
      ...{ leases: ownLeases, index: createThreadIndex(database, now) },
      saver: new CheckpointSaver(database, ownLeases),
    },
    ...{ database, editor: deps.editor, standing: () => standing },
  });
  const ledger = createLedger({ database, blobs, audit, now, owner, policyVersion, leases });
  const workspace = createDiskWorkspace(deps.editor);
  const performing = createExecutor({ ledger, workspace, policyVersion, runner: deps.runner });
  const executor = recorded ? performing : inertExecutor(performing);
  const acting = { workspace, ledger, executor, proposing: createQueue(), recorded };
  const agent = makeGraph({ ...acting, model, classifier, checkpointer: saver });
  const breakpoints = createBreakpointStore(database, leases);
  const standing: StandingDeps = { agent, saver, breakpoints };
  const created = createThreads({
    ...acting,
    ...{ agent, saver, index, leases, breakpoints, log: deps.log, confirm: deps.confirm ?? null },
    everywhere: deps.breakpoints ?? (() => NO_BREAKPOINTS),
    plans: createPlanStore(database, leases, now),
    watch: (onLook) => watchOthers(database, shared, onLook),
  });
  const threads = restrict(created, deps);
  const storage = lookAfter({
    ...deps,
    ...{ database, threads, now },
    onDamaged: (cause) => {
      deps.onStorageProblem?.(damaged(database.path, cause, deps.marker?.read() ?? null));
    },
  });
  return {
    threads,
    audit: readable(audit),
    storage,
    ...readingOf(ledger),
    async close() {
      shared?.leave();
      await threads.close();
      await storage.close();
      await leases.releaseAll().catch(deps.log);
      await shared?.close().catch(deps.log);
      living.close();
      database.close();
    },
  };
}

function readingOf(
  ledger: Ledger,
): Pick<Core, 'proposal' | 'review' | 'changes' | 'since' | 'bytes'> {
  return {
    proposal: (proposalId) => ledger.find(proposalId),
    review(proposalId) {
      const found = ledger.find(proposalId);
      return found && { title: titleOf(found), review: toReviewView(found, ledger) };
    },
    changes(proposalId) {
      const found = ledger.find(proposalId);
      return found && changesOfProposal(found, ledger);
    },
    since(proposalId) {
      const found = ledger.find(proposalId);
      return found && sinceRejected(found, ledger);
    },
    bytes: (sha256) => ledger.bytes(sha256),
  };
}

function readable(audit: Audit): ReadableAudit {
  const forms = { markdown: auditMarkdown, json: auditJson };
  return {
    verify: () => audit.verify(),
    rows: () => audit.rows(),
    verdict() {
      const verdict = audit.verify();
      return { holds: verdict.problem === null, text: verdictText(verdict) };
    },
    text: (form) => forms[form](audit.rows(), audit.verify()),
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
