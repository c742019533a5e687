import * as vscode from 'vscode';
import type { ThreadView } from '../shared/thread-view.ts';
import { CONTEXT_KEYS } from './ids.ts';

/** Events after which a thread stands elsewhere. */
export const TELLING: ReadonlySet<string> = new Set(['status', 'owner', 'at']);

/** Keeps the context keys true to the thread that the panel shows; null: a new one. */
export function tellWhere(view: Pick<ThreadView, 'status' | 'elsewhere'> | null): void {
  const own = view?.elsewhere === false ? view.status : null;
  const keys: [string, boolean][] = [
    [CONTEXT_KEYS.running, own === 'running'],
    [CONTEXT_KEYS.paused, own === 'paused'],
    [CONTEXT_KEYS.elsewhere, view?.elsewhere === true],
    [CONTEXT_KEYS.threadShown, view !== null],
  ];
  for (const [key, value] of keys) void vscode.commands.executeCommand('setContext', key, value);
}
