import { basename } from 'node:path';
import type { EditorState } from './port.ts';

/** A folder that no editor is open on: nothing is known of its files but what is on the disk. */
export function withoutEditor(folder: string): EditorState {
  return {
    folders: () => [{ name: basename(folder), path: folder }],
    trusted: () => true,
    hasUnsavedChanges: () => false,
    document: () => Promise.resolve(null),
    replaceText: () => Promise.resolve('unsuited'),
    moveToTrash: () => Promise.resolve(false),
  };
}
