import { hostname } from 'node:os';
import type { Database } from '../checkpoint/database.ts';
import { identityOf } from '../checkpoint/inspect.ts';
import { watchOtherWindows } from '../checkpoint/other-windows.ts';
import type { SharedHistory, SharedParts } from '../checkpoint/shared-history.ts';
import { isListed } from '../checkpoint/thread-index.ts';
import type { Disposable } from '../shared/lifecycle.ts';
import type { EditorState } from '../workspace/port.ts';
import { type StandingDeps, restingAt } from './standing.ts';

export interface SharingDeps {
  readonly own: SharedParts;
  readonly database: Pick<Database, 'get'>;
  readonly editor: EditorState;
  /** Asked for only once threads are. */
  readonly standing: () => StandingDeps;
}

/** This machine's threads, with those that it shares, if it does. */
export function joinShared(
  shared: SharedHistory | null,
  { own, database, editor, standing }: SharingDeps,
): SharedParts {
  if (shared === null) return own;
  const folders = editor.folders().map(({ path }) => path);
  return shared.join({
    ...own,
    home: identityOf(database),
    host: [hostname(), ...folders].join(' '),
    isLocal: (threadId) => isListed(database, threadId),
    restingAt: (threadId) => restingAt(standing(), threadId),
  });
}

/** Opens with what is shared, which is closed if that fails: its connections would keep a process alive. */
export async function openWith<T>(
  shared: SharedHistory | null,
  open: (shared: SharedHistory | null) => T | Promise<T>,
): Promise<T> {
  try {
    return await open(shared);
  } catch (error) {
    await shared?.close();
    throw error;
  }
}

/** Tells again and again whether another window or host has stored anything. */
export function watchOthers(
  database: Pick<Database, 'get'>,
  shared: SharedHistory | null,
  onLook: (changed: boolean) => void,
): Disposable {
  return watchOtherWindows(database, (changed) => {
    const hasNews = shared?.takeNews() ?? false;
    onLook(changed || hasNews);
  });
}
