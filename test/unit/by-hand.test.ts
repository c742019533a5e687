import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { Flow, edit, remove, write } from './support/flow.ts';
import { snapshot } from './support/parts.ts';

describe('what the user did by hand', () => {
  let flow: Flow;
  const start = async (...args: Parameters<typeof Flow.start>): Promise<void> => {
    flow = await Flow.start(...args);
  };
  afterEach(async () => {
    await flow.close();
  });

  it('tells what the user really did: exactly that, something else, or nothing', async () => {
    const calls = [
      edit('same', 'a.txt', 'a', 'A'),
      edit('other', 'b.txt', 'b', 'B'),
      edit('not', 'c.txt', 'c', 'C'),
      remove('gone', 'd.txt'),
      write('made', 'e.txt', 'e\n'),
      edit('lost', 'f.txt', 'f', 'F'),
    ];
    const letters = ['a', 'b', 'c', 'd', 'f'];
    await start(Object.fromEntries(letters.map((letter) => [`${letter}.txt`, `${letter}\n`])), {
      calls,
    });
    writeFileSync(flow.at('a.txt'), 'A\n');
    writeFileSync(flow.at('b.txt'), 'mine\n');
    rmSync(flow.at('d.txt'));
    rmSync(flow.at('f.txt'));
    const before = snapshot(flow.bench.folder);
    for (const { id } of calls) await flow.takes({ kind: 'doneByHand', note: 'did it' }, id);
    assert.deepEqual(snapshot(flow.bench.folder), before);
    assert.match(flow.told('same'), /^Not applied: the user has done it by hand\. .*did it/u);
    assert.match(flow.told('same'), /a\.txt has exactly the proposed content now/u);
    assert.match(flow.told('other'), /b\.txt[^]*-b\n\+mine\n/u);
    assert.match(flow.told('not'), /c\.txt is as it was before/u);
    assert.match(flow.told('gone'), /d\.txt does not exist now, as was proposed/u);
    assert.match(flow.told('made'), /e\.txt does not exist, as before/u);
    assert.match(flow.told('lost'), /f\.txt does not exist now/u);
    for (const { id } of calls) assert.equal((await flow.item(id)).state, 'doneByHand');
  });

  it('tells of a move where the file is, and of what is no text', async () => {
    const move = (id: string, from: string) => ({
      id,
      name: 'move_file',
      args: { from, to: `new-${from}` },
    });
    const calls = [move('done', 'a.txt'), move('not', 'b.txt'), remove('binary', 'c.bin')];
    const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.bin': Uint8Array.of(0, 1) };
    await start(files, { calls });
    renameSync(flow.at('a.txt'), flow.at('new-a.txt'));
    writeFileSync(flow.at('c.bin'), Uint8Array.of(0, 2));
    for (const { id } of calls) await flow.takes({ kind: 'doneByHand' }, id);
    assert.match(flow.told('done'), /a\.txt is now new-a\.txt/u);
    assert.match(flow.told('not'), /b\.txt is as it was before/u);
    assert.match(flow.told('binary'), /c\.bin has another content now/u);
  });
});
