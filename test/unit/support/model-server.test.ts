import assert from 'node:assert/strict';
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base';
import type { AIMessageChunk } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { call } from '../../support/model-chunks.ts';
import { failure, ModelServer } from '../../support/model-server.ts';

describe('the scripted model server', () => {
  let server: ModelServer;
  let model: ChatOpenAI;

  beforeEach(async () => {
    server = await ModelServer.start();
    model = new ChatOpenAI({
      model: 'scripted',
      apiKey: 'none',
      maxRetries: 0,
      configuration: { baseURL: server.baseUrl },
    });
  });

  afterEach(async () => {
    await server.close();
  });

  /** Not `invoke`, which asks a host on the internet how to count tokens. */
  async function ask(input: BaseLanguageModelInput): Promise<AIMessageChunk> {
    let answer: AIMessageChunk | undefined;
    for await (const chunk of await model.stream(input)) answer = answer?.concat(chunk) ?? chunk;
    assert.ok(answer);
    return answer;
  }

  it('streams text in pieces, and its usage', async () => {
    server.say({ text: 'Good morning, 🌞!', usage: { input: 7, output: 3 } });
    const chunks: AIMessageChunk[] = [];
    for await (const chunk of await model.stream('Hi')) chunks.push(chunk);
    const pieces = chunks.map((chunk) => chunk.text).filter((text) => text !== '');
    assert.equal(pieces.join(''), 'Good morning, 🌞!');
    assert.equal(pieces.length, 4);
    assert.match(JSON.stringify(chunks), /"total_tokens":10\b/);
  });

  it('streams several tool calls', async () => {
    const calls = [
      { name: 'read_file', args: { path: 'a' } },
      { name: 'read_file', args: { path: 'b' }, id: 'mine' },
    ];
    server.say({ toolCalls: calls });
    const answer = await ask('Read');
    assert.deepEqual(
      answer.tool_calls?.map(({ name, args, id }) => ({ name, args, id })),
      [{ ...calls[0], id: 'call_1_1' }, calls[1]],
    );
  });

  it('records the requests and answers what a responder says', async () => {
    server.respond((request, number) =>
      request.messages.length > 1 ? { text: `answer ${number}` } : call('list', {}),
    );
    await ask('one');
    const second = await ask([
      ['system', 'be brief'],
      ['user', 'two'],
    ]);
    assert.equal(second.text, 'answer 2');
    assert.equal((await server.waitForRequest(2)).messages[1]?.content, 'two');
    assert.equal(server.requests.length, 2);
  });

  it('holds the rest of an answer back until the test lets it go', async () => {
    const { promise, resolve } = gate();
    server.say({ text: 'abcd', pause: promise });
    const stream = (await model.stream('Hi'))[Symbol.asyncIterator]();
    let text = '';
    while (text === '') text += ((await stream.next()).value as { text: string }).text;
    assert.equal(text, 'a');
    resolve();
    for (let next = await stream.next(); !next.done; next = await stream.next()) {
      text += next.value.text;
    }
    assert.equal(text, 'abcd');
  });

  it('fails as it is told to', async () => {
    server.say(failure(401, 'wrong key'), { raw: ['data: {"id"'], end: 'destroy' });
    await assert.rejects(ask('one'), /wrong key/);
    await assert.rejects(ask('two'));
    assert.equal(server.left, 0);
  });
});

function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
