import { type AIMessage, HumanMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { askModel } from '../../src/agent/call-model.ts';
import { createServerModel, type ServerSettings } from '../../src/agent/models/openai.ts';
import type { ModelChoice } from '../../src/agent/models/source.ts';
import { modelFailure } from '../../src/agent/models/failure.ts';
import { MAX_CALLS, voidReason } from '../../src/agent/stream-gate.ts';
import { UserFacingError } from '../../src/shared/errors.ts';
import { ModelServer, type RawAnswer, type Script } from '../support/model-server.ts';
import { FAULTS, answerOf, calling, event, fault, piece, saying } from './support/faulty-server.ts';

const CUT_OFF = /ended in the middle of the answer\. Nothing of it was used/u;

const choice = (settings: ServerSettings): ModelChoice => ({
  model: createServerModel(settings),
  patience: settings.patience,
});

describe('the stream gate, with the real client and a misbehaving server', () => {
  let server: ModelServer;
  let emitted: string[];

  beforeEach(async () => {
    server = await ModelServer.start();
    emitted = [];
  });
  afterEach(() => server.close());

  const ask = (script: Script, signal = new AbortController().signal): Promise<AIMessage> => {
    server.say(script);
    const settings = { baseUrl: server.baseUrl, model: 'm', apiKey: null, patience: 60 };
    return askModel(choice(settings), [new HumanMessage('Hi')], signal, (told) =>
      emitted.push(told.kind),
    );
  };
  const answer = (name: string): Promise<AIMessage> => ask(answerOf(fault(name)));
  const calls = (message: AIMessage): unknown[] =>
    (message.tool_calls ?? []).map(({ id, name, args }) => [id, name, args]);
  const voids = (message: AIMessage): (string | null)[] =>
    (message.tool_calls ?? []).map(({ id }) => voidReason(message, id!));
  const refuses = async (asked: Promise<unknown>, words: RegExp): Promise<void> => {
    const error = await asked.then(
      () => assert.fail('There was a message'),
      (thrown: unknown) => modelFailure(thrown),
    );
    assert.ok(error instanceof UserFacingError);
    assert.match(error.message, words);
    assert.doesNotMatch(error.message, /\n/u);
    assert.equal(emitted.includes('answered'), false);
  };

  const USABLE: Record<string, (message: AIMessage) => void> = {
    ok: (message) => {
      const args = { path: 'a.txt', content: 'hello world, this is the full content' };
      assert.deepEqual(calls(message), [['a', 'write_file', args]]);
      assert.deepEqual(voids(message), [null]);
    },
    'args JSON array': (message) => {
      assert.match(voids(message)[0] ?? '', /not a JSON object/u);
    },
    'args empty string': (message) => {
      assert.deepEqual(calls(message), [['a', 'write_file', {}]]);
    },
    'two calls, index always 0 (ollama #15457)': twoCalls,
    'missing index, two calls': twoCalls,
    'two calls, same id': (message) => {
      assert.deepEqual(
        message.tool_calls?.map(({ args }) => args),
        [{ path: 'a.txt' }, { path: 'b.txt' }],
      );
      assert.equal(new Set(message.tool_calls.map(({ id }) => id)).size, 2);
    },
    'id on every chunk (litellm #20480)': (message) => {
      assert.deepEqual(calls(message), [['a', 'write_file', { path: 'a.txt' }]]);
    },
    'CRLF + comments + no space': (message) => {
      assert.equal(message.text, 'hi');
    },
    'tool name streamed in two parts': (message) => {
      assert.deepEqual(calls(message), [['a', 'write_file', { path: 'a' }]]);
    },
  };
  function twoCalls(message: AIMessage): void {
    assert.deepEqual(calls(message), [
      ['a', 'write_file', { path: 'a.txt' }],
      ['b', 'write_file', { path: 'b.txt' }],
    ]);
    assert.deepEqual(voids(message), [null, null]);
  }

  const REFUSED: Record<string, RegExp> = {
    'cut mid args, socket destroyed': CUT_OFF,
    'finish_reason length mid args': /cut off at its length limit/u,
    'cut inside command arg (rm -rf ./build/tmp -> rm -rf ./)': /cut off at its length limit/u,
    'no chunks at all': CUT_OFF,
    'empty body': CUT_OFF,
    'error object in stream': /stopped with an error: CUDA OOM/u,
    'bad JSON line': /not an answer/u,
    'byte by byte with emoji': CUT_OFF,
    '429': /slow down or is out of quota \(429\): x/u,
  };
  const HANGS = ['hang before headers', 'hang mid-stream'];

  it('every case has an expectation', () => {
    assert.deepEqual(
      FAULTS.map(({ name }) => name).toSorted(),
      [...Object.keys(USABLE), ...Object.keys(REFUSED), ...HANGS].toSorted(),
    );
  });

  for (const [name, check] of Object.entries(USABLE)) {
    it(`takes: ${name}`, async () => {
      check(await answer(name));
    });
  }

  for (const [name, words] of Object.entries(REFUSED)) {
    it(`gives no message and says why: ${name}`, async () => {
      server.respond(() => answerOf(fault(name)));
      await refuses(answer(name), words);
    });
  }

  it('reads characters that were sent byte by byte', async () => {
    const bytes = Buffer.concat([
      Buffer.from(fault('byte by byte with emoji').bytesBase64!, 'base64').subarray(0, -14),
      Buffer.from(`${event({}, 'stop')}data: [DONE]\n\n`),
    ]);
    const message = await ask({ raw: [...bytes].map((byte) => Uint8Array.of(byte)) });
    assert.equal(message.text, 'é😀漢');
  });

  it('an abort ends a request whose headers never come', async () => {
    const controller = new AbortController();
    server.respond(() => new Promise<never>(() => undefined));
    const settings = { baseUrl: server.baseUrl, model: 'm', apiKey: null, patience: 60 };
    const asked = askModel(
      choice(settings),
      [new HumanMessage('Hi')],
      controller.signal,
      () => undefined,
    );
    await server.waitForRequest(1);
    controller.abort();
    await assert.rejects(asked, /abort/iu);
  });

  it('an abort ends an answer that hangs in the middle', async () => {
    const controller = new AbortController();
    const first = event({ role: 'assistant', content: 'I am' });
    server.say({ raw: [first], end: 'hang' });
    const settings = { baseUrl: server.baseUrl, model: 'm', apiKey: null, patience: 60 };
    const asked = askModel(choice(settings), [new HumanMessage('Hi')], controller.signal, () => {
      controller.abort();
    });
    await assert.rejects(asked, /abort/iu);
  });

  it('a reason for the end that is sent twice is one reason', async () => {
    const raw = [event({ role: 'assistant', content: 'hi' }), event({}, 'stop'), event({}, 'stop')];
    assert.equal((await ask({ raw })).text, 'hi');
  });

  it('a good reason for the end does not make up for a bad one', async () => {
    const raw = [event({ role: 'assistant', content: 'hi' }, 'length'), event({}, 'stop')];
    await refuses(ask({ raw }), /length limit/u);
  });

  it('names a reason for the end that it does not know', async () => {
    const raw = [event({ role: 'assistant', content: 'hi' }, 'insufficient_resource')];
    await refuses(ask({ raw }), /insufficient_resource/u);
  });

  it('takes calls of a server that never says who speaks', async () => {
    const raw = [
      event({ tool_calls: [{ index: 0, id: 'a', function: { name: 'x', arguments: '{}' } }] }),
      event({}, 'tool_calls'),
    ];
    assert.deepEqual(calls(await ask({ raw })), [['a', 'x', {}]]);
  });

  it('two whole calls without ids under one index stay two', async () => {
    const message = await ask(
      calling(
        { index: 0, name: 'read_file', args: '{"path":"a"}' },
        { index: 0, name: 'read_file', args: '{"path":"b"}' },
      ),
    );
    assert.deepEqual(
      message.tool_calls?.map(({ args }) => args),
      [{ path: 'a' }, { path: 'b' }],
    );
  });

  it('calls whose pieces cannot be told apart are void, each of them', async () => {
    const message = await ask(
      calling(
        { index: 0, id: 'a', name: 'read_file', args: '{"pa' },
        { index: 0, id: 'b', name: 'read_file', args: '{"path":"b"}' },
        { index: 0, args: 'th":"a"}' },
      ),
    );
    assert.deepEqual(
      voids(message).map((reason) => reason?.startsWith('The arguments are not valid JSON')),
      [true, true],
    );
  });

  it('a name with every piece is one name', async () => {
    const message = await ask(
      calling(
        { index: 0, id: 'a', name: 'read_file', args: '{"path":' },
        { index: 0, id: 'a', name: 'read_file', args: '"a"}' },
      ),
    );
    assert.deepEqual(calls(message), [['a', 'read_file', { path: 'a' }]]);
  });

  const VOID_ARGUMENTS: [string, RegExp][] = [
    ['{"path":"a","path":"b"}', /key "path" twice/u],
    ['{"path":"a","p\\u0061th":"b"}', /key "path" twice/u],
    ['{"a":[{"b":1},{"b":2,"b":3}]}', /key "b" twice/u],
    ['{"path":"a"', /not valid JSON/u],
    ["{'path':'a'}", /not valid JSON/u],
    ['null', /not a JSON object/u],
    ['"{}"', /not a JSON object/u],
    ['NaN', /not valid JSON/u],
  ];
  for (const [args, reason] of VOID_ARGUMENTS) {
    it(`voids the arguments ${args}`, async () => {
      const message = await ask(calling({ index: 0, id: 'a', name: 'read_file', args }));
      assert.match(voids(message)[0] ?? '', reason);
      assert.deepEqual(message.tool_calls?.[0]?.args, {});
    });
  }

  it('the same key in sibling objects, and braces in strings, are fine', async () => {
    const args = '{"a":{"k":1},"b":{"k":2},"c":"{\\"a\\":1,\\"a\\":2}","d":["a","a"]}';
    const message = await ask(calling({ index: 0, id: 'a', name: 'x', args }));
    assert.deepEqual(voids(message), [null]);
    assert.deepEqual(message.tool_calls?.[0]?.args, JSON.parse(args));
  });

  it('ids that are names of every object neither hide nor make a void call', async () => {
    const message = await ask(
      calling(
        { index: 0, id: '__proto__', name: 'list_files', args: '{oops' },
        { index: 1, id: 'constructor', name: 'list_files', args: '{}' },
      ),
    );
    assert.match(voids(message)[0] ?? '', /not valid JSON/u);
    assert.equal(voids(message)[1], null);
  });

  for (const name of ['', 'write file', 'write_file ', 'écrire', 'a'.repeat(65)]) {
    it(`a call by the name ${JSON.stringify(name)} is void and does not poison the thread`, async () => {
      const message = await ask(calling({ index: 0, id: 'a', name, args: '{}' }));
      assert.match(voids(message)[0] ?? '', /There is no tool named/u);
      assert.match(message.tool_calls?.[0]?.name ?? '', /^[\w-]{1,64}$/u);
    });
  }

  it(`carries out the first ${MAX_CALLS} calls of a reply and answers the rest`, async () => {
    const many = Array.from({ length: MAX_CALLS + 2 }, (_, index) =>
      piece({ index, id: `id${index}`, name: 'list_files', args: '{}' }),
    );
    const message = await ask({ raw: [many.join(''), event({}, 'tool_calls')] });
    assert.equal(message.tool_calls?.length, MAX_CALLS + 2);
    assert.equal(
      voids(message).findIndex((reason) => reason !== null),
      MAX_CALLS,
    );
  });

  it('a web page instead of a stream is no answer', async () => {
    const raw: RawAnswer = { headers: { 'content-type': 'text/html' }, raw: ['<html>Hi</html>'] };
    await refuses(ask(raw), CUT_OFF);
  });

  it('an answer without words is no answer', async () => {
    await refuses(ask(saying('')), /answered nothing/u);
  });

  it('names the address of a server that is not there', async () => {
    const { baseUrl } = server;
    await server.close();
    server = await ModelServer.start();
    const model = choice({ baseUrl, model: 'm', apiKey: null, patience: 60 });
    const asked = askModel(
      model,
      [new HumanMessage('Hi')],
      new AbortController().signal,
      () => undefined,
    );
    await refuses(asked, new RegExp(`cannot be reached.*${new URL(baseUrl).host}`, 'u'));
  });
});
