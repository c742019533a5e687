import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Executor, createExecutor } from '../../../src/approval/executor.ts';
import { type Ledger, createLedger } from '../../../src/approval/ledger.ts';
import type { Proposal } from '../../../src/approval/proposal.ts';
import { createBlobStore } from '../../../src/checkpoint/blobs.ts';
import { type Database, openDatabase } from '../../../src/checkpoint/database.ts';
import { createDiskWorkspace } from '../../../src/workspace/disk.ts';
import { gatePath } from '../../../src/workspace/path-gate.ts';
import type { Workspace } from '../../../src/workspace/port.ts';
import { makeFolder } from '../../support/core.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Ledger, executor and workspace on real folders, without an agent. */
export interface Parts {
  readonly folder: string;
  readonly storage: string;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly workspace: Workspace;
  readonly executor: Executor;
  readonly unsaved: Set<string>;
  /** Freezes a change of a file as it is on disk now; null deletes it. */
  propose(path: string, next: string | Uint8Array | null): Promise<Proposal>;
  close(): void;
}

export function makeParts(files: Record<string, string | Uint8Array>): Parts {
  const folder = makeFolder(files);
  const storage = makeFolder();
  const database = openDatabase(storage);
  const ledger = createLedger(database, createBlobStore(database), () => 1);
  const unsaved = new Set<string>();
  const workspace = createDiskWorkspace({
    folders: () => [{ name: 'p', path: folder }],
    hasUnsavedChanges: (path) => unsaved.has(path),
    moveToTrash: () => Promise.resolve(false),
  });
  let calls = 0;
  return {
    folder,
    storage,
    database,
    ledger,
    workspace,
    executor: createExecutor({ ledger, workspace }),
    unsaved,
    async propose(path, next) {
      const gated = await gatePath(workspace.folders(), path);
      return ledger.freeze({ threadId: 't', toolCallId: `c${calls++}` }, 'edit', {
        ...gated,
        base: await workspace.read(join(folder, path)),
        next: typeof next === 'string' ? bytesOf(next) : next,
      });
    },
    close() {
      database.close();
      for (const path of [folder, storage]) rmSync(path, { recursive: true, force: true });
    },
  };
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
