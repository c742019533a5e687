import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { UndoOutcome } from '../../src/shared/protocol.ts';
import type { UndoKind } from '../../src/shared/thread-view.ts';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import type { ScriptedCall } from '../support/scripted-model.ts';
import { Flow, create, edit, patchLines, remove } from './support/flow.ts';
import { snapshot } from './support/parts.ts';

const FILES = {
  'a.txt': 'a\n',
  'b.txt': '\uFEFFb\r\n',
  'gone.txt': 'gone',
  'move.txt': 'move\n',
  'pure.txt': 'pure\n',
};

const MIXED: ScriptedCall = {
  id: 'c',
  name: 'apply_patch',
  args: {
    patch: [
      '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-a\n+A\n',
      '--- a/b.txt\n+++ b/b.txt\n@@ -1 +1,2 @@\n b\n+B\n',
      '--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n\\ No newline at end of file\n',
      '--- /dev/null\n+++ b/made.txt\n@@ -0,0 +1 @@\n+made\n',
      'rename from move.txt\nrename to moved.txt\n--- a/move.txt\n+++ b/moved.txt\n@@ -1 +1 @@\n-move\n+moved\n',
      'rename from pure.txt\nrename to purer.txt\n',
    ].join(''),
  },
};

describe('undo', () => {
  let flow: Flow;
  const undo = async (kind: UndoKind = 'undo'): Promise<UndoOutcome> => {
    const { proposalId } = await flow.review('c');
    return flow.bench.core.threads.undo(flow.id, proposalId, kind);
  };
  const applied = async (files: Record<string, string | Uint8Array>, call: ScriptedCall) => {
    flow = await Flow.start(files, { calls: [call] });
    await flow.takes({ kind: 'approve' });
    assert.equal((await flow.item('c')).state, 'applied');
  };

  afterEach(async () => {
    atFailpoints(null);
    await flow.close();
  });

  it('takes edits, new files, deletions and moves back as one, and brings them back as one', async () => {
    flow = await Flow.start(FILES, { calls: [MIXED] });
    const before = snapshot(flow.bench.folder);
    await flow.takes({ kind: 'approve' });
    const after = snapshot(flow.bench.folder);
    assert.notDeepEqual(after, before);
    for (const [kind, state, found] of [
      ['undo', 'undone', before],
      ['redo', 'applied', after],
      ['undo', 'undone', before],
      ['redo', 'applied', after],
    ] as const) {
      assert.equal((await flow.review('c')).undo, kind);
      assert.deepEqual(await undo(kind), { kind: 'done' });
      assert.deepEqual(snapshot(flow.bench.folder), found);
      assert.equal((await flow.item('c')).state, state);
    }
  });

  it('is an effect of its own in the audit, by the user', async () => {
    await applied({ 'a.txt': 'a\n' }, edit('c', 'a.txt', 'a', 'b'));
    await undo();
    const rows = flow.bench.core.audit.rows().slice(-4);
    assert.deepEqual(
      rows.map(({ event, by }) => [event, by]),
      [
        ['shown', 'executor'],
        ['approved', 'user'],
        ['claimed', 'executor'],
        ['applied', 'executor'],
      ],
    );
    assert.equal(new Set(rows.map(({ proposalId }) => proposalId)).size, 1);
    assert.notEqual(rows[0]?.proposalId, (await flow.review('c')).proposalId);
  });

  it('waits for nobody, and is in no list of what waits', async () => {
    await applied({ 'a.txt': 'a\n' }, edit('c', 'a.txt', 'a', 'b'));
    await undo();
    assert.deepEqual(await flow.bench.core.threads.pending(), []);
    assert.equal((await flow.bench.view(flow.id)).status, 'idle');
  });

  it('still works after a restart', async () => {
    await applied({ 'a.txt': 'a\n' }, edit('c', 'a.txt', 'a', 'b'));
    await flow.restart();
    assert.deepEqual(await undo(), { kind: 'done' });
    assert.equal(flow.onDisk('a.txt'), 'a\n');
    await flow.restart();
    assert.equal((await flow.item('c')).state, 'undone');
    assert.deepEqual(await undo('redo'), { kind: 'done' });
    assert.equal(flow.onDisk('a.txt'), 'b\n');
  });

  const CHANGED: [what: string, change: () => void][] = [
    [
      'an edited file',
      () => {
        writeFileSync(flow.at('a.txt'), 'mine\n');
      },
    ],
    [
      'the last file',
      () => {
        writeFileSync(flow.at('purer.txt'), 'mine\n');
      },
    ],
    [
      'a new file that is gone',
      () => {
        rmSync(flow.at('made.txt'));
      },
    ],
    [
      'a deleted file that is there again',
      () => {
        writeFileSync(flow.at('gone.txt'), 'mine');
      },
    ],
    [
      'the old name of a move',
      () => {
        writeFileSync(flow.at('move.txt'), 'mine');
      },
    ],
    [
      'a file with unsaved changes',
      () => {
        flow.bench.editor.open(flow.at('b.txt'));
        flow.bench.editor.type(flow.at('b.txt'), 'typed\r\n');
      },
    ],
    [
      'the trust in the workspace',
      () => {
        flow.bench.editor.isTrusted = false;
      },
    ],
  ];
  for (const [what, change] of CHANGED) {
    it(`is refused as a whole if only ${what} changed, and says which`, async () => {
      await applied(FILES, MIXED);
      change();
      const before = snapshot(flow.bench.folder);
      const outcome = await undo();
      assert.equal(outcome.kind, 'refused');
      assert.match(outcome.reason, /\.txt|trusted/u);
      assert.match(outcome.reason, /nothing was changed/u);
      assert.deepEqual(snapshot(flow.bench.folder), before);
      assert.equal((await flow.review('c')).undo, 'undo', 'it can be tried again');
    });
  }

  it('is refused to who asks for what was done already, or never was', async () => {
    await applied({ 'a.txt': 'a\n' }, edit('c', 'a.txt', 'a', 'b'));
    assert.deepEqual(await undo('redo'), { kind: 'refused', reason: 'That was done already.' });
    await undo();
    assert.deepEqual(await undo(), { kind: 'refused', reason: 'That was done already.' });
    const { threads } = flow.bench.core;
    await assert.rejects(threads.undo(flow.id, 'nothing', 'undo'), /does not exist any more/u);
  });

  it('APR-10: is not taken from another thread', async () => {
    const reply = { calls: [edit('c', 'a.txt', 'a', 'b')] };
    flow = await Flow.start({ 'a.txt': 'a\n' }, reply, { text: 'Done.' });
    await flow.takes({ kind: 'approve' });
    const { proposalId } = await flow.review('c');
    const { threads } = flow.bench.core;
    const other = await threads.send(null, 'Another one');
    await assert.rejects(threads.undo(other, proposalId, 'undo'), /does not exist any more/u);
    assert.equal(flow.onDisk('a.txt'), 'b\n');
    await flow.bench.reaches(other, 'idle');
  });

  it('of what was rejected or is waiting, there is none', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    assert.equal((await flow.review('c')).undo, null);
    assert.equal((await undo()).kind, 'refused');
    await flow.takes({ kind: 'reject', reason: '' });
    assert.equal((await flow.review('c')).undo, null);
    assert.equal((await undo()).kind, 'refused');
    assert.equal(flow.onDisk('a.txt'), 'a\n');
  });

  it('that fails half-way puts back what it did, says so, and can be tried again', async () => {
    await applied(FILES, MIXED);
    const after = snapshot(flow.bench.folder);
    let failing = true;
    atFailpoints((name) => {
      if (failing && name === 'apply.op#3') {
        failing = false;
        throw new Error('the disk is gone');
      }
    });
    const outcome = await undo();
    assert.equal(outcome.kind, 'refused');
    assert.match(outcome.reason, /the disk is gone/u);
    assert.deepEqual(snapshot(flow.bench.folder), after);
    assert.deepEqual(await undo(), { kind: 'done' });
  });

  it('of which half cannot be put back says what is how', async () => {
    const files = { 'a.txt': ['a', 'A'], 'b.txt': ['b', 'B'] } as const;
    await applied({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, patchLines('c', files));
    let writes = 0;
    atFailpoints((name) => {
      if (name === 'fs.tempWritten' && ++writes > 1) throw new Error('the disk is gone');
    });
    const outcome = await undo();
    assert.equal(outcome.kind, 'refused');
    assert.match(
      outcome.reason,
      /the disk is gone\n.*b\.txt is as approved\n.*a\.txt is as it was/u,
    );
    assert.equal(flow.onDisk('a.txt'), 'A\n');
    assert.equal(flow.onDisk('b.txt'), 'b\n');
  });

  it('brings a deleted file back as it was: its bytes, and that it can be run', async () => {
    const bytes = Uint8Array.of(0, 255);
    flow = await Flow.start(
      { 'run.bin': bytes },
      { text: 'Hello.' },
      { calls: [remove('c', 'run.bin')] },
    );
    chmodSync(flow.at('run.bin'), 0o755);
    await flow.say('Delete it');
    await flow.takes({ kind: 'approve' });
    assert.equal(existsSync(flow.at('run.bin')), false);
    assert.deepEqual(await undo(), { kind: 'done' });
    assert.deepEqual(new Uint8Array(readFileSync(flow.at('run.bin'))), bytes);
    assert.equal(statSync(flow.at('run.bin')).mode & 0o111, 0o111);
  });

  it('goes through the editor where the file is open, as one step there', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    const path = flow.at('a.txt');
    flow.bench.editor.open(path);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.bench.editor.textOf(path), 'b\n');
    assert.deepEqual(await undo(), { kind: 'done' });
    assert.equal(flow.bench.editor.textOf(path), 'a\n');
    flow.bench.editor.undo(path);
    assert.equal(flow.bench.editor.textOf(path), 'b\n');
  });

  it('FS-17: takes back what a formatter made of it, to what was there before both', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    const path = flow.at('a.txt');
    flow.bench.editor.open(path);
    flow.bench.editor.onSave = (text) => text.replace('b', 'b;');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'b;\n');
    assert.deepEqual(await undo(), { kind: 'done' });
    assert.equal(flow.onDisk('a.txt'), 'a\n');
    flow.bench.editor.onSave = null;
    assert.deepEqual(await undo('redo'), { kind: 'done' });
    assert.equal(flow.onDisk('a.txt'), 'b;\n', 'as the effect left it, formatted');
  });

  it('leaves the folders that were made for a new file; nothing else', async () => {
    await applied({}, create('c', { 'x/y/new.txt': 'new\n' }));
    assert.deepEqual(await undo(), { kind: 'done' });
    assert.equal(existsSync(flow.at('x/y/new.txt')), false);
    assert.deepEqual(snapshot(flow.bench.folder), [flow.at('x'), flow.at('x/y')]);
    assert.deepEqual(await undo('redo'), { kind: 'done' });
    assert.equal(readFileSync(flow.at('x/y/new.txt'), 'utf8'), 'new\n');
    assert.ok(statSync(flow.at('x/y')).isDirectory());
  });

  it('is told to the model once, with the next message, whatever was undone', async () => {
    await applied(FILES, MIXED);
    await undo();
    await flow.say('And now?');
    const told = flow.bench.model.requests.at(-1)?.at(-1)?.text ?? '';
    for (const words of [
      'a.txt has another content now',
      'made.txt does not exist now',
      'gone.txt is there again',
      'moved.txt does not exist now',
      'move.txt is there again',
    ]) {
      assert.ok(told.includes(words), words);
    }
    assert.ok(told.endsWith('And now?'));
    await flow.say('And then?');
    assert.equal(flow.bench.model.requests.at(-1)?.at(-1)?.text, 'And then?');
  });
});
