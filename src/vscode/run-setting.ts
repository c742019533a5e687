import * as vscode from 'vscode';
import type { Breakpoints } from '../shared/breakpoints.ts';
import { SETTINGS } from './ids.ts';

/** Where the runs of every thread stop. Machine-scoped: no workspace can have them stop, or not stop. */
export function readBreakpoints(): Breakpoints {
  const value = vscode.workspace.getConfiguration().get<unknown>(SETTINGS.breakpoints);
  const names = (when: 'before' | 'after'): readonly string[] => {
    const found = (value as Partial<Record<typeof when, unknown>> | null | undefined)?.[when];
    return Array.isArray(found) ? found.filter((name) => typeof name === 'string') : [];
  };
  return { before: names('before'), after: names('after') };
}
