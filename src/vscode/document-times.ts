import type * as vscode from 'vscode';
import { openDocument } from './shown-files.ts';

/** When each document changed last, in milliseconds since 1970: the editor reads it again by that. */
export interface Times {
  of(uri: vscode.Uri, version: string): number;
  advance(uri: vscode.Uri, version: string): number;
}

export function createTimes(): Times {
  const times = new Map<string, { readonly version: string; readonly time: number }>();
  const advance = (uri: vscode.Uri, version: string): number => {
    const key = uri.toString();
    const before = times.get(key);
    if (before?.version === version) return before.time;
    const time = Math.max(Date.now(), (before?.time ?? 0) + 1);
    times.set(key, { version, time });
    return time;
  };
  return {
    advance,
    of(uri, version) {
      const before = times.get(uri.toString());
      // Over what the user typed, the editor would offer to overwrite; we know better what to ask.
      const typed = before !== undefined && openDocument(uri)?.isDirty === true;
      return typed ? before.time : advance(uri, version);
    },
  };
}
