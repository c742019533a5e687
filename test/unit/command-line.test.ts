import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { openDatabase } from '../../src/checkpoint/database.ts';
import { createMaintenance } from '../../src/checkpoint/maintenance-worker.ts';
import { buildCopy } from '../support/build-copy.ts';
import { makeFolder } from '../support/core.ts';
import { failpointsIn } from '../support/failpoints.ts';
import { HeadlessHost } from '../support/headless-host.ts';
import { call } from '../support/model-chunks.ts';
import { ModelServer } from '../support/model-server.ts';
import { until } from '../support/until.ts';

const KEY = 'sk-the-key-of-the-test';
const EDIT = call('replace_in_file', { path: 'a.txt', old_text: 'one', new_text: '1' });

describe('the command line', () => {
  let copy: string;
  let program: string;
  let workspace: string;
  let state: string;
  let server: ModelServer;
  before(() => {
    copy = buildCopy();
    // By itself, and by a link, as npm makes one.
    program = join(makeFolder(), 'countersign');
    symlinkSync(join(copy, 'dist/countersign.cjs'), program);
  });
  after(() => {
    for (const path of [copy, dirname(program)]) rmSync(path, { recursive: true });
  });
  beforeEach(async () => {
    server = await ModelServer.start();
    workspace = makeFolder({ 'a.txt': 'one\n' });
    state = makeFolder();
  });
  afterEach(async () => {
    await server.close();
    for (const path of [workspace, state]) rmSync(path, { recursive: true });
  });

  const env = { ...process.env, COUNTERSIGN_API_KEY: KEY, NO_COLOR: '' };
  const places = (): string[] => ['--workspace', workspace, '--state', state];
  const model = (): string[] => ['--base-url', server.baseUrl, '--model', 'scripted'];
  const runs = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env });
  /** While the model server, which is in this process, answers. */
  const asks = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    const child = spawn(process.execPath, [program, ...args], { env });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => (out += String(data)));
    child.stderr.on('data', (data) => (err += String(data)));
    // What is piped in answers nothing.
    child.stdin.end('a\na\nyes\n');
    const [code] = (await once(child, 'close')) as [number];
    return { code, out, err };
  };
  const read = (): string => readFileSync(join(workspace, 'a.txt'), 'utf8');

  it('says what it is, and what is wrong with what it is told', () => {
    const { version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.equal(runs('--version').stdout, `${version}\n`);
    // What has to be compiled for that; the rest is a text until it is asked for.
    const code = readFileSync(program, 'utf8');
    const texts = code.match(/(["'`])(?:\\.|(?!\1)[^\\])*\1/gsu) ?? [];
    assert.ok(code.length - Math.max(...texts.map(({ length }) => length)) < 50_000);
    assert.match(runs('--help').stdout, /^Countersign: nothing changes until you countersign\.\n/u);
    for (const args of [
      ['no'],
      ['run'],
      ['run', 'a', 'b'],
      ['run', '--no'],
      ['audit'],
      ['serve', '--port', 'x'],
    ]) {
      const { status, stdout, stderr } = runs(...args);
      assert.deepEqual([status, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^countersign: [^\n]+\nSee countersign --help\.\n$/u);
    }
    const { status, stderr } = runs('run', 'Hello', '--workspace', '/not/there', '--state', state);
    assert.deepEqual([status, stderr.includes('There is no folder /not/there.')], [1, true]);
  });

  it('has no failpoint in it', () => {
    assert.deepEqual(failpointsIn(program), []);
  });

  it('asks, approves nothing by itself, and goes on; the key is nowhere', async () => {
    server.say(EDIT);
    const first = await asks('run', 'Change it', ...places(), ...model(), '--json');
    assert.equal(first.code, 3, first.err);
    const { status, session_id: id } = JSON.parse(first.out) as Record<string, string>;
    assert.equal(status, 'pending_approval');
    assert.equal(read(), 'one\n');
    assert.equal(server.lastRequest.headers['authorization'], `Bearer ${KEY}`);
    server.say({ text: 'Done.' });
    const next = await asks('run', ...places(), ...model(), '--continue', id ?? '', '--yes-edits');
    assert.deepEqual([next.code, next.out], [0, 'Done.\n'], next.err);
    assert.equal(read(), '1\n');
    assert.doesNotMatch(first.err + next.err, /\u001b|\n\s+at /u);
    for (const name of readdirSync(state, { recursive: true, encoding: 'utf8' })) {
      const path = join(state, name);
      if (statSync(path).isFile()) assert.ok(!readFileSync(path, 'latin1').includes(KEY), name);
    }
    const verified = runs('audit', 'verify', ...places());
    assert.deepEqual([verified.status, verified.stdout], [0, 'All 4 entries hold.\n']);
    const exported = runs('audit', 'export', '--json', ...places());
    const { entries } = JSON.parse(exported.stdout) as { entries: { event: string; by: string }[] };
    assert.deepEqual(
      entries.map(({ event, by }) => `${event} ${by}`),
      ['shown executor', 'approved yesEdits', 'claimed executor', 'applied executor'],
    );
  });

  it('finds out that the record was cut off', async () => {
    server.say(EDIT);
    await asks('run', 'Change it', ...places(), ...model());
    const [own = ''] = readdirSync(state);
    const head = join(state, own, 'audit-head');
    writeFileSync(head, readFileSync(head, 'utf8').replace(/^\d+/u, '9'));
    assert.equal(runs('audit', 'verify', ...places()).status, 1);
    const nothing = runs('audit', 'verify', '--workspace', copy, '--state', state);
    assert.equal(nothing.status, 1);
    assert.deepEqual(readdirSync(state), [own]);
  });

  it('stops cleanly at an interrupt, and goes on later', async () => {
    const never = Promise.withResolvers<null>();
    server.say({ text: 'I think', pause: never.promise });
    const asked = spawn(process.execPath, [program, 'run', 'Think', ...places(), ...model()], {
      env,
    });
    await server.waitForRequest(1);
    let said = '';
    asked.stderr.on('data', (data) => (said += String(data)));
    asked.kill('SIGINT');
    const [code] = (await once(asked, 'close')) as [number];
    never.resolve(null);
    assert.equal(code, 130, said);
    const [, id = ''] = /--continue ([\w-]+)/u.exec(said) ?? [];
    server.say({ text: 'There we are.' });
    const next = await asks('run', '--continue', id, ...places(), ...model());
    assert.deepEqual([next.code, next.out], [0, 'There we are.\n'], next.err);
  });

  it('asks the person at a terminal, in colour', async function () {
    if (!existsSync('/usr/bin/script')) this.skip();
    server.say(EDIT, { text: 'Done.' });
    const command = [process.execPath, program, 'run', 'Change it', ...places(), ...model()];
    const typed = spawn(
      '/usr/bin/script',
      ['-qec', command.map((one) => `'${one}'`).join(' '), '/dev/null'],
      {
        env: { ...env, TERM: 'xterm' },
      },
    );
    let seen = '';
    typed.stdout.on('data', (data) => (seen += String(data)));
    await until('it asks', () => /\[a\] approve[^]*> /u.test(seen));
    assert.match(seen, /\u001b\[31m-one\u001b\[0m\r\n\u001b\[32m\+1\u001b\[0m/u);
    assert.equal(read(), 'one\n');
    typed.stdin.write('a\r');
    const [code] = (await once(typed, 'close')) as [number];
    assert.equal(code, 0, seen);
    assert.match(seen, /Done\./u);
    assert.equal(read(), '1\n');
  });

  it('looks after its database in a worker, which is the same file', async () => {
    openDatabase(state).close();
    const maintenance = createMaintenance(join(copy, 'dist/countersign.cjs'), state);
    const { onDisk } = await maintenance.run('sizes', null);
    await maintenance.close();
    assert.ok(onDisk > 0);
  });

  it('serves, and keeps the token for its owner', async () => {
    const started = { workspace, state, baseUrl: server.baseUrl, token: '' };
    const host = await HeadlessHost.start({ ...started, program: [program, 'serve'] });
    assert.equal((await host.call('/approvals')).status, 401);
    assert.equal(await host.kill('SIGTERM'), 0);
    const [own = ''] = readdirSync(state);
    const file = join(state, own, 'token');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const token = readFileSync(file, 'utf8').trim();
    const again = await HeadlessHost.start({
      ...{ ...started, program: [program, 'serve', '--token-file', file] },
    });
    const { status } = await fetch(`${again.url}/approvals`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(status, 200);
    assert.equal(await again.kill('SIGINT'), 0);
    chmodSync(file, 0o644);
    const open = runs('serve', ...places());
    assert.equal(open.status, 1);
    assert.match(open.stderr, /Others may read the token/u);
    assert.doesNotMatch(open.stderr, new RegExp(token, 'u'));
  });
}).timeout(60_000);
