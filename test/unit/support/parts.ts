import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Audit, createAudit } from '../../../src/approval/audit.ts';
import { POLICY_VERSION } from '../../../src/approval/envelope.ts';
import { type Executor, createExecutor } from '../../../src/approval/executor.ts';
import { type Ledger, createLedger } from '../../../src/approval/ledger.ts';
import type { FileChange } from '../../../src/approval/operation.ts';
import type { Proposal } from '../../../src/approval/proposal.ts';
import { createBlobStore } from '../../../src/checkpoint/blobs.ts';
import { type Database, openDatabase } from '../../../src/checkpoint/database.ts';
import type { Decision } from '../../../src/shared/decision.ts';
import { createDiskWorkspace } from '../../../src/workspace/disk.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/workspace/file-system.ts';
import { gatePath } from '../../../src/workspace/path-gate.ts';
import type { Workspace } from '../../../src/workspace/port.ts';
import { type Leases, UNGUARDED } from '../../../src/checkpoint/leases.ts';
import { makeFolder } from '../../support/core.ts';
import { FakeEditor } from '../../support/fake-editor.ts';
import { makeStorage } from '../../support/storage-folder.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What each file shall become; null deletes it. */
export type Wanted = Record<string, string | Uint8Array | null>;

/** Ledger, executor and workspace on real folders, without an agent. */
export interface Parts {
  readonly folder: string;
  readonly storage: string;
  readonly database: Database;
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly workspace: Workspace;
  readonly executor: Executor;
  readonly editor: FakeEditor;
  /** The head of the audit, as it is kept elsewhere. */
  readonly head: { value: string | null };
  at(path: string): string;
  change(path: string, next: string | Uint8Array | null): Promise<FileChange>;
  /** Freezes changes of files as they are on disk now. */
  freeze(wanted: Wanted): Promise<Proposal>;
  /** Freezes, and shows under an interrupt of its own. */
  propose(wanted: Wanted): Promise<Proposal>;
  decide(proposalId: string, decision: Decision): Promise<'taken' | 'tooLate' | 'changed'>;
  /** A proposal that is approved; its id. */
  approved(wanted: Wanted): Promise<string>;
  find(proposalId: string): Proposal;
  close(): void;
}

export interface PartsOptions {
  readonly folder?: string;
  readonly storage?: string;
  readonly files?: FileSystem;
  readonly policyVersion?: number;
  /** How long a transaction waits for a lock, in milliseconds. */
  readonly patience?: number;
  readonly leases?: Pick<Leases, 'guard'>;
  readonly now?: () => number;
  /** Puts something between the database and those who use it. */
  readonly wrap?: (database: Database) => Database;
}

let calls = 0;

export function makeParts(
  files: Record<string, string | Uint8Array>,
  options: PartsOptions = {},
): Parts {
  const folder = options.folder ?? makeFolder(files);
  const storage = options.storage ?? makeStorage();
  const { now = () => 1, policyVersion = POLICY_VERSION } = options;
  const { patience = 30_000, leases = UNGUARDED } = options;
  const opened = openDatabase(storage, { patience });
  const database = options.wrap?.(opened) ?? opened;
  const head: { value: string | null } = { value: null };
  const audit = createAudit(database, now, {
    read: () => head.value,
    write: (value) => {
      head.value = value;
    },
  });
  const blobs = createBlobStore(database);
  const owner = `test-${calls++}`;
  const ledger = createLedger({
    database,
    blobs,
    audit,
    now,
    owner,
    policyVersion,
    leases,
  });
  const editor = new FakeEditor([{ name: 'p', path: folder }]);
  const workspace = createDiskWorkspace(editor, options.files ?? nodeFileSystem);
  const executor = createExecutor({ ledger, workspace, policyVersion });
  const find = (proposalId: string): Proposal => {
    const found = ledger.find(proposalId);
    if (found === null) throw new Error(`No proposal ${proposalId}`);
    return found;
  };
  const parts: Parts = {
    ...{ folder, storage, database, audit, ledger, workspace, executor, editor, head, find },
    at: (path) => join(folder, path),
    async change(path, next) {
      const { realPath, displayPath } = await gatePath(workspace.folders(), path);
      const base = await workspace.read(realPath);
      const facts = await workspace.facts(realPath);
      const mode = facts?.mode ?? '100644';
      return {
        ...{ realPath, displayPath, base, mode },
        next: typeof next === 'string' ? bytesOf(next) : next,
      };
    },
    async freeze(wanted) {
      const changes = await Promise.all(
        Object.entries(wanted).map(([path, next]) => parts.change(path, next)),
      );
      return ledger.freeze({ threadId: 't', toolCallId: `c${calls++}` }, 'edit', changes);
    },
    async propose(wanted) {
      const { proposalId } = await parts.freeze(wanted);
      await ledger.ask(proposalId, `interrupt-${proposalId}`, true);
      return find(proposalId);
    },
    decide: (proposalId, decision) =>
      ledger.decide(proposalId, find(proposalId).shown?.effectHash ?? '', decision),
    async approved(wanted) {
      const { proposalId } = await parts.propose(wanted);
      await parts.decide(proposalId, { kind: 'approve' });
      return proposalId;
    },
    close() {
      database.close();
      for (const path of [folder, storage]) rmSync(path, { recursive: true, force: true });
    },
  };
  return parts;
}

/** Every entry below a folder, with the text of files. */
export function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? `${path}: ${readFileSync(path, 'utf8')}` : path;
    })
    .toSorted();
}
