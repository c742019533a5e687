import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import type { FileChange } from '../../src/approval/operation.ts';
import { undoEffect } from '../../src/approval/undo.ts';
import { snapshot } from './support/parts.ts';
import { ToolBench, fails, textOf } from './support/tool-bench.ts';

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('');

const WHOLE = lines(
  '--- a/edit.txt',
  '+++ b/edit.txt',
  '@@ -1,3 +1,3 @@',
  ' one',
  '-two',
  '+TWO',
  ' three',
  '--- /dev/null',
  '+++ b/new/made.txt',
  '@@ -0,0 +1,2 @@',
  '+first',
  '+second',
  '--- a/gone.txt',
  '+++ /dev/null',
  '@@ -1 +0,0 @@',
  '-gone',
  'diff --git a/old.txt b/moved/new.txt',
  'rename from old.txt',
  'rename to moved/new.txt',
  '--- a/old.txt',
  '+++ b/moved/new.txt',
  '@@ -1 +1 @@',
  '-old',
  '+renewed',
);

describe('apply_patch', () => {
  let bench: ToolBench;
  const use = (files: Record<string, string | Uint8Array>): void => {
    bench.parts.close();
    bench = new ToolBench(files);
  };
  const patch = (...texts: string[]): Promise<readonly FileChange[]> =>
    bench.proposeAll('apply_patch', { patch: lines(...texts) });
  const edit = (path: string, from: string, to: string): string[] => [
    `--- a/${path}`,
    `+++ b/${path}`,
    '@@ -1 +1 @@',
    `-${from}`,
    `+${to}`,
  ];
  beforeEach(() => {
    bench = new ToolBench({
      'edit.txt': 'one\ntwo\nthree\n',
      'gone.txt': 'gone\n',
      'old.txt': 'old\n',
      'fine.txt': 'fine\n',
    });
  });
  afterEach(() => {
    bench.parts.close();
  });

  it('is one proposal of edits, new files, deletions and renames, in the order of the patch', async () => {
    const before = snapshot(bench.folder);
    const changes = await bench.proposeAll('apply_patch', { patch: WHOLE });
    assert.deepEqual(
      changes.map((change) => [change.displayPath, change.to?.displayPath, textOf(change)]),
      [
        ['edit.txt', undefined, 'one\nTWO\nthree\n'],
        ['new/made.txt', undefined, 'first\nsecond\n'],
        ['gone.txt', undefined, null],
        ['old.txt', 'moved/new.txt', 'renewed\n'],
      ],
    );
    assert.deepEqual(snapshot(bench.folder), before);
  });

  it('is applied as a whole, and undone as a whole', async () => {
    const { ledger, executor } = bench.parts;
    const changes = await bench.proposeAll('apply_patch', { patch: WHOLE });
    const before = new Map(
      ['edit.txt', 'gone.txt', 'old.txt'].map((path) => [
        path,
        readFileSync(bench.parts.at(path), 'utf8'),
      ]),
    );
    const call = { threadId: 't', toolCallId: 'c' };
    const { proposalId } = await ledger.freeze(call, 'edit', changes);
    await ledger.ask(proposalId, 'i', true);
    await bench.parts.decide(proposalId, { kind: 'approve' });
    const proposal = await executor.apply(proposalId);
    assert.equal(proposal.state, 'applied');
    const read = (path: string): string => readFileSync(bench.parts.at(path), 'utf8');
    assert.equal(read('edit.txt'), 'one\nTWO\nthree\n');
    assert.equal(read('new/made.txt'), 'first\nsecond\n');
    assert.equal(read('moved/new.txt'), 'renewed\n');
    assert.equal(existsSync(bench.parts.at('gone.txt')), false);
    assert.equal(existsSync(bench.parts.at('old.txt')), false);
    assert.deepEqual(await undoEffect(bench.parts, proposal, 'undo'), { kind: 'done' });
    for (const [path, text] of before) assert.equal(read(path), text);
    assert.equal(existsSync(bench.parts.at('new/made.txt')), false);
    assert.equal(existsSync(bench.parts.at('moved/new.txt')), false);
  });

  it('keeps encoding, byte order mark and line endings of each file', async () => {
    const utf16 = Buffer.from('\uFEFFeins\r\nzwei\r\n', 'utf16le');
    use({ 'bom.txt': '\uFEFFone\r\ntwo\r\n', 'wide.txt': new Uint8Array(utf16), 'lf.txt': 'x' });
    const changes = await patch(
      ...edit('bom.txt', 'one', 'ONE'),
      ...edit('wide.txt', 'eins', 'EINS'),
      ...edit('lf.txt', 'x', 'y'),
      '\\ No newline at end of file',
    );
    assert.deepEqual(changes[0]?.next, new TextEncoder().encode('\uFEFFONE\r\ntwo\r\n'));
    assert.deepEqual(
      changes[1]?.next,
      new Uint8Array(Buffer.from('\uFEFFEINS\r\nzwei\r\n', 'utf16le')),
    );
    assert.equal(textOf(changes[2]!), 'y');
  });

  it('says what kind of file it is, and warns of what a card should say', async () => {
    mkdirSync(bench.parts.at('sub'));
    const path = bench.parts.at('edit.txt');
    bench.parts.editor.open(path);
    bench.parts.editor.type(path, 'typed\n');
    const [change] = await patch(...edit('edit.txt', 'typed', 'more'));
    assert.equal(Buffer.from(change?.base ?? []).toString(), 'typed\n');
    assert.match(change?.warnings?.[0] ?? '', /unsaved changes/u);
  });

  it('moves without a change of content', async () => {
    const [change, ...more] = await patch('rename from old.txt', 'rename to newer.txt');
    assert.deepEqual(more, []);
    assert.equal(change?.to?.displayPath, 'newer.txt');
    assert.deepEqual(change.next, change.base);
  });

  const NOTHING: [what: string, texts: string[], words: RegExp][] = [
    ['an edit of a missing file', edit('none.txt', 'a', 'b'), /none\.txt does not exist/u],
    ['lines that the file does not have', edit('edit.txt', 'four', 'b'), /edit\.txt/u],
    [
      'a new file that is there already',
      ['--- /dev/null', '+++ b/old.txt', '@@ -0,0 +1 @@', '+x'],
      /old\.txt exists already/u,
    ],
    [
      'a deletion of a file that is not there',
      ['--- a/none.txt', '+++ /dev/null', '@@ -1 +0,0 @@', '-x'],
      /none\.txt does not exist/u,
    ],
    [
      'a deletion of another content',
      ['--- a/gone.txt', '+++ /dev/null', '@@ -1 +0,0 @@', '-other'],
      /gone\.txt/u,
    ],
    [
      'a rename to what is there already',
      ['rename from old.txt', 'rename to gone.txt'],
      /gone\.txt exists already/u,
    ],
    ['a path that leads out', edit('../out.txt', 'a', 'b'), /outside the workspace/u],
    ['a rename that leads out', ['rename from old.txt', 'rename to ../o'], /outside/u],
    ['a new hook', ['--- /dev/null', '+++ b/.git/hooks/x', '@@ -0,0 +1 @@', '+x'], /own data/u],
    ['a rename to a hook', ['rename from old.txt', 'rename to .git/hooks/x'], /own data/u],
    ['a change that changes nothing', edit('gone.txt', 'gone', 'gone'), /gone\.txt/u],
    [
      'one file by two names',
      [...edit('edit.txt', 'one', '1'), ...edit('sub/../edit.txt', 'two', '2')],
      /edit\.txt/u,
    ],
    [
      'a rename on top of a new file of the same patch',
      [
        ...['--- /dev/null', '+++ b/x.txt', '@@ -0,0 +1 @@', '+x'],
        ...['rename from old.txt', 'rename to ./x.txt'],
      ],
      /x\.txt/u,
    ],
  ];
  for (const [what, texts, words] of NOTHING) {
    it(`refuses as a whole: ${what}`, async () => {
      await fails(patch(...edit('fine.txt', 'fine', 'finer'), ...texts), words);
      await fails(patch(...texts), words);
    });
  }

  it('refuses what is no patch', async () => {
    for (const text of ['hello', '*** Begin Patch', '{"path":"old.txt"}']) {
      await fails(patch(text), /names no file|not a unified diff/u);
    }
  });

  it('PATH-05: refuses a file behind a link into the repository', async () => {
    mkdirSync(bench.parts.at('.git/hooks'), { recursive: true });
    symlinkSync('.git/hooks', bench.parts.at('docs'));
    await fails(patch('--- /dev/null', '+++ b/docs/x', '@@ -0,0 +1 @@', '+x'), /own data/u);
  });

  it('refuses to delete or move a file with unsaved changes', async () => {
    const path = bench.parts.at('gone.txt');
    bench.parts.editor.open(path);
    bench.parts.editor.type(path, 'gone\ntyped\n');
    await fails(
      patch('--- a/gone.txt', '+++ /dev/null', '@@ -1 +0,0 @@', '-gone'),
      /unsaved changes/u,
    );
    await fails(patch('rename from gone.txt', 'rename to g.txt'), /unsaved changes/u);
  });

  it('refuses a deletion that names only a part of the file', async () => {
    const part = ['--- a/edit.txt', '+++ /dev/null', '@@ -1,2 +0,0 @@', '-one', '-two'];
    await fails(patch(...part), /has more than the patch takes away/u);
    const [gone] = await patch(...part.slice(0, 2), '@@ -1,3 +0,0 @@', '-one', '-two', '-three');
    assert.equal(gone?.next, null);
  });
});
