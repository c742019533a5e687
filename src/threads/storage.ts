import { t } from '@vscode/l10n';
import type { Database } from '../checkpoint/database.ts';
import { createMaintenance } from '../checkpoint/maintenance-worker.ts';
import type { Retention } from '../checkpoint/retention.ts';
import type { StorageUse } from '../checkpoint/sizes.ts';
import type { TidyResult } from '../checkpoint/tidy.ts';
import { after } from '../checkpoint/timing.ts';
import { createUpkeep } from '../checkpoint/upkeep.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Threads } from './threads.ts';

export interface MaintenanceDeps {
  /** Of the code of the maintenance worker. */
  readonly path: string;
  /** What the user wants to keep, as it is set now. */
  readonly retention: () => Retention;
  readonly onTidied: (result: TidyResult) => void;
}

/** Where everything is stored, and how much it is. */
export interface Storage {
  /** Of the database file. */
  readonly path: string;
  use(): Promise<StorageUse>;
}

export interface LookAfterDeps {
  readonly storageFolder: string;
  readonly maintenance?: MaintenanceDeps;
  readonly database: Database;
  readonly threads: Threads;
  readonly onDamaged: (cause: string) => void;
  readonly now: () => number;
  readonly log: (error: unknown) => void;
}

/** Has the database looked after in times in which no agent works. */
export function lookAfter(deps: LookAfterDeps): Storage & { close(): Promise<void> } {
  const { storageFolder, maintenance: given, database, threads } = deps;
  const { path } = database;
  if (given === undefined) {
    const message = t('Sizes are not known without the maintenance worker.');
    return {
      path,
      use: () => Promise.reject(new UserFacingError('notReady', message)),
      close: () => Promise.resolve(),
    };
  }
  const maintenance = createMaintenance(given.path, storageFolder);
  const running = new Set<string>();
  const upkeep = createUpkeep({
    ...{ ...given, database, maintenance, after, now: deps.now, log: deps.log },
    onDamaged: deps.onDamaged,
    loaded: () => threads.loadedIds(),
    isBusy: () => running.size > 0,
  });
  threads.onEvent(({ threadId, event }) => {
    if (event.kind !== 'status') return;
    const ran = running.delete(threadId);
    const runs = event.status === 'running';
    if (runs) running.add(threadId);
    if (ran && !runs) upkeep.runEnded(threadId);
    if (ran !== runs) upkeep.busyChanged();
  });
  return {
    path,
    use: () => maintenance.run('sizes', null),
    close: () => upkeep.close(),
  };
}
