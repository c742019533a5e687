import { t } from '@vscode/l10n';
import pg from 'pg';
import { UserFacingError } from '../../shared/errors.ts';
import { messageOf } from '../../shared/lifecycle.ts';
import { pause } from '../timing.ts';

/** How long a statement, and the making of a connection, may take, in milliseconds. */
const STATEMENT = 30_000;
const CONNECTING = 10_000;
/** Pauses between two attempts, in milliseconds: from the first to the longest. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;
const CONNECTIONS = 5;

export interface ServerOptions {
  /** How long a server that is away is waited for, in milliseconds; asked again at each attempt. */
  readonly patience: () => number;
  readonly log: (error: unknown) => void;
}

/** A PostgreSQL server, which may be away for a while: what is asked of it is asked again then. */
export interface Server {
  readonly pool: pg.Pool;
  /** Of a connection that is made anew each time. */
  readonly config: pg.ClientConfig;
  /** Host, port and database; never the user or the password. */
  readonly name: string;
  /** One statement, to be written so that doing it twice does no harm. Waits for a server that is away. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The same for several statements: all of them, or none. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /**
   * Work that may be done twice, until the server is there or patience is at its end.
   * @throws UserFacingError that names the server
   */
  patiently<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * @param url `postgresql://user:password@host:port/database?sslmode=…`
 * @throws UserFacingError if it is none
 */
export function createServer(url: string, { patience, log }: ServerOptions): Server {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'countersign',
    connectionTimeoutMillis: CONNECTING,
    query_timeout: STATEMENT,
    keepAlive: true,
  };
  const name = nameOf(url);
  const pool = new pg.Pool({ ...config, max: CONNECTIONS });
  // An idle connection that breaks is replaced; without a listener, it would end the process.
  pool.on('error', log);
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    const begin = performance.now();
    for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      try {
        return await work();
      } catch (error) {
        if (!isAway(error)) throw explained(error, name);
        if (performance.now() + wait > begin + patience()) throw away(name, error);
        await pause(wait);
      }
    }
  };
  return {
    ...{ pool, config, name, patiently },
    query: <Row extends object>(sql: string, values: readonly unknown[] = []) =>
      patiently(async () => (await pool.query<Row>(sql, [...values])).rows),
    transaction: (work) => patiently(() => inTransaction(pool, work)),
    close: () => pool.end(),
  };
}

async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // What it had begun goes with the connection.
    client.release(true);
    throw error;
  }
}

function nameOf(url: string): string {
  const parsed = URL.parse(url);
  const host = parsed?.host === '' ? parsed.searchParams.get('host') : parsed?.host;
  // Without a host, the environment would say who is contacted.
  if (!parsed || !host || !/^postgres(?:ql)?:$/u.test(parsed.protocol)) {
    const message = t(
      'The address of the PostgreSQL server is not understood. It looks like postgresql://user:password@host:5432/database.',
    );
    throw new UserFacingError('badRequest', message);
  }
  return `${host}${parsed.pathname}`;
}

/** Class 08 and what a server says that is ending or beginning; the rest comes without a code. */
const AWAY_CODE =
  /^(?:08|57P0[123]|E(?:CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH))/u;
const AWAY_WORDS =
  /^(?:Connection terminated|timeout |Query read timeout|Client has encountered a connection error|Client was closed)/u;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and the words of node-postgres. */
function isAway(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return AWAY_CODE.test(code) || AWAY_WORDS.test(message);
}

function away(name: string, error: unknown): UserFacingError {
  const { code = '', message } = error as { code?: string; message?: string };
  const cause = message === undefined || message === '' ? code : message;
  return new UserFacingError(
    'storage',
    t(
      'The PostgreSQL server {0} does not answer ({1}). Nothing is lost: what was stored is there, and nothing goes on without it. See that it runs and can be reached, then try again.',
      name,
      cause,
    ),
    'showLog',
  );
}

/** What the server refuses, in its own words and with its name; anything else as it is. */
function explained(error: unknown, name: string): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  return new UserFacingError(
    'storage',
    t('The PostgreSQL server {0} refused: {1}', name, messageOf(error)),
    'showLog',
  );
}
