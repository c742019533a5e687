import { deltaChannelHistoryTests, validate } from '@langchain/langgraph-checkpoint-validation';
import { afterAll, beforeAll } from 'vitest';
import { PostgresCheckpoints } from '../../src/checkpoint/postgres/saver.ts';
import { TABLES, prepare } from '../../src/checkpoint/postgres/schema.ts';
import { type Server, createServer } from '../../src/checkpoint/postgres/server.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

let postgres: PostgresServer;
let server: Server;

beforeAll(async () => {
  postgres = await startPostgres();
  server = createServer(await postgres.createDatabase(), {
    patience: () => 5000,
    log: console.error,
  });
  await prepare(server);
}, 60_000);

afterAll(async () => {
  await server.close();
  await postgres.close();
});

/** LangGraph's own tests of a saver, on a real server, with empty tables for each. */
const initializer: Parameters<typeof validate<PostgresCheckpoints>>[0] = {
  // By this name the suite knows what the stock saver leaves out.
  checkpointerName: '@langchain/langgraph-checkpoint-postgres',
  async createCheckpointer() {
    await server.query(`TRUNCATE ${Object.values(TABLES).join(', ')}`);
    return new PostgresCheckpoints({
      server,
      holdOf: () => null,
      noticeOf: () => ['countersign', ''],
    });
  },
};

validate(initializer);
deltaChannelHistoryTests(initializer);
