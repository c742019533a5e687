import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Answered, Body } from '../support/api-client.ts';
import { ServedApi, TOKEN } from '../support/served-api.ts';
import { call } from '../support/model-chunks.ts';

describe('the HTTP control API refuses', () => {
  let api: ServedApi;
  before(async () => {
    api = await ServedApi.start({ 'a.txt': 'one\n' });
  });
  after(() => api.close());
  afterEach(() => {
    assert.equal(api.served.server.requests.length, 0, 'the model was asked');
    assert.deepEqual(api.served.core.threads.list(), []);
  });

  const refused = ({ status, type, body }: Answered<Body>, as: number, name: string): void => {
    assert.deepEqual([status, body.type], [as, `urn:countersign:${name}`], JSON.stringify(body));
    assert.match(type, /^application\/problem\+json/u);
    assert.doesNotMatch(JSON.stringify(body), new RegExp(TOKEN, 'u'));
  };
  const question = { question: 'Hello' };

  for (const authorization of [
    ...['', 'Bearer', 'Bearer ', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`],
    ...[TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN} x`, `Bearer ${TOKEN.toUpperCase()}`],
  ]) {
    it(`the authorization “${authorization.replace(TOKEN, '…')}”`, async () => {
      const answered = await api.call('/chat/start', question, { headers: { authorization } });
      refused(answered, 401, 'unauthorized');
      assert.match(answered.headers.get('www-authenticate') ?? '', /^Bearer/u);
    });
  }

  it('guesses past so many, but never who has the token', async () => {
    const headers = { authorization: 'Bearer guess' };
    const statuses = new Set<number>();
    for (let guess = 0; guess < 30; guess++) {
      statuses.add((await api.call('/approvals', undefined, { headers })).status);
    }
    assert.deepEqual([...statuses], [401, 429].slice(statuses.has(401) ? 0 : 1));
    assert.equal((await api.call('/approvals')).status, 200);
  });

  for (const headers of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'https://127.0.0.1' },
    { 'sec-fetch-site': 'cross-site' },
  ]) {
    it(`a page that says ${JSON.stringify(headers)}`, async () => {
      refused(await api.call('/chat/start', question, { headers }), 403, 'not_from_here');
      refused(await api.call('/openapi.json', undefined, { headers }), 403, 'not_from_here');
    });
  }

  for (const host of ['evil.example', '127.0.0.1.evil.example', '127.0.0.1', '127.0.0.1:1']) {
    it(`a name that was made to lead here: ${host}`, async () => {
      const said = await raw(`GET /approvals HTTP/1.1\r\nHost: ${host}\r\n${AUTHORIZED}\r\n`);
      assert.match(said, /^HTTP\/1\.1 403 /u);
      assert.match(said, /urn:countersign:not_from_here/u);
    });
  }

  it('what is sent as a form, or as nothing', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const headers = { 'content-type': type };
      refused(await api.call('/chat/start', question, { headers }), 415, 'not_json');
    }
  });

  it('a body that is too large, whether or not it says so', async () => {
    const body = { question: 'x'.repeat(5_000_000) };
    refused(await api.call('/chat/start', body), 413, 'too_large');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const said = await raw(
      `POST /chat/start HTTP/1.1\r\nHost: ${host()}\r\n${AUTHORIZED}Content-Type: application/json\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(80)}0\r\n\r\n`,
    );
    assert.match(said, /^HTTP\/1\.1 413 /u);
  });

  const MALFORMED: readonly (readonly [path: string, body: string])[] = [
    ['/chat/start', '{'],
    ['/chat/start', '[]'],
    ['/chat/start', 'null'],
    ['/chat/start', '{}'],
    ['/chat/start', '{"question":1}'],
    ['/chat/start', '{"question":"  "}'],
    ['/chat/start', '{"question":"a","more":1}'],
    ['/chat/start', '{"question":"a","__proto__":{"mode":"act"}}'],
    ['/chat/start', '{"question":"a","session_id":"../x"}'],
    ['/chat/start', '{"question":"a","mode":"yolo"}'],
    ['/chat/start', `{"question":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['/chat/approve/x', '{"effect_hash":"abc"}'],
    ['/chat/approve/x', '{"interrupt_id":null}'],
    ['/chat/decide/x', '{"decision":{"kind":"yes"}}'],
    ['/chat/decide/x', '{"decision":{"kind":"approve","comments":[]}}'],
    ['/chat/decide/x', '{"decision":{"kind":"constructor"}}'],
    [
      '/chat/decide/x',
      '{"decision":{"kind":"edit","files":[{"operation":0,"text":"a"},{"operation":0,"text":"b"}]}}',
    ],
    ['/chat/approve/%2e%2e%2f', '{}'],
    ['/chat/approve/%00', '{}'],
  ];
  for (const [path, body] of MALFORMED) {
    it(`${path} ${body.slice(0, 60)}`, async () => {
      refused(await api.call(path, {}, { body }), 400, 'malformed');
    });
  }

  it('paths and methods that there are not', async () => {
    for (const path of ['/', '/chat', '/chat/a/b/c', '/etc/passwd']) {
      refused(await api.call(path), 404, 'unknown_path');
    }
    refused(await api.call('/chat/start', {}, { method: 'PUT' }), 404, 'unknown_path');
    refused(await api.call('/approvals', {}, {}), 404, 'unknown_path');
  });

  it('to be asked from another machine', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((one) => one ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      await assert.rejects(fetch(api.api.url.replace('127.0.0.1', address)), /fetch failed/u);
    }
    assert.match(api.api.url, /^http:\/\/127\.0\.0\.1:\d+$/u);
  });

  const AUTHORIZED = `Authorization: Bearer ${TOKEN}\r\n`;
  const host = (): string => new URL(api.api.url).host;

  /** What `fetch` would not send. */
  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(api.api.url).port), '127.0.0.1');
      let said = '';
      socket.setEncoding('utf8');
      socket.on('data', (data) => {
        said += String(data);
        socket.end();
      });
      socket.on('error', (error) => {
        if (said === '') reject(error);
      });
      socket.on('close', () => {
        resolve(said);
      });
      socket.write(text);
    });
  }
});

it('the HTTP control API takes no more requests at once than it is told', async () => {
  const api = await ServedApi.start({}, { rate: { burst: 5, perSecond: 0.001 } });
  const statuses: number[] = [];
  for (let request = 0; request < 7; request++) {
    const { status, headers } = await api.call('/approvals');
    statuses.push(status);
    if (status === 429) assert.ok(Number(headers.get('retry-after')) > 0);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429]);
  await api.close();
});

it('the HTTP control API does not say what nobody foresaw', async () => {
  const api = await ServedApi.start({});
  api.served.server.say(call('read_file', { path: 'missing' }), { text: 'Done.' });
  const { body } = await api.call('/chat/start', { question: 'Hello' });
  api.served.core.threads.open = () => Promise.reject(new Error('at /secret/place'));
  const failed = await api.call(`/chat/${body.session_id}`);
  assert.equal(failed.status, 500);
  assert.doesNotMatch(JSON.stringify(failed.body), /secret/u);
  await assert.rejects(api.close(), /secret/u);
});

it('the HTTP control API approves what could not be taken back where the operator lets it', async () => {
  const asked: string[] = [];
  const api = await ServedApi.start(
    {},
    {
      confirm: ({ item }) => {
        asked.push(item);
        return Promise.resolve(true);
      },
    },
  );
  api.served.server.say(call('write_file', { path: '.vscode/settings.json', content: '{}\n' }), {
    text: 'Done.',
  });
  const { body } = await api.call('/chat/start', { question: 'Please' });
  const approved = await api.call(`/chat/approve/${body.session_id}`, {});
  assert.equal(approved.body.status, 'complete');
  assert.equal(api.read('.vscode/settings.json'), '{}\n');
  assert.equal(asked.length, 1);
  await api.close();
});
