import { Command } from '@langchain/langgraph';
import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeGraph } from '../../src/agent/graph.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { createQueue } from '../../src/shared/queue.ts';
import { type Bench, makeBench, makeFolder, shownOf } from '../support/core.ts';
import { type ScriptedCall, type ScriptedReply, ScriptedModel } from '../support/scripted-model.ts';
import { makeParts } from './support/parts.ts';

const WEEK = 7 * 24 * 60 * 60 * 1000;

const write = (id: string, path: string, content: string): ScriptedCall => ({
  id,
  name: 'write_file',
  args: { path, content },
});

/** Every entry below a folder with what `git status` and a careful eye would see of it. */
function traces(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { mode, mtimeMs, ino, size } = lstatSync(join(folder, name));
      return [name, mode, mtimeMs, ino, size].join(' ');
    })
    .toSorted();
}

describe('attacks on approvals', () => {
  let bench: Bench;
  const start = (files: Record<string, string>, replies: readonly ScriptedReply[]): Bench =>
    (bench = makeBench(files, replies));
  const onDisk = (path: string): string => readFileSync(join(bench.folder, path), 'utf8');
  const asked = async (): Promise<string> => {
    const id = await bench.core.threads.send(null, 'Go');
    await bench.reaches(id, 'waiting');
    return id;
  };
  afterEach(async () => {
    await bench.close();
  });

  it('APR-04: a file that is replaced by a link before Approve is refused, and what it leads to stays', async () => {
    const outside = makeFolder({ 'target.txt': 'theirs' });
    start({ 'a.txt': 'old\n' }, [{ calls: [write('c', 'a.txt', 'new\n')] }, { text: 'I see.' }]);
    const id = await asked();
    const [item] = await bench.pendingItems(id);
    rmSync(join(bench.folder, 'a.txt'));
    symlinkSync(join(outside, 'target.txt'), join(bench.folder, 'a.txt'));
    await bench.decide(id, item!, { kind: 'approve' });
    const view = await bench.reaches(id, 'idle');
    assert.equal(readFileSync(join(outside, 'target.txt'), 'utf8'), 'theirs');
    assert.equal(lstatSync(join(bench.folder, 'a.txt')).isSymbolicLink(), true);
    assert.equal(view.items.find((one) => one.kind === 'tool')?.state, 'stale');
    rmSync(outside, { recursive: true });
  });

  it('APR-11: a proposal of files is as good after a week, and is looked at again first', async () => {
    let time = 1;
    start({}, []);
    const parts = makeParts({ 'a.txt': 'old', 'b.txt': 'b' }, { now: () => time });
    const first = await parts.propose({ 'a.txt': 'new' });
    const second = await parts.propose({ 'b.txt': 'B' });
    time += WEEK;
    assert.equal(await parts.executor.revalidate(first.proposalId), false);
    await parts.decide(first.proposalId, { kind: 'approve' });
    assert.equal((await parts.executor.apply(first.proposalId)).state, 'applied');
    rmSync(parts.at('b.txt'));
    await parts.decide(second.proposalId, { kind: 'approve' });
    assert.equal((await parts.executor.apply(second.proposalId)).state, 'stale');
    assert.equal(existsSync(parts.at('b.txt')), false);
    parts.close();
  });

  it('APR-16: rules that changed between Approve and the effect ask again', async () => {
    const first = start({ 'a.txt': 'old\n' }, []);
    const old = makeParts({}, { folder: first.folder });
    const id = await old.approved({ 'a.txt': 'new\n' });
    const now = makeParts({}, { folder: first.folder, storage: old.storage, policyVersion: 2 });
    const { state, reason } = await now.executor.apply(id);
    assert.equal(state, 'proposed');
    assert.match(reason, /rules changed/u);
    assert.equal(onDisk('a.txt'), 'old\n');
    await now.ledger.ask(id, 'again', true);
    assert.equal(now.find(id).shown?.binding.policyVersion, 2);
    await now.decide(id, { kind: 'approve' });
    assert.equal((await now.executor.apply(id)).state, 'applied');
    now.database.close();
    old.close();
  });

  it('APR-17: nothing is written once the workspace is not trusted any more', async () => {
    start({ 'a.txt': 'old\n' }, [{ calls: [write('c', 'a.txt', 'new\n')] }, { text: 'I see.' }]);
    const id = await asked();
    const [item] = await bench.pendingItems(id);
    bench.editor.isTrusted = false;
    await bench.decide(id, item!, { kind: 'approve' });
    const view = await bench.reaches(id, 'idle');
    const tool = view.items.find((one) => one.kind === 'tool');
    assert.equal(tool?.state, 'stale');
    assert.match(tool.detail, /not trusted/u);
    assert.equal(onDisk('a.txt'), 'old\n');
  });

  it('APR-20: what nobody answers stays unanswered, over restarts', async () => {
    let current = start({ 'a.txt': 'old\n' }, [{ calls: [write('c', 'a.txt', 'new\n')] }]);
    const id = await asked();
    const [before] = await bench.pendingItems(id);
    for (let time = 0; time < 3; time++) {
      await current.core.close();
      bench = current = current.restart([]);
      const waiting = await bench.core.threads.pending();
      assert.equal(waiting.length, 1);
      assert.deepEqual(waiting[0]?.item.review?.effectHash, before?.review?.effectHash);
    }
    assert.equal(onDisk('a.txt'), 'old\n');
  });

  it('APR-22: two calls with one id are two cards; approving one applies one', async () => {
    start({}, [
      { calls: [write('same', 'a.txt', 'a\n'), write('same', 'b.txt', 'b\n')] },
      { text: 'I see.' },
    ]);
    const id = await asked();
    const waiting = await bench.pendingItems(id);
    assert.equal(waiting.length, 2);
    assert.notDeepEqual(shownOf(waiting[0]!), shownOf(waiting[1]!));
    const b = waiting.find(({ review }) => review?.path === 'b.txt');
    await bench.decide(id, b!, { kind: 'approve' });
    await bench.reaches(id, 'running');
    await bench.reaches(id, 'waiting');
    assert.deepEqual(readdirSync(bench.folder), ['b.txt']);
    assert.equal((await bench.pendingItems(id)).length, 1);
  });

  it('APR-25: a rejection leaves no trace, not even of looking', async () => {
    start({ 'a.txt': 'old\n', 'sub/b.txt': 'b\n' }, [
      {
        calls: [
          write('1', 'a.txt', 'new\n'),
          write('2', 'made/deep/c.txt', 'c\n'),
          { id: '3', name: 'delete_file', args: { path: 'sub/b.txt' } },
          { id: '4', name: 'move_file', args: { from: 'a.txt', to: 'moved/a.txt' } },
        ],
      },
      { text: 'I see.' },
    ]);
    const before = traces(bench.folder);
    const id = await asked();
    for (;;) {
      const [item] = await bench.pendingItems(id);
      if (item === undefined) break;
      await bench.decide(id, item, { kind: 'reject', reason: 'no' });
      await bench.reaches(id, 'running');
      const last = (await bench.pendingItems(id)).length === 0;
      await bench.reaches(id, last ? 'idle' : 'waiting');
    }
    assert.deepEqual(traces(bench.folder), before);
  });

  it('FS-11: a file that was renamed after the preview is not made anew under its old name', async () => {
    start({ 'a.txt': 'old\n' }, [{ calls: [write('c', 'a.txt', 'new\n')] }, { text: 'I see.' }]);
    const id = await asked();
    const [item] = await bench.pendingItems(id);
    renameSync(join(bench.folder, 'a.txt'), join(bench.folder, 'b.txt'));
    await bench.decide(id, item!, { kind: 'approve' });
    await bench.reaches(id, 'idle');
    assert.deepEqual(readdirSync(bench.folder), ['b.txt']);
    assert.equal(onDisk('b.txt'), 'old\n');
  });
});

describe('APR-08: a resume value', () => {
  it('approves nothing, whatever it says and however it is given', async () => {
    const parts = makeParts({ 'a.txt': 'old' });
    const model = new ScriptedModel([
      { calls: [write('c', 'a.txt', 'new')] },
      { text: 'It is done.' },
    ]);
    const agent = makeGraph({
      ...parts,
      classifier: () => Promise.resolve(null),
      proposing: createQueue(),
      recorded: true,
      checkpointer: new CheckpointSaver(parts.database),
      model: () => Promise.resolve({ model, patience: 60 }),
    });
    const config = {
      configurable: { thread_id: 't', __pregel_strict_resume: true },
      durability: 'sync' as const,
    };
    const begun = await agent.invoke({ messages: [{ role: 'user', content: 'Go' }] }, config);
    const interrupts = (begun as { __interrupt__?: { id: string }[] }).__interrupt__ ?? [];
    const [{ id } = { id: '' }] = interrupts;
    const [proposal] = parts.ledger.ofThread('t');
    assert.equal(proposal?.state, 'proposed');
    await parts.ledger.ask(proposal.proposalId, id, true);
    const values: unknown[] = [
      { decision: 'approve' },
      { kind: 'approve' },
      true,
      { proposalId: proposal.proposalId },
      { [id]: { decision: 'approve' } },
      { [id]: { kind: 'approve' } },
      { [id]: { proposalId: proposal.proposalId } },
      { [id]: { proposalId: 'another' } },
      { '0123456789abcdef0123456789abcdef': { proposalId: proposal.proposalId } },
    ];
    for (const resume of values) {
      // Refused, or taken for a wake-up, after which the ledger is asked.
      await agent.invoke(new Command({ resume }), config).catch(() => undefined);
      assert.equal(parts.find(proposal.proposalId).state, 'proposed', JSON.stringify(resume));
      assert.equal(readFileSync(parts.at('a.txt'), 'utf8'), 'old', JSON.stringify(resume));
    }
    assert.equal(model.requests.length, 1);
    parts.close();
  });
});
