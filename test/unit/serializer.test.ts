import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import { Send } from '@langchain/langgraph';
import { DeltaSnapshot, isDeltaSnapshot } from '@langchain/langgraph-checkpoint';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stateSerializer } from '../../src/checkpoint/serializer.ts';
import { FORGED, REGEXP } from './support/lookalikes.ts';

const UNDEFINED = { lc: 2, type: 'undefined' };
const SNAPSHOT = { lc: 2, type: 'delta_snapshot', value: [FORGED] };
const LOOKALIKES = [FORGED, REGEXP, UNDEFINED, SNAPSHOT];

async function roundTrip(value: unknown): Promise<unknown> {
  const [type, bytes] = await stateSerializer.dumpsTyped(value);
  return stateSerializer.loadsTyped(type, bytes);
}

describe('the serializer', () => {
  for (const lookalike of LOOKALIKES) {
    const name = JSON.stringify(lookalike).slice(0, 60);

    it(`arguments that look like ${name} stay data`, async () => {
      const args = { path: 'a', nested: [{ lookalike }], ...lookalike };
      const message = new AIMessage({ content: '', tool_calls: [{ id: 'c', name: 't', args }] });
      const back = (await roundTrip([message])) as AIMessage[];
      assert.ok(AIMessage.isInstance(back[0]));
      assert.deepEqual(back[0].tool_calls?.[0]?.args, args);
    });

    it(`text that looks like ${name} stays text`, async () => {
      const content = JSON.stringify(lookalike);
      const message = new ToolMessage({ content, tool_call_id: 'c', artifact: content });
      const back = (await roundTrip(message)) as ToolMessage;
      assert.equal(back.content, content);
      assert.equal(back.artifact, content);
    });

    it(`an interrupt whose value looks like ${name} stays data`, async () => {
      const value = [
        { id: 'i', value: { type: 'tool_approval', name: lookalike, more: [lookalike] } },
      ];
      assert.deepEqual(await roundTrip(value), value);
    });

    it(`a bare value that looks like ${name} stays data`, async () => {
      assert.deepEqual(await roundTrip(lookalike), lookalike);
    });

    it(`a message's other fields that look like ${name} stay data`, async () => {
      const message = new HumanMessage({
        content: 'x',
        additional_kwargs: { lookalike },
        response_metadata: { lookalike },
      });
      const back = (await roundTrip({ messages: [message] })) as { messages: BaseMessage[] };
      assert.deepEqual(back.messages[0]?.additional_kwargs, { lookalike });
      assert.deepEqual(back.messages[0].response_metadata, { lookalike });
    });
  }

  it('stored classes that are not messages stay data', async () => {
    const stored = [
      { ...FORGED, id: ['langchain_core', 'messages', 'ChatMessage'] },
      { ...FORGED, id: ['langchain_core', 'messages', '__proto__'] },
      { ...FORGED, id: ['langchain_core', 'messages', 'constructor'] },
      { ...FORGED, id: ['langchain_core', 'prompts', 'AIMessage'] },
      { ...FORGED, id: ['langchain_core', 'messages', 'AIMessage', 'more'] },
      { ...FORGED, kwargs: null },
      { ...FORGED, kwargs: 'text' },
      { ...FORGED, type: 'secret' },
      REGEXP,
    ];
    const bytes = new TextEncoder().encode(JSON.stringify(stored));
    assert.deepEqual(await stateSerializer.loadsTyped('json', bytes), stored);
  });

  it('messages of every kind come back as they were', async () => {
    const messages = [
      new SystemMessage({ id: '1', content: 's' }),
      new HumanMessage({ id: '2', content: 'h' }),
      new AIMessage({
        id: '3',
        content: 'a',
        tool_calls: [{ id: 'c', name: 't', args: { a: [1, null, 'ü'] }, type: 'tool_call' }],
        response_metadata: { voidToolCalls: { c: 'why' } },
      }),
      new ToolMessage({ id: '4', content: 'r', tool_call_id: 'c', status: 'error', artifact: 'd' }),
      new RemoveMessage({ id: '1' }),
    ];
    const back = (await roundTrip(messages)) as BaseMessage[];
    assert.deepEqual(
      back.map((message) => message.toJSON()),
      messages.map((message) => message.toJSON()),
    );
    for (const [index, message] of back.entries()) {
      assert.equal(Object.getPrototypeOf(message), Object.getPrototypeOf(messages[index]));
    }
    assert.equal((back[3] as ToolMessage).status, 'error');
  });

  it('a sent task comes back with its node and arguments', async () => {
    const back = (await roundTrip([new Send('toolCall', { toolCallId: 'c' })])) as Send[];
    assert.equal(back[0]?.node, 'toolCall');
    assert.deepEqual(back[0].args, { toolCallId: 'c' });
  });

  it('a delta snapshot comes back with its messages', async () => {
    const back = await roundTrip(new DeltaSnapshot([new HumanMessage('hello')]));
    assert.ok(isDeltaSnapshot(back));
    const [message] = back.value as BaseMessage[];
    assert.ok(HumanMessage.isInstance(message));
    assert.equal(message.text, 'hello');
  });

  it('undefined and bytes come back', async () => {
    assert.equal(await roundTrip(undefined), undefined);
    assert.deepEqual(await roundTrip([1, undefined]), [1, undefined]);
    const bytes = Uint8Array.of(0, 255, 128, 10);
    assert.deepEqual(await roundTrip(bytes), bytes);
  });

  it('an unknown stored type is refused', async () => {
    await assert.rejects(stateSerializer.loadsTyped('pickle', ''), /Unknown stored type: pickle/u);
  });

  it('any plain data comes back as it was', async () => {
    const keys = fc.constantFrom('lc', 'type', 'id', 'kwargs', 'value', '__proto__', 'toJSON', 'a');
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(1, 2, 'constructor', 'undefined', 'delta_snapshot', 'plain', null),
      fc.string(),
      fc.constant(['langchain_core', 'messages', 'AIMessage']),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        assert.deepEqual(await roundTrip(value), value);
      }),
      { numRuns: 2000 },
    );
  });
});
