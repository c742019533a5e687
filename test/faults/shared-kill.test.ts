import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../src/checkpoint/database.ts';
import { stateFolder } from '../../src/server/state-folder.ts';
import { makeFolder } from '../support/core.ts';
import { HeadlessHost } from '../support/headless-host.ts';
import { call } from '../support/model-chunks.ts';
import { ModelServer } from '../support/model-server.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { buildChild } from './kill/site.ts';

const TOKEN = 'a-token-of-the-test-that-is-long-enough';

describe('headless hosts that share threads, and are killed', () => {
  let child: Awaited<ReturnType<typeof buildChild>>;
  let postgres: PostgresServer;
  let server: ModelServer;
  let url: string;
  let folders: string[];

  before(async () => {
    child = await buildChild('serve-child.ts');
    postgres = await startPostgres();
  });
  after(async () => {
    child.remove();
    await postgres.close();
  });
  beforeEach(async () => {
    server = await ModelServer.start();
    url = await postgres.createDatabase();
    folders = [];
  });
  afterEach(async () => {
    await server.close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** A machine: its files, and what is kept there. */
  const machine = () => {
    const place = { workspace: makeFolder({ 'a.txt': 'old\n' }), state: makeFolder() };
    folders.push(place.workspace, place.state);
    return {
      ...place,
      text: () => readFileSync(join(place.workspace, 'a.txt'), 'utf8'),
      start: (program: readonly string[] = [child.path, '', '']) =>
        HeadlessHost.start({
          ...{ program, ...place, token: TOKEN, baseUrl: server.baseUrl },
          env: { NODE_COMPILE_CACHE: `${child.path}.cache`, COUNTERSIGN_POSTGRES_URL: url },
        }),
    };
  };
  const write = (content: string) => call('write_file', { path: 'a.txt', content });

  it('a turn goes on where its files are, the thread wherever it is wanted', async () => {
    const [first, second] = [machine(), machine()];
    const one = await first.start();
    server.say(write('one\n'));
    const { body } = await one.call('/chat/start', { question: 'Write it' });
    assert.equal(body.status, 'pending_approval');
    const { session_id } = body;
    await one.kill('SIGKILL');

    const two = await second.start();
    const elsewhere = await two.call(`/chat/approve/${session_id}`, {});
    assert.equal(elsewhere.status, 409);
    assert.deepEqual((await two.call('/approvals')).body.pending_tool_calls, []);

    const back = await first.start();
    const [{ effect_hash } = { effect_hash: '' }] = (await back.call(`/chat/${session_id}`)).body
      .pending_tool_calls;
    server.say({ text: 'Done on one.' });
    const approved = await back.call(`/chat/approve/${session_id}`, { effect_hash });
    assert.equal(approved.body.answer, 'Done on one.', JSON.stringify(approved.body));
    await back.kill('SIGKILL');

    server.say(write('two\n'), { text: 'Done on two.' });
    const asked = await until('the thread to be free', async () => {
      const again = { question: 'Write it here, too', session_id };
      const answered = await two.call('/chat/start', again);
      return answered.status === 200 ? answered : null;
    });
    assert.equal(asked.body.status, 'pending_approval');
    const [{ effect_hash: its } = { effect_hash: '' }] = asked.body.pending_tool_calls;
    const done = await two.call(`/chat/approve/${session_id}`, { effect_hash: its });
    assert.equal(done.body.answer, 'Done on two.', JSON.stringify(done.body));
    assert.equal(await two.kill('SIGTERM'), 0);
    assert.deepEqual([first.text(), second.text()], ['one\n', 'two\n']);
    const told = server.lastRequest.messages.filter(({ role }) => role === 'tool');
    assert.equal(told.length, 2, 'one answer for each call');
  });

  it('a host whose own history cannot be opened ends: no connection keeps it alive', async () => {
    const broken = machine();
    const { storage } = stateFolder(broken.state, broken.workspace);
    mkdirSync(storage, { recursive: true });
    writeFileSync(join(storage, DATABASE_FILE), 'this is no database');
    const program = [join(import.meta.dirname, '../../src/server/cli.ts'), 'serve'];
    await assert.rejects(() => broken.start(program), /The host has ended/u);
  });
});
