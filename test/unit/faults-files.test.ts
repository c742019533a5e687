import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ToolError } from '../../src/shared/errors.ts';
import { createDiskWorkspace } from '../../src/workspace/disk.ts';
import { FileError } from '../../src/workspace/file-errors.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import {
  type Fault,
  type FileCall,
  type Plan,
  atCall,
  firstOf,
  fromCall,
  makeFaulty,
} from '../faults/faulty-files.ts';
import { PLACE } from '../support/place.ts';
import { type DiskBench, bytes, fine, makeDisk } from './support/disk-bench.ts';

const CODES = {
  ENOSPC: 'FS-01: no space is left on the disk',
  EDQUOT: 'FS-04: your quota on the disk is used up',
  EIO: 'FS-04: the disk reported an error',
  EROFS: 'FS-04: the disk is read-only',
  EMFILE: 'FS-04: too many files are open',
  ENFILE: 'FS-04: too many files are open',
  EINTR: 'FS-04: the system broke the operation off',
  EACCES: 'FS-04: the system does not permit it',
  EBUSY: 'FS-04: the file is in use',
  EXDEV: 'FS-22: it leads to another disk',
} as const;
const OLD = 'what the user had';
const NEW = 'what was approved, and is longer';
const FOLDER = '(folder)';
const START: Tree = { 'a.txt': OLD, sub: FOLDER, 'sub/b.txt': 'b' };

/** What is at each path, temporary files left out. */
type Tree = Readonly<Record<string, string>>;

interface Operation {
  readonly title: string;
  /** What the message names. */
  readonly names: string;
  run(bench: DiskBench): Promise<void>;
  readonly done: Tree;
  /** Faults of every run, beside the one that is tried. */
  readonly always?: Plan;
  /** How many bytes the message about a full disk names. */
  readonly needs: number;
}

const noLinks: Plan = ({ name }) => (name === 'link' ? { code: 'EPERM', when: 'before' } : null);
const otherDisk: Plan = ({ name, path }) =>
  name === 'link' && !isTemporary(path) ? { code: 'EXDEV', when: 'before' } : null;

const creating = {
  names: 'x/y/new.txt',
  run: ({ disk, at }: DiskBench) => disk.create(at('x/y/new.txt'), bytes(NEW), '100755', fine),
  done: { ...START, x: FOLDER, 'x/y': FOLDER, 'x/y/new.txt': NEW },
  needs: NEW.length,
};
const moving = {
  names: 'a.txt → x/moved.txt',
  run: ({ disk, at }: DiskBench) => disk.move(at('a.txt'), at('x/moved.txt'), fine),
  done: { sub: FOLDER, 'sub/b.txt': 'b', x: FOLDER, 'x/moved.txt': OLD },
  needs: OLD.length,
};

const OPERATIONS: readonly Operation[] = [
  { ...creating, title: 'a new file in new folders' },
  { ...creating, title: 'a new file where there are no links', always: noLinks },
  {
    title: 'a file replaced',
    names: 'a.txt',
    run: ({ disk, at }) => disk.replace(at('a.txt'), bytes(NEW), fine),
    done: { ...START, 'a.txt': NEW },
    needs: NEW.length,
  },
  { ...moving, title: 'FS-22: a file moved' },
  { ...moving, title: 'FS-22: a file moved to another disk', always: otherDisk },
  { ...moving, title: 'FS-22: a file moved where there are no links', always: noLinks },
  {
    title: 'FS-20: a file removed',
    names: 'a.txt',
    run: ({ disk, at }) => disk.remove(at('a.txt'), fine),
    done: { sub: FOLDER, 'sub/b.txt': 'b' },
    needs: 0,
  },
];

describe('when a call of the file system fails', () => {
  for (const operation of OPERATIONS) {
    describe(operation.title, () => {
      it('is done if none does', async () => {
        const { tree, error } = await runWith(operation, () => null);
        assert.deepEqual([tree, error], [operation.done, null]);
      });

      for (const [code, words] of Object.entries(CODES)) {
        it(`${words}: done or not at all, whichever call answers ${code}`, async () => {
          await atEachCall(operation, { code, when: 'before' }, async (ended, number) => {
            assertAllOrNothing(operation, ended);
            const call = ended.calls[number - 1];
            assertInWords(operation, code, ended.error, call);
            if (call?.name !== 'handle.write') return;
            const half = await runWith(operation, atCall(number, { code, when: 'partly' }));
            assertAllOrNothing(operation, half);
            assert.equal(half.temporaries, 0);
          });
        });
      }

      it('FS-04: nothing is lost if a call does its work and is reported as failed', async () => {
        for (const code of ['EIO', 'EINTR', 'ENOSPC']) {
          await atEachCall(operation, { code, when: 'after' }, ({ tree, error, calls }, number) => {
            const failed = calls[number - 1];
            if (error === null) assert.deepEqual(tree, operation.done);
            // Then a file may have two names, or be empty under the name that it was to have.
            else if (failed?.name !== 'link' && !isWritingInPlace(failed)) {
              assertIsOneOf(tree, [START, operation.done]);
            }
          });
        }
      });

      it('FS-04: nothing is lost if all calls fail from one on', async () => {
        for (const code of ['EIO', 'EROFS', 'ENOSPC']) {
          for (const when of ['before', 'partly', 'after'] as const) {
            for (let number = 1; ; number++) {
              const ended = await runWith(operation, fromCall(number, { code, when }));
              if (ended.error === null) assert.deepEqual(ended.tree, operation.done);
              if (ended.calls.length < number) break;
            }
          }
        }
      });
    });
  }
});

/** One run for each call of the operation, until none is left to fail. */
async function atEachCall(
  operation: Operation,
  fault: Fault,
  assertEnd: (ended: Ended, number: number) => Promise<void> | void,
): Promise<void> {
  for (let number = 1; ; number++) {
    const ended = await runWith(operation, atCall(number, fault));
    const failed = ended.calls[number - 1];
    if (failed === undefined) {
      assert.deepEqual([ended.tree, ended.error], [operation.done, null]);
      assert.ok(number > 3, 'there were calls');
      return;
    }
    try {
      await assertEnd(ended, number);
      // A file that could not be cleared away is the one thing that is left, and swept.
      const mayLeave = failed.name === 'unlink' && isTemporary(failed.path);
      assert.ok(ended.temporaries <= (mayLeave ? 1 : 0), 'a temporary file is left');
    } catch (error) {
      const what = `call ${number}, ${failed.name} ${failed.path}, ${fault.code} ${fault.when}`;
      throw new Error(what, { cause: error });
    }
  }
}

interface Ended {
  readonly tree: Tree;
  readonly temporaries: number;
  readonly error: unknown;
  readonly calls: readonly FileCall[];
}

/** In a fresh folder. At each call, as if the process ended there, nothing of the user is lost. */
async function runWith(operation: Operation, plan: Plan): Promise<Ended> {
  const calls: FileCall[] = [];
  const violations: unknown[] = [];
  const look = (): void => {
    try {
      assertNothingLost(operation, treeOf(bench), calls.some(isWritingInPlace));
    } catch (error) {
      violations.push(error);
    }
  };
  const watch: Plan = (call) => {
    const before = calls.at(-1)?.name ?? '';
    if (!/stat|read|sync|close/u.test(before)) look();
    calls.push(call);
    return null;
  };
  const always = operation.always ?? ((): null => null);
  const files = makeFaulty(nodeFileSystem, firstOf(watch, always, plan));
  const bench = makeDisk({ 'a.txt': OLD, 'sub/b.txt': 'b' }, { files, parent: PLACE });
  try {
    const error: unknown = await operation.run(bench).then(
      () => null,
      (reason: unknown) => reason,
    );
    look();
    assert.deepEqual(violations, []);
    assert.deepEqual(openIn(bench.folder), []);
    const temporaries = bench.all().filter(isTemporary).length;
    const healthy = createDiskWorkspace(bench.editor);
    for (const path of ['a.txt', 'x/y/new.txt', 'x/moved.txt']) await healthy.sweep(bench.at(path));
    assert.deepEqual(bench.all().filter(isTemporary), []);
    return { tree: treeOf(bench), temporaries, error, calls };
  } finally {
    bench.close();
  }
}

function assertAllOrNothing({ done }: Operation, { tree, error }: Ended): void {
  if (error === null) assert.deepEqual(tree, done);
  else assertIsOneOf(tree, [START, done]);
}

function assertIsOneOf(tree: Tree, expected: readonly Tree[]): void {
  const written = expected.map((one) => JSON.stringify(one));
  assert.ok(written.includes(JSON.stringify(tree)), JSON.stringify(tree, null, 1));
}

/** The user's bytes are somewhere, whole, and what has a name has the old bytes or the new ones. */
function assertNothingLost({ done }: Operation, tree: Tree, inPlace: boolean): void {
  for (const [path, content] of Object.entries(tree)) {
    const isNew = START[path] === undefined;
    if (!(inPlace && isNew)) assert.ok([START[path], done[path]].includes(content), path);
  }
  for (const content of [OLD, 'b']) {
    if (Object.values(done).includes(content)) assert.ok(Object.values(tree).includes(content));
  }
}

/** Where there are no links: the file is written under its own name, of which nothing is left. */
function isWritingInPlace(call: FileCall | undefined): boolean {
  return call?.name === 'open' && call.args[1] === 'wx' && !isTemporary(call.path);
}

/** Names the object, the cause and the next step; neither our own files nor the system's names. */
function assertInWords(
  { names, needs }: Operation,
  code: string,
  error: unknown,
  call: FileCall | undefined,
): void {
  if (error === null) return;
  assert.ok(error instanceof FileError || error instanceof ToolError);
  assert.match(error.message, /^[^:\n]+: [^:\n]+\. [A-Z][^:\n]+\.$/u);
  assert.ok(names.includes(error.message.split(':')[0] ?? ''), error.message);
  assert.doesNotMatch(error.message, /countersign|handle|\bE[A-Z]{3,}/u);
  const cause = CODES[code as keyof typeof CODES].replace(/^FS-\d+: /u, '');
  assert.ok(error.message.includes(cause), error.message);
  if (error instanceof FileError) assert.equal(error.code, code);
  const said = /\d+ bytes/u.exec(error.message)?.[0] ?? null;
  const isFull = ['ENOSPC', 'EDQUOT'].includes(code);
  if (isFull && call?.name === 'handle.write') assert.equal(said, `${needs} bytes`);
  else assert.ok([null, isFull ? `${needs} bytes` : null].includes(said), error.message);
}

function treeOf(bench: DiskBench): Tree {
  const entries = readdirSync(bench.folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => !isTemporary(name))
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [
        path.slice(bench.folder.length + 1),
        entry.isFile() ? readFileSync(path, 'utf8') : FOLDER,
      ];
    });
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function isTemporary(path: string): boolean {
  return basename(path).startsWith('.countersign-');
}

/** Files in a folder that this process has open, where the system lists them. */
function openIn(folder: string): string[] {
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd')
    .map((number) => {
      try {
        return readlinkSync(`/proc/self/fd/${number}`);
      } catch {
        return '';
      }
    })
    .filter((path) => path.startsWith(folder));
}
