import { join } from 'node:path';
import { createDiskWorkspace } from '../../../src/workspace/disk.ts';
import { FakeEditor } from '../../support/fake-editor.ts';

/** Tries what its user may not do in the folder named, and prints what became of it. */
const [, , folder = ''] = process.argv;
const at = (path: string): string => join(folder, path);
const disk = createDiskWorkspace(new FakeEditor([{ name: 'p', path: folder }]));
const fine = (): Promise<void> => Promise.resolve();
const bytes = new TextEncoder().encode('new');

const tried: [what: string, run: () => Promise<unknown>][] = [
  ['read a.txt', () => disk.read(at('a.txt'))],
  ['refuseReadOnly a.txt', () => disk.refuseReadOnly(at('a.txt'))],
  ['refuseReadOnly sub/b.txt', () => disk.refuseReadOnly(at('sub/b.txt'))],
  ['replace sub/b.txt', () => disk.replace(at('sub/b.txt'), bytes, fine)],
  ['create sub/new.txt', () => disk.create(at('sub/new.txt'), bytes, '100644', fine)],
  ['remove sub/b.txt', () => disk.remove(at('sub/b.txt'), fine)],
  ['move sub/b.txt', () => disk.move(at('sub/b.txt'), at('b.txt'), fine)],
  ['read sub/b.txt', () => disk.read(at('sub/b.txt'))],
  ['create new.txt', () => disk.create(at('new.txt'), bytes, '100644', fine)],
];
const answers: Record<string, string> = {};
for (const [what, run] of tried) {
  answers[what] = await run().then(
    () => 'done',
    (error: unknown) => String(error),
  );
}
process.stdout.write(JSON.stringify(answers));
