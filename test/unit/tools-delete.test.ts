import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileChange } from '../../src/approval/operation.ts';
import type { Proposal } from '../../src/approval/proposal.ts';
import { undoEffect } from '../../src/approval/undo.ts';
import type { WorkspaceFolder } from '../../src/workspace/port.ts';
import { snapshot } from './support/parts.ts';
import { ToolBench, fails } from './support/tool-bench.ts';

const TREE = {
  'keep.txt': 'kept',
  '.gitignore': 'src/ignored.log\n',
  'src/a.ts': 'a',
  'src/ignored.log': 'ignored',
  'src/.hidden': 'hidden',
  'src/deep/er/b.bin': Uint8Array.of(0, 255, 1),
  'src/deep/latin.txt': Uint8Array.of(0xe9, 0x0a),
  'src/empty.txt': '',
  'srcs/c.ts': 'a neighbour by name',
};

describe('delete_file', () => {
  let bench: ToolBench;
  const use = (files: Record<string, string | Uint8Array>): void => {
    bench.parts.close();
    bench = new ToolBench(files);
  };
  const remove = (path: string): Promise<readonly FileChange[]> =>
    bench.proposeAll('delete_file', { path });
  const namesOf = (changes: readonly FileChange[]): string[] =>
    changes.map(({ displayPath }) => displayPath);
  /** Freezes, shows, approves and carries out. */
  const applied = async (path: string): Promise<Proposal> => {
    const { ledger, executor } = bench.parts;
    const changes = await remove(path);
    const call = { threadId: 't', toolCallId: `delete ${path}` };
    const { proposalId } = await ledger.freeze(call, 'delete', changes);
    await ledger.ask(proposalId, `interrupt-${proposalId}`, true);
    assert.equal(await bench.parts.decide(proposalId, { kind: 'approve' }), 'taken');
    return executor.apply(proposalId);
  };
  beforeEach(() => {
    bench = new ToolBench(TREE);
  });
  afterEach(() => {
    bench.parts.close();
  });

  it('proposes that one file goes away, and only that, whatever is in it', async () => {
    const before = snapshot(bench.folder);
    for (const path of ['keep.txt', 'src/deep/er/b.bin', 'src/deep/latin.txt', 'src/empty.txt']) {
      const [change, ...more] = await remove(path);
      assert.deepEqual([change?.displayPath, change?.next, more], [path, null, []]);
      assert.notEqual(change?.base, null);
    }
    assert.deepEqual(snapshot(bench.folder), before);
  });

  it('refuses what does not exist, leads out, or is no file', async () => {
    symlinkSync('/etc', join(bench.folder, 'out'));
    symlinkSync('nowhere', join(bench.folder, 'src/dangling'));
    await fails(remove('none.txt'), /none\.txt does not exist/u);
    await fails(remove('../x'), /outside the workspace/u);
    await fails(remove('out/passwd'), /outside the workspace/u);
    await fails(remove('out'), /outside the workspace/u);
    await fails(remove('src'), /dangling is neither a file nor a folder/u);
  });

  it('PATH-20: proposes every file of a folder: ignored, hidden, binary and empty ones, too', async () => {
    for (const path of ['src', 'src/', './src', 'src//', 'deep/../src', bench.parts.at('src')]) {
      const names = namesOf(await remove(path));
      assert.deepEqual(
        names,
        [
          'src/.hidden',
          'src/a.ts',
          'src/deep/er/b.bin',
          'src/deep/latin.txt',
          'src/empty.txt',
          'src/ignored.log',
        ],
        path,
      );
    }
  });

  it('PATH-20: refuses the workspace folder itself, in every spelling', async () => {
    for (const path of ['.', './', 'src/..', bench.folder, `${bench.folder}/`, '']) {
      await assert.rejects(remove(path), { name: 'ToolError' }, path);
    }
    assert.ok(existsSync(join(bench.folder, 'keep.txt')));
  });

  it('PATH-20: refuses a folder in which another folder is that the user has opened', async () => {
    const folders = bench.parts.editor.folders() as WorkspaceFolder[];
    folders.push({ name: 'er', path: bench.parts.at('src/deep/er') });
    for (const path of ['p/src', 'p/src/deep', 'er', 'p/src/deep/er']) {
      await fails(remove(path), /has the folder er in it, which the user has opened/u);
    }
    folders[1] = { name: 'gone', path: bench.parts.at('gone') };
    assert.equal((await remove('p/src/deep')).length, 2);
  });

  it('PATH-20: refuses a folder with unsaved changes in it, and names the file', async () => {
    const path = bench.parts.at('src/deep/latin.txt');
    writeFileSync(path, 'text\n');
    bench.parts.editor.open(path);
    bench.parts.editor.type(path, 'typed\n');
    await fails(remove('src'), /src\/deep\/latin\.txt has unsaved changes/u);
    await fails(remove('src/deep/latin.txt'), /unsaved changes/u);
    assert.equal(namesOf(await remove('src/deep/er')).length, 1);
  });

  it('refuses a folder in which there is a repository, or a link, or nothing', async () => {
    mkdirSync(bench.parts.at('src/inner/.git'), { recursive: true });
    writeFileSync(bench.parts.at('src/inner/.git/config'), '');
    await fails(remove('src'), /repository/u);
    await fails(remove('src/inner/.git'), /repository/u);
    mkdirSync(bench.parts.at('nothing/in/it'), { recursive: true });
    await fails(remove('nothing'), /no files in nothing/u);
    mkdirSync(bench.parts.at('linked'));
    symlinkSync('../keep.txt', bench.parts.at('linked/keep.txt'));
    await fails(remove('linked'), /linked\/keep\.txt is neither/u);
  });

  it('refuses more files than a person can look through, and takes as many as that', async () => {
    const many = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`many/${index}`, 'x']));
    use(many(501));
    await fails(remove('many'), /more than 500 files in many/u);
    use(many(500));
    assert.equal((await remove('many')).length, 500);
  });

  it('warns of a file that has other names', async () => {
    linkSync(bench.parts.at('keep.txt'), bench.parts.at('src/twin.txt'));
    const changes = await remove('src');
    const twin = changes.find(({ displayPath }) => displayPath === 'src/twin.txt');
    assert.match(twin?.warnings?.[0] ?? '', /hard links/u);
  });

  it('PATH-20, FS-20: takes the folder away with its files; undo brings all back, redo takes it again', async () => {
    const before = snapshot(bench.folder);
    const proposal = await applied('src');
    assert.equal(proposal.state, 'applied');
    assert.equal(existsSync(bench.parts.at('src')), false);
    const without = snapshot(bench.folder);
    assert.equal(without.length, 4);
    for (const [kind, state] of [
      ['undo', before],
      ['redo', without],
      ['undo', before],
    ] as const) {
      assert.deepEqual(await undoEffect(bench.parts, proposal, kind), { kind: 'done' });
      assert.deepEqual(snapshot(bench.folder), state);
    }
  });

  const SHAPES: [string, Record<string, string>][] = [
    ['one file', { 'x/y/only.txt': 'o' }],
    ['files only in its folders', { 'x/y/a/1': '1', 'x/y/b/2': '2' }],
    ['files in one folder of it', { 'x/y/a/1': '1', 'x/y/a/2': '2' }],
    ['files on every level', { 'x/y/1': '1', 'x/y/a/2': '2', 'x/y/a/b/c/3': '3' }],
  ];
  for (const [what, files] of SHAPES) {
    it(`takes a folder with ${what} away, and none around it`, async () => {
      use(files);
      assert.equal((await applied('x/y')).state, 'applied');
      assert.deepEqual(snapshot(bench.folder), [bench.parts.at('x')]);
    });
  }

  it('leaves the folder of a single file that is deleted', async () => {
    use({ 'x/only.txt': 'o' });
    assert.equal((await applied('x/only.txt')).state, 'applied');
    assert.deepEqual(snapshot(bench.folder), [bench.parts.at('x')]);
  });

  it('leaves a file that came into the folder since, and its folder', async () => {
    const changes = await remove('src');
    const { ledger, executor } = bench.parts;
    const call = { threadId: 't', toolCallId: 'c' };
    const { proposalId } = await ledger.freeze(call, 'delete', changes);
    await ledger.ask(proposalId, 'i', true);
    await bench.parts.decide(proposalId, { kind: 'approve' });
    writeFileSync(bench.parts.at('src/deep/new.txt'), 'mine');
    assert.equal((await executor.apply(proposalId)).state, 'applied');
    assert.deepEqual(
      snapshot(bench.folder).filter((line) => line.includes('/src/')),
      [bench.parts.at('src/deep'), `${bench.parts.at('src/deep/new.txt')}: mine`],
    );
  });

  it('takes the empty folders away, too, if its process ended before it could', async () => {
    const { ledger, executor } = bench.parts;
    const call = { threadId: 't', toolCallId: 'c' };
    const { proposalId } = await ledger.freeze(call, 'delete', await remove('src'));
    await ledger.ask(proposalId, 'i', true);
    await bench.parts.decide(proposalId, { kind: 'approve' });
    const { operations } = (await ledger.claim(proposalId))!;
    for (const { realPath } of operations) rmSync(realPath);
    await executor.recover('t');
    assert.equal(bench.parts.find(proposalId).state, 'applied');
    assert.equal(existsSync(bench.parts.at('src')), false);
  });

  it('moves to the trash where there is one, and undo still works', async () => {
    const trash = bench.parts.at('trash');
    mkdirSync(trash);
    bench.parts.editor.trash = trash;
    const proposal = await applied('keep.txt');
    assert.ok(existsSync(join(trash, 'keep.txt')));
    assert.deepEqual(await undoEffect(bench.parts, proposal, 'undo'), { kind: 'done' });
    assert.ok(existsSync(bench.parts.at('keep.txt')));
  });
});
