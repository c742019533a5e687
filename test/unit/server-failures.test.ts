import { HumanMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { askModel } from '../../src/agent/call-model.ts';
import {
  createServerModel,
  firstModel,
  type ServerSettings,
} from '../../src/agent/models/openai.ts';
import { modelFailure } from '../../src/agent/models/failure.ts';
import type { Failure } from '../../src/shared/thread-view.ts';
import { call } from '../support/model-chunks.ts';
import { failure, ModelServer, type Script } from '../support/model-server.ts';

const HELLO = 'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"I am"}}]}\n\n';

describe('a model server that fails', () => {
  let server: ModelServer;

  beforeEach(async () => {
    server = await ModelServer.start();
  });
  afterEach(() => server.close());

  const settings = (patience = 60): ServerSettings => ({
    baseUrl: server.baseUrl,
    model: 'm',
    apiKey: null,
    patience,
  });
  const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    const known = modelFailure(error);
    assert.ok(known, String(error));
    return known.toFailure();
  };
  const ask = (patience?: number): Promise<unknown> => {
    const choice = { model: createServerModel(settings(patience)), patience: patience ?? 60 };
    const { signal } = new AbortController();
    return askModel(choice, [new HumanMessage('Hi')], signal, () => undefined);
  };
  const told = async (...scripts: readonly Script[]): Promise<Failure> => {
    server.say(...scripts);
    return failureOf(ask());
  };

  for (const status of [401, 403]) {
    it(`${status}: the key is refused, and can be set`, async () => {
      const { message, action } = await told(failure(status, 'Incorrect API key provided'));
      assert.match(message, new RegExp(`refused the API key \\(${status}\\)`, 'u'));
      assert.equal(action, 'setApiKey');
    });
  }

  it('404: address or model is not known, and the settings open', async () => {
    const { message, action } = await told(failure(404, 'The model `m` does not exist'));
    assert.match(message, /404.*The model `m` does not exist/u);
    assert.equal(action, 'openSettings');
  });

  it('429: says how long the server asks to wait', async () => {
    const busy = failure(429, 'Rate limit reached', { 'retry-after': '1' });
    const { message, action } = await told(busy, busy);
    assert.match(message, /429.*Rate limit reached.*wait 1 seconds/u);
    assert.equal(action, 'retry');
  });

  it('5xx: is tried once more, then told', async () => {
    const { message, action } = await told(failure(503, 'Overloaded'), failure(503, 'Overloaded'));
    assert.match(message, /503.*Overloaded/u);
    assert.equal(action, 'retry');
    assert.equal(server.requests.length, 2);
  });

  it('5xx once: the answer comes all the same', async () => {
    server.say(failure(500, 'Oops'), { text: 'Here.' });
    await ask();
    assert.equal(server.requests.length, 2);
  });

  for (const said of [
    "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
    'prompt is too long: 210000 tokens > 200000 maximum',
    'the request exceeds the available context size, try increasing it',
  ]) {
    it(`a conversation that does not fit leads to a new thread: ${said.slice(0, 30)}…`, async () => {
      const { message, action } = await told(failure(400, said));
      assert.match(message, /too long for the model/u);
      assert.equal(action, 'newThread');
    });
  }

  for (const [when, raw] of [
    ['before the headers', null],
    ['in the middle of an answer', HELLO],
  ] as const) {
    it(`silence ${when}: the request is given up`, async () => {
      if (raw === null) server.respond(() => new Promise<never>(() => undefined));
      else server.say({ raw: [raw], end: 'hang' });
      const { message, action } = await failureOf(ask(0.2));
      assert.match(message, /said nothing for 0\.2 seconds/u);
      assert.equal(action, 'retry');
    });
  }

  it('a server that answers slowly, but does answer, is waited for', async () => {
    const pause = server.waitForRequest(1);
    server.say({ text: 'Slow and steady', pause });
    await ask(5);
  });

  it('a refused key is told when the models are listed, too', async () => {
    server.refuseModels(401);
    const { action } = await failureOf(firstModel(settings()));
    assert.equal(action, 'setApiKey');
  });

  it('a call that was cut off leaves nothing to run', async () => {
    const cut = { ...call('write_file', { path: 'a', content: 'b' }), finish: 'length' as const };
    const { message, action } = await told(cut);
    assert.match(message, /cut off at its length limit/u);
    assert.equal(action, 'retry');
  });
});
