import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import type { Core } from '../../src/threads/core.ts';
import type { ChatMessage, ModelServer, Script } from '../support/model-server.ts';
import { type ServedCore, serveCore } from '../support/served-core.ts';
import { answerOf, calling, event, fault, saying } from './support/faulty-server.ts';

describe('a run against a misbehaving model server', () => {
  let served: ServedCore;
  let server: ModelServer;
  let core: Core;

  beforeEach(async () => {
    served = await serveCore((baseUrl) => ({
      ...{ baseUrl: `${baseUrl}/`, model: 'm', apiKey: null, patience: 60 },
    }));
    ({ server, core } = served);
  });
  afterEach(() => served.close());

  function run(...scripts: Script[]): Promise<ThreadView> {
    server.say(...scripts);
    return served.through(() => core.threads.send(null, 'Go'));
  }

  /** What the model is told after its calls: each call's id once, in its order. */
  function answers(): ChatMessage[] {
    const messages = server.lastRequest.messages;
    const called = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));
    const told = messages.filter(({ role }) => role === 'tool');
    assert.deepEqual(
      told.map(({ tool_call_id: id }) => id),
      called,
    );
    return told;
  }

  const VOID: [string, Script, RegExp[]][] = [
    ['an array as arguments', answerOf(fault('args JSON array')), [/not a JSON object/u]],
    ['empty arguments', answerOf(fault('args empty string')), [/Nothing was done/u]],
    [
      'incomplete arguments in two calls of one index',
      answerOf(fault('two calls, index always 0 (ollama #15457)')),
      [/content/u, /content/u],
    ],
    [
      'two calls of one id',
      answerOf(fault('two calls, same id')),
      [/Nothing was done/u, /Nothing was done/u],
    ],
    [
      'cut-off arguments in a reply that claims to be whole',
      calling({ index: 0, id: 'a', name: 'write_file', args: '{"path":"a","content":"hel' }),
      [/not valid JSON/u],
    ],
    [
      'a tool that does not exist',
      calling({ index: 0, id: 'a', name: 'shell', args: '{"command":"rm -rf ./"}' }),
      [/no tool named "shell"/u],
    ],
    [
      'a name that no server would accept back',
      calling({ index: 0, id: 'a', name: 'write file', args: '{}' }),
      [/no tool named "write file"/u],
    ],
    [
      'a good call beside a bad one',
      calling(
        { index: 0, id: 'a', name: 'list_files', args: '{}' },
        { index: 1, id: 'b', name: 'list_files', args: '[]' },
      ),
      [/no files/u, /not a JSON object/u],
    ],
  ];
  for (const [what, script, expected] of VOID) {
    it(`${what}: each call is answered once with an error, and nothing is proposed`, async () => {
      const view = await run(script, saying('I see.'));
      assert.equal(view.status, 'idle');
      const told = answers();
      assert.equal(told.length, expected.length);
      for (const [index, words] of expected.entries()) {
        assert.match(String(told[index]?.content), words);
      }
      const tools = view.items.filter((item) => item.kind === 'tool');
      assert.deepEqual(
        tools.map(({ state, review }) => [state, review]),
        expected.map(() => ['failed', null]),
      );
      assert.deepEqual(readdirSync(served.folder), []);
    });
  }

  const CUT_OFF = [
    'cut mid args, socket destroyed',
    'finish_reason length mid args',
    'error object in stream',
    'bad JSON line',
    'no chunks at all',
    'empty body',
    'byte by byte with emoji',
  ];
  for (const name of CUT_OFF) {
    it(`${name}: nothing of it is kept, the failure is said, and a retry goes on`, async () => {
      const view = await run(answerOf(fault(name)));
      assert.equal(view.status, 'unfinished');
      assert.equal(view.failure?.action, 'retry');
      assert.deepEqual(
        view.items.map(({ kind }) => kind),
        ['user'],
      );
      // Answers when nothing runs any more.
      await core.threads.stop(view.threadId);
      server.say(saying('Here I am.'));
      const idle = Promise.withResolvers<undefined>();
      core.threads.onEvent(({ event }) => {
        if (event.kind === 'status' && event.status === 'idle') idle.resolve(undefined);
      });
      await core.threads.resume(view.threadId);
      await idle.promise;
      const { items } = (await core.threads.open(view.threadId)).view;
      assert.deepEqual(
        items.map((item) => (item.kind === 'tool' ? item.title : item.text)),
        ['Go', 'Here I am.'],
      );
      assert.deepEqual(
        server.lastRequest.messages.map(({ role }) => role),
        ['system', 'user'],
      );
    });
  }

  it('an answer that does not come to an end is given up, and nothing of it is kept', async () => {
    const view = await run({
      raw: Array.from({ length: 21 }, () =>
        event({ role: 'assistant', content: 'x'.repeat(1_000_000) }),
      ),
    });
    assert.equal(view.status, 'unfinished');
    assert.match(view.failure?.message ?? '', /did not come to an end/u);
    assert.deepEqual(
      view.items.map(({ kind }) => kind),
      ['user'],
    );
  });
});
