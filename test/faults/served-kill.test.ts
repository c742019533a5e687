import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { createAudit } from '../../src/approval/audit.ts';
import { openDatabase } from '../../src/checkpoint/database.ts';
import { stateFolder } from '../../src/server/state-folder.ts';
import { makeFolder } from '../support/core.ts';
import { HeadlessHost } from '../support/headless-host.ts';
import { call } from '../support/model-chunks.ts';
import { ModelServer } from '../support/model-server.ts';
import type { Body } from '../support/api-client.ts';
import { isTemporary } from './kill/checker.ts';
import { buildChild } from './kill/site.ts';

const TOKEN = 'a-token-of-the-test-that-is-long-enough';
const BEFORE = 'one\ntwo\n';
const AFTER = 'one\ntwo\ntwo more\n';

interface Stage {
  readonly title: string;
  readonly failpoint: string;
  readonly after?: string;
  /** Whether it has to be approved once more. */
  readonly asksAgain: boolean;
}

const STAGES: readonly Stage[] = [
  { title: 'before the answer is recorded', failpoint: 'decide.before', asksAgain: true },
  { title: 'while it is recorded', failpoint: 'decide.recorded', asksAgain: true },
  { title: 'between approval and claim', failpoint: 'apply.beforeClaim', asksAgain: true },
  { title: 'before the file is changed', failpoint: 'apply.claimed', asksAgain: true },
  { title: 'once it is written beside the file', failpoint: 'fs.tempWritten', asksAgain: true },
  { title: 'right after the file is changed', failpoint: 'apply.afterEffect', asksAgain: false },
  {
    ...{ title: 'before the graph knows of it', failpoint: 'ckpt.before' },
    ...{ after: 'apply.afterEffect', asksAgain: false },
  },
];

describe('the headless host that is killed', () => {
  let child: Awaited<ReturnType<typeof buildChild>>;
  let server: ModelServer;
  let workspace: string;
  let state: string;
  before(async () => {
    child = await buildChild('serve-child.ts');
  });
  after(() => {
    child.remove();
  });
  beforeEach(async () => {
    server = await ModelServer.start();
    workspace = makeFolder({ 'a.txt': BEFORE });
    state = makeFolder();
  });
  afterEach(async () => {
    await server.close();
    for (const path of [workspace, state]) rmSync(path, { recursive: true });
  });

  const start = (failpoint = '', after = ''): Promise<HeadlessHost> =>
    HeadlessHost.start({
      ...{ program: [child.path, failpoint, after], workspace, state, token: TOKEN },
      baseUrl: server.baseUrl,
      env: { NODE_COMPILE_CACHE: `${child.path}.cache` },
    });
  const read = (): string => readFileSync(`${workspace}/a.txt`, 'utf8');
  const append = call('replace_in_file', {
    path: 'a.txt',
    old_text: 'two\n',
    new_text: 'two\ntwo more\n',
  });
  const ask = async (host: HeadlessHost): Promise<Body> => {
    server.say(append);
    const { body } = await host.call('/chat/start', { question: 'Append it' });
    assert.equal(body.status, 'pending_approval');
    return body;
  };
  const checkEnd = (): void => {
    assert.equal(read(), AFTER);
    assert.deepEqual(readdirSync(workspace).filter(isTemporary), []);
    const { storage, auditHead } = stateFolder(state, workspace);
    const database = openDatabase(storage);
    const audit = createAudit(database, () => 0, auditHead);
    assert.equal(audit.verify().problem, null);
    assert.equal(audit.rows().filter(({ event }) => event === 'applied').length, 1);
    database.close();
  };

  for (const { title, failpoint, after, asksAgain } of STAGES) {
    it(`${title}: goes on where it was, and does it once`, async () => {
      const host = await start(failpoint, after);
      const { session_id } = await ask(host);
      const cut = assert.rejects(host.call(`/chat/approve/${session_id}`, {}), /fetch failed/u);
      await host.killedAt(failpoint);
      await cut;

      const next = await start();
      assert.equal(read(), asksAgain ? BEFORE : AFTER);
      const { body } = await next.call(`/chat/${session_id}`);
      server.say({ text: 'It is done.' });
      if (asksAgain) {
        assert.equal(body.status, 'pending_approval');
        const [{ effect_hash } = { effect_hash: '' }] = body.pending_tool_calls;
        const approved = await next.call(`/chat/approve/${session_id}`, { effect_hash });
        assert.equal(approved.body.answer, 'It is done.', JSON.stringify(approved.body));
      } else {
        assert.equal(body.status, 'unfinished');
        const resumed = await next.call(`/chat/resume/${session_id}`, {});
        assert.equal(resumed.body.answer, 'It is done.');
      }
      assert.equal(await next.kill('SIGTERM'), 0);
      checkEnd();
    });
  }

  it('while the model answers, and while a decision is awaited: nothing is lost', async () => {
    const host = await start();
    const never = Promise.withResolvers<null>();
    server.say({ text: 'I think', pause: never.promise });
    const cut = assert.rejects(
      host.call('/chat/start', { question: 'Append it' }),
      /fetch failed/u,
    );
    await server.waitForRequest(1);
    await host.kill('SIGKILL');
    await cut;
    never.resolve(null);

    const second = await start();
    server.say(append);
    const { storage } = stateFolder(state, workspace);
    const database = openDatabase(storage);
    const session_id = String(database.get('SELECT thread_id FROM threads')?.['thread_id']);
    database.close();
    const resumed = await second.call(`/chat/resume/${session_id}`, {});
    assert.equal(resumed.body.status, 'pending_approval');
    await second.kill('SIGKILL');

    const third = await start();
    const { body } = await third.call('/approvals');
    assert.deepEqual(body.pending_tool_calls, resumed.body.pending_tool_calls);
    server.say({ text: 'It is done.' });
    const approved = await third.call(`/chat/approve/${session_id}`, {});
    assert.equal(approved.body.answer, 'It is done.');
    assert.equal(await third.kill('SIGINT'), 0);
    checkEnd();
  });
}).timeout(60_000);
