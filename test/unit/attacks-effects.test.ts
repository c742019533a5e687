import { Command } from '@langchain/langgraph';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { makeGraph } from '../../src/agent/graph.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { createQueue } from '../../src/shared/queue.ts';
import type { WorkspaceFolder } from '../../src/workspace/port.ts';
import { shownOf } from '../support/core.ts';
import { ScriptedModel } from '../support/scripted-model.ts';
import { Flow, create, edit, patchLines, remove, write } from './support/flow.ts';
import { type Parts, makeParts, snapshot } from './support/parts.ts';
import { tamper } from '../support/tamper.ts';

const THREE = { 'a.txt': ['a', 'A'], 'b.txt': ['b', 'B'], 'c.txt': ['c', 'C'] } as const;
const LETTERS = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' };

describe('attacks and faults, from the call to what the model is told', () => {
  let flow: Flow;
  const letters = (): string =>
    Object.keys(LETTERS)
      .map((path) => (flow.onDisk(path) ?? '-').trim())
      .join('');
  /** The database and the files, past the threads; to be closed. */
  const behind = (): Parts =>
    makeParts({}, { folder: flow.bench.folder, storage: flow.bench.storage });

  afterEach(async () => {
    await flow.close();
  });

  it('APR-05: arguments that were changed in the checkpoint do not change the effect', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'harmless')] });
    const before = await flow.review();
    const parts = behind();
    const changed = ['checkpoints SET checkpoint', 'writes SET value'].map((column) => {
      const [, , name = ''] = column.split(' ');
      return tamper(
        parts.database,
        `UPDATE ${column} = CAST(replace(replace(CAST(${name} AS TEXT), 'harmless', 'rm -rf /'),
           '"a.txt"', '"b.txt"') AS BLOB), hash = NULL
         WHERE instr(CAST(${name} AS TEXT), 'harmless') > 0`,
      );
    });
    assert.ok(
      changed.some((rows) => rows > 0),
      changed.join(),
    );
    parts.database.close();
    await flow.restart();
    assert.deepEqual(await flow.review(), before);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'harmless\n');
    assert.equal(flow.onDisk('b.txt'), null);
  });

  it('APR-08: after resume values that approve nothing, the real approval still works, once', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    const { interruptId } = shownOf(await flow.item());
    const parts = behind();
    const model = new ScriptedModel([]);
    const agent = makeGraph({
      ...parts,
      classifier: () => Promise.resolve(null),
      ...{ proposing: createQueue(), recorded: true },
      checkpointer: new CheckpointSaver(parts.database),
      model: () => Promise.resolve({ model, patience: 60 }),
    });
    const config = { configurable: { thread_id: flow.id }, durability: 'sync' as const };
    for (const resume of [
      { decision: 'approve' },
      'approve',
      { [interruptId]: { decision: 'approve' } },
      { [interruptId]: { proposalId: 'any' } },
    ]) {
      await agent.invoke(new Command({ resume }), config).catch(() => undefined);
      assert.equal(flow.onDisk('a.txt'), 'a\n', JSON.stringify(resume));
    }
    parts.database.close();
    await flow.restart();
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'b\n');
    assert.match(flow.told('c'), /^Applied/u);
    assert.equal(flow.events().filter((event) => event === 'applied').length, 1);
  });

  it('APR-10: an answer to a card of one thread is not taken for another thread', async () => {
    const calls = [write('c', 'a.txt', 'b\n')];
    flow = await Flow.start({}, { calls }, { calls: [write('c', 'other.txt', 'b\n')] });
    const { threads } = flow.bench.core;
    const shown = shownOf(await flow.item());
    const other = await threads.send(null, 'Another');
    await flow.bench.reaches(other, 'waiting');
    await assert.rejects(threads.decide(other, shown, { kind: 'approve' }), /not exist any more/u);
    const [item] = await flow.bench.pendingItems(other);
    const mixed = { ...shown, interruptId: shownOf(item!).interruptId };
    const outcome = await threads.decide(other, mixed, { kind: 'approve' });
    assert.deepEqual(outcome, { kind: 'changed' });
    await assert.rejects(threads.decide('no thread', shown, { kind: 'approve' }), /not exist/u);
    assert.deepEqual(snapshot(flow.bench.folder), []);
  });

  it('APR-16: what was shown under other rules asks again after a restart, then is applied', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    await flow.restart({ policyVersion: 99 });
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'a\n');
    assert.match((await flow.review()).notice?.text ?? '', /rules changed/u);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'b\n');
  });

  it('APR-17: what was shown before the workspace was trusted asks again', async () => {
    const parts = makeParts({ 'a.txt': 'a\n' });
    flow = await Flow.start({});
    const { proposalId } = await parts.freeze({ 'a.txt': 'b\n' });
    await parts.ledger.ask(proposalId, 'i', false);
    await parts.decide(proposalId, { kind: 'approve' });
    const { state, reason } = await parts.executor.apply(proposalId);
    assert.equal(state, 'proposed');
    assert.match(reason, /not trusted then/u);
    assert.equal(readFileSync(parts.at('a.txt'), 'utf8'), 'a\n');
    parts.close();
  });

  it('APR-23, FS-17: what a formatter changes on save is reported, to the user and to the model', async () => {
    flow = await Flow.start(LETTERS, { calls: [patchLines('c', THREE)] });
    for (const path of ['a.txt', 'b.txt']) flow.bench.editor.open(flow.at(path));
    flow.bench.editor.onSave = (text) => text.replace('B', 'B ;  ');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('b.txt'), 'B ;  \n');
    const { state, detail } = await flow.item('c');
    assert.deepEqual(
      [state, detail],
      ['applied', 'Applied, then changed by a formatter on save: b.txt'],
    );
    const told = flow.told('c');
    assert.match(told, /a\.txt now has exactly the approved content/u);
    assert.match(told, /b\.txt was written, and then changed by a formatter/u);
    const applied = flow.bench.core.audit.rows().find(({ event }) => event === 'applied');
    const { operations } = await flow.proposal('c');
    assert.deepEqual(
      applied?.files?.map(({ after }) => after),
      operations.map(({ newSha256, finalSha256 }) => finalSha256 ?? newSha256),
    );
    assert.notEqual(operations[1]?.finalSha256, null);
  });

  it('APR-26: 500 files on one card: each is listed, the sums are right, one guarded file makes it high risk', async function () {
    this.timeout(120_000);
    const files = Object.fromEntries(
      Array.from({ length: 499 }, (_, index) => [`src/${index}.ts`, `one\ntwo ${index}\n`]),
    );
    const all = { ...files, '.vscode/settings.json': '{}\n' };
    const begun = performance.now();
    flow = await Flow.start({}, { calls: [create('c', all)] });
    const review = await flow.review();
    const shown = performance.now();
    assert.deepEqual(
      review.files.map(({ path }) => path),
      Object.keys(all),
    );
    assert.deepEqual([review.added, review.removed], [999, 0]);
    assert.equal(review.risk, 'high');
    assert.match(review.why, /steers the editor/u);
    assert.deepEqual(snapshot(flow.bench.folder), []);
    await flow.takes({
      kind: 'partial',
      files: Array.from({ length: 499 }, (_, operation) => ({ operation, changes: 'all' })),
      reason: 'not the settings',
    });
    const done = performance.now();
    for (const [path, text] of Object.entries(files)) assert.equal(flow.onDisk(path), text);
    assert.equal(flow.onDisk('.vscode/settings.json'), null);
    assert.match(flow.told('c'), /\.vscode\/settings\.json: nothing of it was done/u);
    const took = [shown - begun, done - shown].map((time) => `${Math.round(time)} ms`);
    console.log(`      500 files: shown in ${took[0] ?? ''}, applied in ${took[1] ?? ''}`);
  });

  it('APR-26: a member that is denied refuses the whole card', async () => {
    const files = { 'a.txt': 'a\n', '.git/hooks/pre-commit': 'x\n' };
    flow = await Flow.start({}, { calls: [create('c', files)] });
    assert.equal((await flow.item('c')).state, 'failed');
    assert.match(flow.told('c'), /own data/u);
    assert.deepEqual(await flow.bench.pendingItems(flow.id), []);
    assert.deepEqual(snapshot(flow.bench.folder), []);
  });

  it('PATH-20: the card of a folder lists every file in it, and the risk is high', async () => {
    const files = { '.gitignore': 'build\n', 'build/out.js': 'x\n', 'build/.cache/y': 'y\n' };
    flow = await Flow.start(files, { calls: [remove('c', 'build')] });
    const review = await flow.review();
    assert.deepEqual(
      review.files.map(({ path, change }) => [path, change]),
      [
        ['build/.cache/y', 'delete'],
        ['build/out.js', 'delete'],
      ],
    );
    assert.equal(review.risk, 'high');
    await flow.takes({ kind: 'approve' });
    assert.equal(existsSync(flow.at('build')), false);
    assert.match(flow.told('c'), /build\/\.cache\/y is deleted\.\nbuild\/out\.js is deleted\./u);
  });

  for (const how of ['answers false', 'throws'] as const) {
    it(`FS-19: the editor ${how} at the second of three files: the first is put back, the third not tried`, async () => {
      flow = await Flow.start(LETTERS, { calls: [patchLines('c', THREE)] });
      flow.bench.editor.open(flow.at('b.txt'));
      flow.bench.editor.applyEdit = how;
      await flow.takes({ kind: 'approve' });
      assert.equal(letters(), 'abc');
      assert.equal((await flow.item('c')).state, 'failed');
      assert.match(flow.told('c'), /^Failed: .*editor.*a\.txt, b\.txt, c\.txt was not changed/u);
      const events = flow.events();
      assert.deepEqual(events.slice(-2), ['claimed', 'failed']);
    });

    it(`FS-19: the editor ${how} at the second and at putting the first back: what is half-way is shown`, async () => {
      flow = await Flow.start(LETTERS, { calls: [patchLines('c', THREE)] });
      for (const path of ['a.txt', 'b.txt']) flow.bench.editor.open(flow.at(path));
      let saves = 0;
      flow.bench.editor.onSave = (text) => {
        if (++saves === 1) flow.bench.editor.applyEdit = how;
        return text;
      };
      await flow.takes({ kind: 'approve' });
      assert.equal(letters(), 'Abc');
      const { state, review } = await flow.item();
      assert.equal(state, 'partial');
      assert.ok(review?.evidence.includes('a.txt is as approved'));
      assert.ok(review?.evidence.includes('c.txt is as it was before'));
      flow.bench.editor.applyEdit = 'works';
      await flow.takes({ kind: 'settle', way: 'finish' });
      await flow.takes({ kind: 'approve' });
      assert.equal(letters(), 'ABC');
    });
  }

  it('FS-28: a workspace folder that is gone: nothing is written, and it is not made again', async () => {
    flow = await Flow.start(LETTERS, {
      calls: [edit('1', 'a.txt', 'a', 'A'), write('2', 'n', 'n')],
    });
    rmSync(flow.bench.folder, { recursive: true });
    await flow.takes({ kind: 'approve' }, '1');
    await flow.takes({ kind: 'approve' }, '2');
    assert.equal(existsSync(flow.bench.folder), false);
    for (const id of ['1', '2'])
      assert.match(flow.told(id), /^Refused as stale: .*folder is gone/u);
  });

  it('FS-28: a folder that the user has closed: nothing is written in it', async () => {
    flow = await Flow.start(LETTERS, { calls: [edit('1', 'a.txt', 'a', 'A')] });
    const folders = flow.bench.editor.folders() as WorkspaceFolder[];
    const [closed] = folders.splice(0, 1);
    await flow.takes({ kind: 'approve' });
    assert.equal(letters(), 'abc');
    assert.equal((await flow.item('1')).state, 'stale');
    folders.push(closed!);
  });
});

describe('FS-16: two windows on one folder, both with unsaved text', () => {
  it('take nothing from each other: the second is refused or shown anew', async () => {
    const here = makeParts({ 'a.txt': 'one\n\n\n\ntwo\n' });
    const there = makeParts({}, { folder: here.folder, storage: here.storage });
    const path = here.at('a.txt');
    for (const { editor } of [here, there]) editor.open(path);
    here.editor.type(path, 'HERE\n\n\n\ntwo\n');
    there.editor.type(path, 'THERE\n\n\n\ntwo\n');
    const first = await here.propose({ 'a.txt': 'HERE\n\n\n\nTWO\n' });
    const second = await there.propose({ 'a.txt': 'THERE\n\n\n\n2\n' });
    await here.decide(first.proposalId, { kind: 'approve' });
    assert.equal((await here.executor.apply(first.proposalId)).state, 'applied');
    assert.equal(readFileSync(path, 'utf8'), 'HERE\n\n\n\nTWO\n');
    await there.decide(second.proposalId, { kind: 'approve' });
    const { state } = await there.executor.apply(second.proposalId);
    assert.notEqual(state, 'applied');
    assert.equal(readFileSync(path, 'utf8'), 'HERE\n\n\n\nTWO\n', 'what the first wrote stays');
    assert.match(there.editor.textOf(path), /^THERE/u, 'and so does what was typed');
    there.database.close();
    here.close();
  });

  it('a file that one window saves makes the proposal of the other one stale', async () => {
    const here = makeParts({ 'a.txt': 'one\n' });
    const there = makeParts({}, { folder: here.folder, storage: here.storage });
    const path = here.at('a.txt');
    const waiting = await here.propose({ 'a.txt': 'proposed\n' });
    there.editor.open(path);
    there.editor.type(path, 'theirs\n');
    there.editor.save(path);
    await here.decide(waiting.proposalId, { kind: 'approve' });
    assert.equal((await here.executor.apply(waiting.proposalId)).origin, 'conflict');
    assert.equal(readFileSync(path, 'utf8'), 'theirs\n');
    writeFileSync(path, 'one\n');
    there.database.close();
    here.close();
  });
});
