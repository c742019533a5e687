import type * as vscode from 'vscode';
import type { AuditHead } from '../approval/audit.ts';
import type { HistoryMarker, StorageWay } from '../shared/storage.ts';
import { isStorageProblem } from '../shared/storage.ts';
import type * as CoreModule from '../threads/core.ts';
import type { Core } from '../threads/core.ts';
import { wait } from './pause.ts';

const AUDIT_HEAD = 'countersign.auditHead';
const HISTORY = 'countersign.history';

/** How long an opening waits for the lock of another program, and how often it looks, in milliseconds. */
const LOCK_PATIENCE = 30_000;
const LOCK_PAUSE = 250;

/** Tries again while another program keeps the file locked. */
export async function patiently(open: () => Core, isClosed: () => boolean): Promise<Core> {
  const deadline = performance.now() + LOCK_PATIENCE;
  for (;;) {
    try {
      return open();
    } catch (error) {
      const waits = isStorageProblem(error) && error.trouble === 'locked' && !isClosed();
      if (!waits || performance.now() > deadline) throw error;
    }
    await wait(LOCK_PAUSE);
  }
}

interface Place {
  readonly folder: string;
  readonly marker: HistoryMarker;
  readonly aside: string;
}

/** Does what a way on asks for, before the database is opened again. */
export function recover(core: typeof CoreModule, way: StorageWay, place: Place): void {
  const { folder, marker, aside } = place;
  if (way === 'restoreBackup') core.restoreBackup(folder, marker, aside);
  if (way === 'startFresh') core.startFresh(folder, marker, aside);
  if (way === 'useFound') core.useFound(folder, marker);
}

export function auditHeadIn(memory: vscode.Memento): AuditHead {
  return {
    read: () => memory.get<string>(AUDIT_HEAD) ?? null,
    write: (head) => void memory.update(AUDIT_HEAD, head),
  };
}

export function markerIn(memory: vscode.Memento): HistoryMarker {
  return {
    read: () => memory.get<string>(HISTORY) ?? null,
    write: (databaseId) => void memory.update(HISTORY, databaseId),
  };
}
