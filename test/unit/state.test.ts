import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainMessage } from '../../src/agent/plain-messages.ts';
import type { StateOutcome } from '../../src/threads/state-update.ts';
import { type Bench, makeBench } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

const write: ScriptedReply = {
  text: 'I will.',
  calls: [{ id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } }],
};
const both: ScriptedReply = {
  calls: [
    { id: 'r', name: 'read_file', args: { path: 'a.txt' } },
    { id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } },
  ],
};
const two: ScriptedReply = {
  calls: ['a.txt', 'b.txt'].map((path) => ({
    ...{ id: path, name: 'write_file', args: { path, content: 'new\n' } },
  })),
};
const done: ScriptedReply = { text: 'Done.' };

describe('the state of a thread', () => {
  let bench: Bench;
  let id: string;
  const start = async (before: readonly string[], ...replies: readonly ScriptedReply[]) => {
    bench = makeBench({ 'a.txt': 'old\n', 'b.txt': 'old\n' }, replies);
    const breakpoints = { before, after: [] };
    id = await bench.core.threads.send(null, 'Go', 'act', { breakpoints });
    return bench.reaches(id, before.length === 0 ? 'waiting' : 'paused');
  };
  const onDisk = (path = 'a.txt'): string => readFileSync(join(bench.folder, path), 'utf8');
  const messages = async (): Promise<readonly PlainMessage[]> =>
    (await bench.core.threads.state(id)).values.messages;
  const outline = async (): Promise<string[]> =>
    (await messages()).map((one) => (one.type === 'tool' ? `${one.tool_call_id}: ${one.content}` : one.type));
  const update = (values: unknown, asNode?: string): Promise<StateOutcome> =>
    bench.core.threads.updateState(id, { values, ...(asNode === undefined ? {} : { asNode }) });
  const applies = async (values: unknown, ...next: readonly string[]): Promise<void> => {
    assert.deepEqual(await update(values), { kind: 'applied', next });
  };
  const goesOn = async (status: 'idle' | 'waiting'): Promise<void> => {
    await bench.core.threads.resume(id);
    await bench.reaches(id, status);
  };
  const approve = async (): Promise<void> => {
    const [item, ...others] = await bench.pendingItems(id);
    assert.equal(others.length, 0);
    await bench.decide(id, item!, { kind: 'approve' });
    await bench.reaches(id, 'idle');
  };
  /** The message with the call, its arguments changed. */
  const withArguments = async (args: object): Promise<unknown> => {
    const said = (await messages()).find(({ type }) => type === 'ai');
    assert.ok(said?.type === 'ai');
    return { ...said, tool_calls: said.tool_calls.map((one) => ({ ...one, args })) };
  };
  const rejection = { type: 'tool', tool_call_id: 'w', status: 'error', content: 'No: not this file.' };
  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });

  describe('before the node of the tools, by breakpoints alone', () => {
    beforeEach(() => start(['toolCall'], write, done, done));

    it('says what comes next, and what waits for it', async () => {
      const { next, tasks, pendingToolCalls, values } = await bench.core.threads.state(id);
      assert.deepEqual(next, ['toolCall']);
      assert.deepEqual(tasks, [{ node: 'toolCall', toolCallId: 'w', interruptId: null, done: false }]);
      const [{ calls = [] }] = [write];
      assert.deepEqual(pendingToolCalls, calls);
      assert.equal(values.mode, 'act');
      assert.deepEqual(await outline(), ['human', 'ai']);
    });

    it('approves by going on', async () => {
      await goesOn('waiting');
      const [task] = (await bench.core.threads.state(id)).tasks;
      const [item] = await bench.pendingItems(id);
      assert.equal(task?.interruptId, item?.review?.interruptId);
      await approve();
      assert.equal(onDisk(), 'new\n');
    });

    it('rejects by a tool message', async () => {
      await applies({ messages: [rejection] }, 'callModel');
      assert.equal((await bench.view(id)).status, 'paused');
      await goesOn('idle');
      assert.deepEqual(await outline(), ['human', 'ai', 'w: No: not this file.', 'ai']);
      const told = bench.model.requests.at(-1)?.at(-1);
      assert.equal(told?.text, 'No: not this file.');
      assert.equal(onDisk(), 'old\n');
      assert.deepEqual(await bench.core.threads.pending(), []);
    });

    it('modifies the arguments: they are proposed, byte for byte, and still ask', async () => {
      const changed = await withArguments({ path: 'a.txt', content: 'mine\r\n\ttoo' });
      await applies({ messages: [changed] }, 'toolCall');
      assert.equal(onDisk(), 'old\n');
      bench = bench.restart([done]);
      assert.equal((await bench.view(id)).status, 'paused');
      await goesOn('waiting');
      const [item] = await bench.pendingItems(id);
      const proposal = bench.core.proposal(item?.review?.proposalId ?? '');
      const [operation] = proposal?.operations ?? [];
      const proposed = bench.core.bytes(operation?.newSha256 ?? '');
      assert.equal(onDisk(), 'old\n');
      await approve();
      assert.equal(onDisk(), new TextDecoder().decode(proposed));
      assert.match(onDisk(), /^mine/u);
      const call = bench.model.requests.at(-1)?.find(({ type }) => type === 'ai');
      assert.match(JSON.stringify(call), /mine/u);
    });

    it('changes the mode, which the calls then find', async () => {
      await applies({ mode: 'plan' }, 'toolCall');
      assert.equal((await bench.view(id)).mode, 'plan');
      await goesOn('idle');
      assert.match((await outline())[2] ?? '', /not there in the mode "plan"/u);
      assert.equal(onDisk(), 'old\n');
    });

    it('ends the turn where a change says that the model has spoken', async () => {
      const [, said] = await messages();
      await applies({ messages: [{ type: 'remove', id: said?.id }, { type: 'ai', content: 'Never mind.' }] });
      assert.equal((await bench.view(id)).status, 'idle');
      assert.deepEqual(await outline(), ['human', 'ai']);
    });

    it('sends a new message of the user through the guard', async () => {
      const messages = [rejection, { type: 'human', content: 'Look at b.txt' }];
      await applies({ messages }, 'guard');
      await goesOn('idle');
      assert.deepEqual((await outline()).slice(-2), ['human', 'ai']);
    });
  });

  describe('while an approval waits', () => {
    it('proposes a changed call anew, and withdraws what waited', async () => {
      await start([], both, done);
      const [before] = await bench.pendingItems(id);
      const said = (await messages())[1];
      assert.ok(said?.type === 'ai');
      const args = { path: 'a.txt', content: 'mine\n' };
      const tool_calls = said.tool_calls.map((one) => (one.id === 'w' ? { ...one, args } : one));
      await applies({ messages: [{ ...said, tool_calls }] }, 'toolCall');
      assert.equal((await bench.view(id)).status, 'paused');
      assert.equal(bench.core.proposal(before?.review?.proposalId ?? '')?.state, 'cancelled');
      assert.deepEqual(await bench.core.threads.pending(), []);
      await goesOn('waiting');
      const [now] = await bench.pendingItems(id);
      assert.notEqual(now?.id, before?.id);
      await approve();
      assert.equal(onDisk(), 'mine\n');
      const answers = (await messages()).filter(({ type }) => type === 'tool');
      assert.equal(answers.length, 2);
    });

    it('takes a tool message for a rejection of it', async () => {
      await start([], both, done);
      const [before] = await bench.pendingItems(id);
      await applies({ messages: [rejection] }, 'callModel');
      assert.equal(bench.core.proposal(before?.review?.proposalId ?? '')?.state, 'cancelled');
      await goesOn('idle');
      assert.deepEqual(await outline(), ['human', 'ai', 'r: old\n', 'w: No: not this file.', 'ai']);
      assert.equal(onDisk(), 'old\n');
    });

    it('leaves alone what is decided, and does nothing of it twice', async () => {
      await start([], two, done);
      const [first] = await bench.pendingItems(id);
      assert.equal(first?.id, 'a.txt');
      await bench.decide(id, first!, { kind: 'approve' });
      await until('the first to be written', () => onDisk('a.txt') === 'new\n');
      await bench.reaches(id, 'waiting');
      const said = (await messages())[1];
      assert.ok(said?.type === 'ai');
      const args = { path: 'a.txt', content: 'again\n' };
      const forged = said.tool_calls.map((one) => ({ ...one, args }));
      const refused = await update({ messages: [{ ...said, tool_calls: forged }] });
      assert.ok(refused.kind === 'refused' && /is decided/u.test(refused.message));
      assert.equal(refused.about, 'a.txt');
      const others = said.tool_calls.map((one) =>
        one.id === 'b.txt' ? { ...one, args: { path: 'b.txt', content: 'mine\n' } } : one,
      );
      await applies({ messages: [{ ...said, tool_calls: others }] }, 'toolCall');
      await goesOn('waiting');
      await approve();
      assert.deepEqual([onDisk('a.txt'), onDisk('b.txt')], ['new\n', 'mine\n']);
      const applied = bench.core.audit.rows().filter(({ event }) => event === 'applied');
      assert.equal(applied.length, 2);
    });
  });

  describe('refuses, and changes nothing', () => {
    beforeEach(() => start(['toolCall'], both, done));
    const human = { type: 'human', content: 'x' };
    const call = { id: 'n', name: 'read_file', args: { path: 'a.txt' } };
    const said = (calls: unknown): unknown => ({ type: 'ai', content: '', tool_calls: calls });
    const answer = (callId: string): unknown => ({ type: 'tool', tool_call_id: callId, content: 'x' });
    const proto: unknown = JSON.parse('{"__proto__": {"path": "b.txt"}, "path": "a.txt"}');
    const revived = { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'AIMessage'], kwargs: {} };
    class Args {
      readonly path = 'a.txt';
    }
    const wrong: readonly [what: string, values: unknown, says: RegExp, asNode?: string][] = [
      ['an unknown channel', { tools: [] }, /no channel “tools”.*messages, mode/u],
      ['no object', 'messages', /expected object/u],
      ['an unknown mode', { mode: 'yolo' }, /Invalid option/u],
      ['a message of no kind', { messages: [{ type: 'system', content: 'x' }] }, /type/u],
      ['what would be revived', { messages: [revived] }, /type/u],
      ['content that is no text', { messages: [{ ...human, content: [revived] }] }, /expected string/u],
      ['fields nobody knows', { messages: [{ ...human, additional_kwargs: {} }] }, /additional_kwargs/u],
      ['one of two answers', { messages: [answer('w')] }, /r has no tool message/u],
      ['an answer to nothing', { messages: [answer('r'), answer('w'), answer('x')] }, /for x/u],
      ['an answer too late', { messages: [human] }, /has no tool message/u],
      ['open calls before another node', { messages: [] }, /only “callModel”/u, 'toolCall'],
      ['an unknown node', { messages: [] }, /no node “tools”/u, 'tools'],
      ['arguments that the tool does not take', { messages: [said([{ ...call, args: {} }])] }, /path/u],
      ['an unknown tool', { messages: [said([{ ...call, name: 'rm' }])] }, /no tool named rm/u],
      ['arguments with a class', { messages: [said([{ ...call, args: new Args() }])] }, /plain JSON/u],
      ['arguments with another prototype', { messages: [said([{ ...call, args: proto }])] }, /plain JSON/u],
      ['to remove what is not there', { messages: [{ type: 'remove', id: 'x' }] }, /no message x/u],
    ];
    for (const [what, values, says, asNode] of wrong) {
      it(what, async () => {
        const before = await bench.core.threads.state(id);
        const outcome = await update(values, asNode);
        assert.ok(outcome.kind === 'refused');
        assert.match(outcome.message, says);
        assert.deepEqual(await bench.core.threads.state(id), before);
        assert.equal((await bench.view(id)).status, 'paused');
      });
    }

    it('what was made of an earlier state', async () => {
      const { threads } = bench.core;
      const { checkpointId } = await threads.state(id);
      await applies({ mode: 'plan' }, 'toolCall');
      const outcome = await threads.updateState(id, {
        ...{ values: { mode: 'act' }, checkpointId: checkpointId ?? '' },
      });
      assert.ok(outcome.kind === 'refused' && /has gone on/u.test(outcome.message));
    });

    it('a message that becomes one of another kind, or two of one id', async () => {
      const [first] = await messages();
      const outcome = await update({ messages: [{ type: 'ai', id: first?.id, content: 'x' }] });
      assert.ok(outcome.kind === 'refused' && /another kind/u.test(outcome.message));
    });

    it('a change while the run goes', async () => {
      const going = Promise.withResolvers<undefined>();
      await bench.close();
      bench = makeBench({ 'a.txt': 'old\n' }, [{ ...done, until: going.promise }]);
      id = await bench.core.threads.send(null, 'Go');
      await assert.rejects(update({ mode: 'plan' }), /still working/u);
      going.resolve(undefined);
      await bench.reaches(id, 'idle');
    });
  });

  it('keeps arguments that look like live objects as they are, over a restart', async () => {
    await start(['toolCall'], write, done);
    const content = '{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"]}';
    await applies({ messages: [await withArguments({ path: 'a.txt', content })] }, 'toolCall');
    bench = bench.restart([done]);
    const [, said] = await messages();
    assert.ok(said?.type === 'ai');
    assert.deepEqual(said.tool_calls[0]?.args, { path: 'a.txt', content });
  });
});
