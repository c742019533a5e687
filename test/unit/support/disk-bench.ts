import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createDiskWorkspace } from '../../../src/workspace/disk.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/workspace/file-system.ts';
import type { Check, Workspace } from '../../../src/workspace/port.ts';
import { FakeEditor } from '../../support/fake-editor.ts';

/** A folder of files, an editor on it, and the workspace that changes them. */
export interface DiskBench {
  readonly folder: string;
  readonly editor: FakeEditor;
  readonly disk: Workspace;
  readonly at: (path: string) => string;
  /** Every entry below the folder, sorted. */
  all(): string[];
  close(): void;
}

export function makeDisk(
  contents: Readonly<Record<string, string | Uint8Array>>,
  { files = nodeFileSystem, parent = tmpdir() }: { files?: FileSystem; parent?: string } = {},
): DiskBench {
  const folder = realpathSync(mkdtempSync(join(parent, 'countersign-disk-')));
  const at = (path: string): string => join(folder, path);
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  }
  const editor = new FakeEditor([{ name: 'p', path: folder }]);
  return {
    folder,
    editor,
    disk: createDiskWorkspace(editor, files),
    at,
    all: () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted(),
    close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);
export const fine: Check = () => Promise.resolve();
export const stop: Check = () => Promise.reject(new Error('stopped'));
