import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { openDatabase } from '../../src/checkpoint/database.ts';
import { createMaintenance } from '../../src/checkpoint/maintenance-worker.ts';
import { buildCopy } from '../support/build-copy.ts';
import { makeFolder } from '../support/core.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the bundle of the core', () => {
  let copy: string;
  let core: string;
  let folder: string;
  let server: Server;
  let connections: number;

  before(() => {
    copy = buildCopy();
    core = join(copy, 'dist/core.cjs');
  });
  after(() => {
    rmSync(copy, { recursive: true });
  });

  beforeEach(async () => {
    folder = makeFolder();
    connections = 0;
    server = createServer((_, response) => response.end('{}'));
    server.on('connection', () => connections++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  /** An environment in which LangChain reports every run to LangSmith. */
  function tracing(): NodeJS.ProcessEnv {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      ...process.env,
      LANGSMITH_TRACING: 'true',
      LANGSMITH_TRACING_V2: 'true',
      LANGCHAIN_TRACING_V2: 'true',
      LANGSMITH_API_KEY: 'a-key',
      LANGSMITH_ENDPOINT: endpoint,
      LANGCHAIN_ENDPOINT: endpoint,
    };
  }
  const start = (path: string) =>
    spawn(
      process.execPath,
      [join(import.meta.dirname, 'support/demo-run.ts'), path, folder, join(folder, '.storage')],
      { env: tracing(), stdio: ['ignore', 'pipe', 'inherit'] },
    );

  it('names no server of LangSmith, and has no native module', () => {
    const text = readFileSync(core, 'utf8');
    assert.doesNotMatch(text, /api\.smith\.langchain\.com/u);
    assert.doesNotMatch(text, /better_sqlite3\.node|require\("bindings"\)/u);
  });

  it('stays below 1.55 MB, and what is loaded at activation below 100 kB', () => {
    assert.ok(statSync(core).size < 1_550_000);
    assert.doesNotMatch(readFileSync(core, 'utf8'), /SCRAM-SHA-256/u, 'the driver of PostgreSQL');
    assert.ok(statSync(join(copy, 'dist/extension.cjs')).size < 100_000);
  });

  it('the worker that looks after the database is small: nothing of LangChain is in it', () => {
    const worker = join(copy, 'dist/maintenance.cjs');
    assert.ok(statSync(worker).size < 100_000);
    const text = readFileSync(worker, 'utf8');
    assert.deepEqual(text.match(/class \w*Message|@langchain|ZodObject/gu), null);
  });

  it('the worker looks after the database of the core, as it does in the editor', async () => {
    openDatabase(folder).close();
    const maintenance = createMaintenance(join(copy, 'dist/maintenance.cjs'), folder);
    const { threads, onDisk } = await maintenance.run('sizes', null);
    await maintenance.close();
    assert.deepEqual(threads, []);
    assert.ok(onDisk > 0);
  });

  it('connects to nothing in a run with the demo, whatever the environment says', async () => {
    const child = start(core);
    let said = '';
    child.stdout.on('data', (data) => (said += String(data)));
    await once(child, 'close');
    assert.equal(said, 'finished\n');
    assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'Hello\n');
    assert.equal(connections, 0);
  });

  it('is what keeps it from connecting: the libraries by themselves do', async () => {
    const connected = once(server, 'connection');
    const child = start(join(root, 'src/threads/core.ts'));
    await connected;
    child.kill();
    await once(child, 'close');
  });
}).timeout(60_000);
