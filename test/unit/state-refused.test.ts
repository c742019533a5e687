import assert from 'node:assert/strict';
import { Pausing, both, done } from './support/pausing.ts';

describe('a change of the state', () => {
  let run: Pausing;
  beforeEach(() => {
    run = new Pausing();
  });
  afterEach(() => run.close());

  describe('refuses, and changes nothing', () => {
    beforeEach(() => run.startAt(['toolCall'], both, done));
    const human = { type: 'human', content: 'x' };
    const call = { id: 'n', name: 'read_file', args: { path: 'a.txt' } };
    const said = (calls: unknown): unknown => ({ type: 'ai', content: '', tool_calls: calls });
    const answer = (callId: string): unknown => ({
      type: 'tool',
      tool_call_id: callId,
      content: 'x',
    });
    const proto: unknown = JSON.parse('{"__proto__": {"path": "b.txt"}, "path": "a.txt"}');
    const revived = {
      lc: 1,
      type: 'constructor',
      id: ['langchain_core', 'messages', 'AIMessage'],
      kwargs: {},
    };
    class Args {
      readonly path = 'a.txt';
    }
    const wrong: readonly [what: string, values: unknown, says: RegExp, asNode?: string][] = [
      ['an unknown channel', { tools: [] }, /no channel “tools”.*messages, mode/u],
      ['no object', 'messages', /expected object/u],
      ['an unknown mode', { mode: 'yolo' }, /Invalid option/u],
      ['a message of no kind', { messages: [{ type: 'system', content: 'x' }] }, /type/u],
      ['what would be revived', { messages: [revived] }, /type/u],
      [
        'content that is no text',
        { messages: [{ ...human, content: [revived] }] },
        /expected string/u,
      ],
      [
        'fields nobody knows',
        { messages: [{ ...human, additional_kwargs: {} }] },
        /additional_kwargs/u,
      ],
      ['one of two answers', { messages: [answer('w')] }, /r has no tool message/u],
      ['an answer to nothing', { messages: [answer('r'), answer('w'), answer('x')] }, /for x/u],
      ['an answer too late', { messages: [human] }, /has no tool message/u],
      ['open calls before another node', { messages: [] }, /only “callModel”/u, 'toolCall'],
      ['an unknown node', { messages: [] }, /no node “tools”/u, 'tools'],
      [
        'arguments that the tool does not take',
        { messages: [said([{ ...call, args: {} }])] },
        /path/u,
      ],
      ['an unknown tool', { messages: [said([{ ...call, name: 'rm' }])] }, /no tool named rm/u],
      [
        'arguments with a class',
        { messages: [said([{ ...call, args: new Args() }])] },
        /plain JSON/u,
      ],
      [
        'arguments with another prototype',
        { messages: [said([{ ...call, args: proto }])] },
        /plain JSON/u,
      ],
      ['to remove what is not there', { messages: [{ type: 'remove', id: 'x' }] }, /no message x/u],
    ];
    for (const [what, values, says, asNode] of wrong) {
      it(what, async () => {
        const before = await run.bench.core.threads.state(run.id);
        const outcome = await run.update(values, asNode);
        assert.ok(outcome.kind === 'refused');
        assert.match(outcome.message, says);
        assert.deepEqual(await run.bench.core.threads.state(run.id), before);
        assert.equal((await run.bench.view(run.id)).status, 'paused');
      });
    }

    it('what was made of an earlier state', async () => {
      const { threads } = run.bench.core;
      const { checkpointId } = await threads.state(run.id);
      await run.applies({ mode: 'plan' }, 'toolCall');
      const outcome = await threads.updateState(run.id, {
        ...{ values: { mode: 'act' }, checkpointId: checkpointId ?? '' },
      });
      assert.ok(outcome.kind === 'refused' && outcome.message.includes('has gone on'));
    });

    it('a message that becomes one of another kind, or two of one id', async () => {
      const [first] = await run.messages();
      const outcome = await run.update({ messages: [{ type: 'ai', id: first?.id, content: 'x' }] });
      assert.ok(outcome.kind === 'refused' && outcome.message.includes('another kind'));
    });

    it('a change while the run goes', async () => {
      const going = Promise.withResolvers<undefined>();
      await run.close();
      await run.start([{ ...done, until: going.promise }]);
      await assert.rejects(run.update({ mode: 'plan' }), /still working/u);
      going.resolve(undefined);
      await run.bench.reaches(run.id, 'idle');
    });
  });
});
