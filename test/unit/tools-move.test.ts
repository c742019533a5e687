import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import type { FileChange } from '../../src/approval/operation.ts';
import type { Proposal } from '../../src/approval/proposal.ts';
import { undoEffect } from '../../src/approval/undo.ts';
import { snapshot } from './support/parts.ts';
import { ToolBench, fails, textOf } from './support/tool-bench.ts';

describe('move_file', () => {
  let bench: ToolBench;
  const move = (from: string, to: string): Promise<readonly FileChange[]> =>
    bench.proposeAll('move_file', { from, to });
  const frozen = async (from: string, to: string): Promise<string> => {
    const { ledger } = bench.parts;
    const call = { threadId: 't', toolCallId: `${from} ${to}` };
    const { proposalId } = await ledger.freeze(call, 'move', await move(from, to));
    await ledger.ask(proposalId, `interrupt-${proposalId}`, true);
    assert.equal(await bench.parts.decide(proposalId, { kind: 'approve' }), 'taken');
    return proposalId;
  };
  const applied = async (from: string, to: string): Promise<Proposal> =>
    bench.parts.executor.apply(await frozen(from, to));

  beforeEach(() => {
    bench = new ToolBench({
      'a.txt': 'a\r\n',
      'b.txt': 'b',
      'notes.txt': '#!/bin/sh\n',
      'src/one.ts': '1',
      'src/deep/.two': '2',
      'src/deep/er/three.bin': Uint8Array.of(0, 1, 255),
    });
  });
  afterEach(() => {
    bench.parts.close();
  });

  it('proposes the same bytes under the new name, and no trace on the disk', async () => {
    const before = snapshot(bench.folder);
    const [change, ...more] = await move('a.txt', 'x/y/c.txt');
    assert.deepEqual(more, []);
    assert.equal(textOf(change!), 'a\r\n');
    assert.deepEqual(
      [change?.displayPath, change?.to?.displayPath, change?.to?.realPath],
      ['a.txt', 'x/y/c.txt', bench.parts.at('x/y/c.txt')],
    );
    assert.deepEqual(snapshot(bench.folder), before);
  });

  it('refuses what is not there, what is taken, and both ends outside', async () => {
    await fails(move('none.txt', 'c.txt'), /none\.txt does not exist/u);
    await fails(move('a.txt', 'b.txt'), /b\.txt exists already/u);
    await fails(move('a.txt', './a.txt'), /a\.txt is there already/u);
    await fails(move('a.txt', 'src'), /not a file/u);
    await fails(move('a.txt', 'c/'), /is a folder/u);
    await fails(move('../a.txt', 'c.txt'), /outside the workspace/u);
    await fails(move('a.txt', '../c.txt'), /outside the workspace/u);
    await fails(move('src', '../src'), /outside the workspace/u);
    await fails(move('a.txt', 'b.txt/c.txt'), /a file, not a folder/u);
    await fails(move('.', 'x'), /opened; it stays/u);
    symlinkSync('/tmp', bench.parts.at('out'));
    await fails(move('a.txt', 'out/c.txt'), /outside the workspace/u);
  });

  for (const to of ['.git/hooks/pre-commit', '.GIT/hooks/pre-commit', 'x/.git/config']) {
    it(`PATH-19: refuses to move a file to ${to}`, async () => {
      await fails(move('notes.txt', to), /repository's own data/u);
      await fails(move('.git', 'git'), /repository|does not exist/u);
    });
  }

  it('PATH-19: refuses the second step of a chain, whatever the first was', async () => {
    mkdirSync(bench.parts.at('.git/hooks'), { recursive: true });
    writeFileSync(bench.parts.at('.git/hooks/sample'), '');
    assert.equal((await applied('notes.txt', 'hooks/pre-commit')).state, 'applied');
    await fails(move('hooks', '.git/hooks'), /repository's own data/u);
    await fails(move('hooks/pre-commit', '.git/hooks/pre-commit'), /repository's own data/u);
    await fails(move('.git/hooks/sample', 'sample'), /repository's own data/u);
    await fails(move('.git', 'git'), /repository's own data/u);
    symlinkSync('.git/hooks', bench.parts.at('docs'));
    await fails(move('hooks/pre-commit', 'docs/pre-commit'), /repository's own data/u);
  });

  it('PATH-19: refuses at apply a target that leads into the repository by now', async () => {
    mkdirSync(bench.parts.at('.git/hooks'), { recursive: true });
    const id = await frozen('notes.txt', 'docs/pre-commit');
    symlinkSync('.git/hooks', bench.parts.at('docs'));
    const { state } = await bench.parts.executor.apply(id);
    assert.equal(state, 'stale');
    assert.equal(existsSync(bench.parts.at('.git/hooks/pre-commit')), false);
    assert.ok(existsSync(bench.parts.at('notes.txt')));
  });

  it('FS-23: refuses a folder with unsaved changes in it, before the preview and after', async () => {
    const path = bench.parts.at('src/one.ts');
    const id = await frozen('src', 'lib');
    bench.parts.editor.open(path);
    bench.parts.editor.type(path, 'typed');
    await fails(move('src', 'lib'), /src\/one\.ts has unsaved changes/u);
    const before = snapshot(bench.folder);
    const { state } = await bench.parts.executor.apply(id);
    assert.notEqual(state, 'applied');
    assert.deepEqual(snapshot(bench.folder), before);
    assert.equal(bench.parts.editor.textOf(path), 'typed');
  });

  it('moves a folder with all that is in it; undo moves it back, redo forth', async () => {
    const before = snapshot(bench.folder);
    const changes = await move('src/', 'lib/inner');
    assert.deepEqual(
      changes.map(({ to }) => to?.displayPath),
      ['lib/inner/deep/.two', 'lib/inner/deep/er/three.bin', 'lib/inner/one.ts'],
    );
    const proposal = await applied('src', 'lib/inner');
    assert.equal(proposal.state, 'applied');
    assert.equal(existsSync(bench.parts.at('src')), false);
    assert.deepEqual(
      readFileSync(bench.parts.at('lib/inner/deep/er/three.bin')),
      Buffer.from([0, 1, 255]),
    );
    const moved = snapshot(bench.folder);
    assert.deepEqual(await undoEffect(bench.parts, proposal, 'undo'), { kind: 'done' });
    assert.deepEqual(
      snapshot(bench.folder),
      [...before, bench.parts.at('lib')].toSorted(),
      'a folder that was made around it stays',
    );
    assert.deepEqual(await undoEffect(bench.parts, proposal, 'redo'), { kind: 'done' });
    assert.deepEqual(snapshot(bench.folder), moved);
  });

  it('moves a folder into itself', async () => {
    assert.equal((await applied('src', 'src/old')).state, 'applied');
    assert.equal(readFileSync(bench.parts.at('src/old/one.ts'), 'utf8'), '1');
    assert.equal(existsSync(bench.parts.at('src/deep')), false);
  });

  it('takes nothing over: a file that came to the new name since stays', async () => {
    const id = await frozen('a.txt', 'c.txt');
    writeFileSync(bench.parts.at('c.txt'), 'mine');
    const { state, reason } = await bench.parts.executor.apply(id);
    assert.equal(state, 'stale');
    assert.match(reason, /c\.txt exists/u);
    assert.equal(readFileSync(bench.parts.at('c.txt'), 'utf8'), 'mine');
    assert.equal(readFileSync(bench.parts.at('a.txt'), 'utf8'), 'a\r\n');
  });

  it('carries what changed in the file since to the new name, after a new look', async () => {
    const id = await frozen('a.txt', 'c.txt');
    writeFileSync(bench.parts.at('a.txt'), 'mine');
    const { state, origin } = await bench.parts.executor.apply(id);
    assert.deepEqual([state, origin], ['proposed', 'rebased']);
    assert.equal(existsSync(bench.parts.at('c.txt')), false);
    await bench.parts.ledger.ask(id, 'again', true);
    assert.equal(await bench.parts.decide(id, { kind: 'approve' }), 'taken');
    assert.equal((await bench.parts.executor.apply(id)).state, 'applied');
    assert.equal(readFileSync(bench.parts.at('c.txt'), 'utf8'), 'mine');
    assert.equal(existsSync(bench.parts.at('a.txt')), false);
  });
});
