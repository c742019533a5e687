import assert from 'node:assert/strict';
import type { ScriptedReply } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';
import { Pausing, both, done, write } from './support/pausing.ts';

const two: ScriptedReply = {
  calls: ['a.txt', 'b.txt'].map((path) => ({
    ...{ id: path, name: 'write_file', args: { path, content: 'new\n' } },
  })),
};

describe('the state of a thread', () => {
  let run: Pausing;
  beforeEach(() => {
    run = new Pausing();
  });
  afterEach(() => run.close());

  const rejection = {
    type: 'tool',
    tool_call_id: 'w',
    status: 'error',
    content: 'No: not this file.',
  };
  describe('before the node of the tools, by breakpoints alone', () => {
    beforeEach(() => run.startAt(['toolCall'], write, done, done));

    it('says what comes next, and what waits for it', async () => {
      const { next, tasks, pendingToolCalls, values } = await run.bench.core.threads.state(run.id);
      assert.deepEqual(next, ['toolCall']);
      assert.deepEqual(tasks, [
        { node: 'toolCall', toolCallId: 'w', interruptId: null, done: false },
      ]);
      const [{ calls = [] }] = [write];
      assert.deepEqual(pendingToolCalls, calls);
      assert.equal(values.mode, 'act');
      assert.deepEqual(await run.outline(), ['human', 'ai']);
    });

    it('approves by going on', async () => {
      await run.goesOn('waiting');
      const [task] = (await run.bench.core.threads.state(run.id)).tasks;
      const [item] = await run.bench.pendingItems(run.id);
      assert.equal(task?.interruptId, item?.review?.interruptId);
      await run.approve();
      assert.equal(run.onDisk(), 'new\n');
    });

    it('rejects by a tool message', async () => {
      await run.applies({ messages: [rejection] }, 'callModel');
      assert.equal((await run.bench.view(run.id)).status, 'paused');
      await run.goesOn('idle');
      assert.deepEqual(await run.outline(), ['human', 'ai', 'w: No', 'ai']);
      const told = run.bench.model.requests.at(-1)?.at(-1);
      assert.equal(told?.text, 'No: not this file.');
      assert.equal(run.onDisk(), 'old\n');
      assert.deepEqual(await run.bench.core.threads.pending(), []);
    });

    it('modifies the arguments: they are proposed, byte for byte, and still ask', async () => {
      const changed = await run.withArguments({ path: 'a.txt', content: 'mine\r\n\ttoo' });
      await run.applies({ messages: [changed] }, 'toolCall');
      assert.equal(run.onDisk(), 'old\n');
      run.bench = run.bench.restart([done]);
      assert.equal((await run.bench.view(run.id)).status, 'paused');
      await run.goesOn('waiting');
      const [item] = await run.bench.pendingItems(run.id);
      const proposal = run.bench.core.proposal(item?.review?.proposalId ?? '');
      const [operation] = proposal?.operations ?? [];
      const proposed = run.bench.core.bytes(operation?.newSha256 ?? '');
      assert.equal(run.onDisk(), 'old\n');
      await run.approve();
      assert.equal(run.onDisk(), new TextDecoder().decode(proposed));
      assert.match(run.onDisk(), /^mine/u);
      const call = run.bench.model.requests.at(-1)?.find(({ type }) => type === 'ai');
      assert.match(JSON.stringify(call), /mine/u);
    });

    it('changes the mode, which the calls then find', async () => {
      await run.applies({ mode: 'plan' }, 'toolCall');
      assert.equal((await run.bench.view(run.id)).mode, 'plan');
      await run.goesOn('idle');
      assert.match((await run.outline())[2] ?? '', /not there in the mode "plan"/u);
      assert.equal(run.onDisk(), 'old\n');
    });

    it('ends the turn where a change says that the model has spoken', async () => {
      const [, said] = await run.messages();
      await run.applies({
        messages: [
          { type: 'remove', id: said?.id },
          { type: 'ai', content: 'Never mind.' },
        ],
      });
      assert.equal((await run.bench.view(run.id)).status, 'idle');
      assert.deepEqual(await run.outline(), ['human', 'ai']);
    });

    it('sends a new message of the user through the guard', async () => {
      const messages = [rejection, { type: 'human', content: 'Look at b.txt' }];
      await run.applies({ messages }, 'guard');
      await run.goesOn('idle');
      assert.deepEqual((await run.outline()).slice(-2), ['human', 'ai']);
    });
  });

  describe('while an approval waits', () => {
    it('proposes a changed call anew, and withdraws what waited', async () => {
      await run.startAt([], both, done);
      const [before] = await run.bench.pendingItems(run.id);
      const said = (await run.messages())[1];
      assert.ok(said?.type === 'ai');
      const args = { path: 'a.txt', content: 'mine\n' };
      const tool_calls = said.tool_calls.map((one) => (one.id === 'w' ? { ...one, args } : one));
      await run.applies({ messages: [{ ...said, tool_calls }] }, 'toolCall');
      assert.equal((await run.bench.view(run.id)).status, 'paused');
      assert.equal(run.bench.core.proposal(before?.review?.proposalId ?? '')?.state, 'cancelled');
      assert.deepEqual(await run.bench.core.threads.pending(), []);
      await run.goesOn('waiting');
      const [now] = await run.bench.pendingItems(run.id);
      assert.notEqual(now?.id, before?.id);
      await run.approve();
      assert.equal(run.onDisk(), 'mine\n');
      const answers = (await run.messages()).filter(({ type }) => type === 'tool');
      assert.equal(answers.length, 2);
    });

    it('takes a tool message for a rejection of it', async () => {
      await run.startAt([], both, done);
      const [before] = await run.bench.pendingItems(run.id);
      await run.applies({ messages: [rejection] }, 'callModel');
      assert.equal(run.bench.core.proposal(before?.review?.proposalId ?? '')?.state, 'cancelled');
      await run.goesOn('idle');
      assert.deepEqual(await run.outline(), ['human', 'ai', 'r: old', 'w: No', 'ai']);
      assert.equal(run.onDisk(), 'old\n');
    });

    it('leaves alone what is decided, and does nothing of it twice', async () => {
      await run.startAt([], two, done);
      const [first] = await run.bench.pendingItems(run.id);
      assert.equal(first?.id, 'a.txt');
      await run.bench.decide(run.id, first, { kind: 'approve' });
      await until('the first to be written', () => run.onDisk('a.txt') === 'new\n');
      await run.bench.reaches(run.id, 'waiting');
      const said = (await run.messages())[1];
      assert.ok(said?.type === 'ai');
      const args = { path: 'a.txt', content: 'again\n' };
      const forged = said.tool_calls.map((one) => ({ ...one, args }));
      const refused = await run.update({ messages: [{ ...said, tool_calls: forged }] });
      assert.ok(refused.kind === 'refused' && refused.message.includes('is decided'));
      assert.equal(refused.about, 'a.txt');
      const others = said.tool_calls.map((one) =>
        one.id === 'b.txt' ? { ...one, args: { path: 'b.txt', content: 'mine\n' } } : one,
      );
      await run.applies({ messages: [{ ...said, tool_calls: others }] }, 'toolCall');
      await run.goesOn('waiting');
      await run.approve();
      assert.deepEqual([run.onDisk('a.txt'), run.onDisk('b.txt')], ['new\n', 'mine\n']);
      const applied = run.bench.core.audit.rows().filter(({ event }) => event === 'applied');
      assert.equal(applied.length, 2);
    });
  });

  it('keeps arguments that look like live objects as they are, over a restart', async () => {
    await run.startAt(['toolCall'], write, done);
    const content = '{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"]}';
    await run.applies(
      { messages: [await run.withArguments({ path: 'a.txt', content })] },
      'toolCall',
    );
    run.bench = run.bench.restart([done]);
    const [, said] = await run.messages();
    assert.ok(said?.type === 'ai');
    assert.deepEqual(said.tool_calls[0]?.args, { path: 'a.txt', content });
  });
});
