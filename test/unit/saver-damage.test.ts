import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import { type BaseCheckpointSaver, END, START, StateGraph } from '@langchain/langgraph';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentState } from '../../src/agent/state.ts';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { pruneThread } from '../../src/checkpoint/prune.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { UserFacingError } from '../../src/shared/errors.ts';
import { makeFolder } from '../support/core.ts';
import { tamper } from '../support/tamper.ts';
import { FORGED, REGEXP } from './support/lookalikes.ts';

/** Says what it is told to, in three steps. */
function graphOf(saver: BaseCheckpointSaver, added: readonly BaseMessage[] = []) {
  return new StateGraph(AgentState)
    .addNode('first', () => ({ messages: [...added, new ToolMessage('one', 'c1')] }))
    .addNode('second', () => ({ messages: [new ToolMessage('two', 'c2')] }))
    .addNode('third', () => ({ messages: [new ToolMessage('three', 'c3')] }))
    .addEdge(START, 'first')
    .addEdge('first', 'second')
    .addEdge('second', 'third')
    .addEdge('third', END)
    .compile({ checkpointer: saver });
}

const configOf = (threadId: string) => ({
  configurable: { thread_id: threadId },
  durability: 'sync' as const,
});

describe('what is stored of a conversation', () => {
  let folder: string;
  let database: Database;
  const say = async (threadId: string, added: readonly BaseMessage[] = []): Promise<void> => {
    const graph = graphOf(new CheckpointSaver(database), added);
    await graph.invoke({ messages: [new ToolMessage('zero', 'c0')] }, configOf(threadId));
  };
  /** As a new process reads it. */
  const read = async (threadId: string): Promise<readonly BaseMessage[]> => {
    const graph = graphOf(new CheckpointSaver(database));
    const { messages } = (await graph.getState(configOf(threadId))).values as {
      messages?: BaseMessage[];
    };
    return messages ?? [];
  };
  const textsOf = async (threadId: string): Promise<string[]> =>
    (await read(threadId)).map(({ text }) => text);
  const isDamage = (error: unknown): boolean =>
    error instanceof UserFacingError &&
    error.reason === 'storage' &&
    /“My plans” is damaged.*Nothing was changed.*backup/u.test(error.message);

  beforeEach(async () => {
    folder = makeFolder();
    database = openDatabase(join(folder, 'storage'));
    await database.transaction(() => {
      database.run(
        `INSERT INTO threads (thread_id, title, created_at, updated_at) VALUES ('t', 'My plans', 1, 1)`,
      );
    });
    await say('t');
    await say('other');
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const places = [
    ['checkpoints', 'checkpoint'],
    ['checkpoints', 'metadata'],
    ['writes', 'value'],
  ] as const;
  for (const [table, column] of places) {
    it(`SQL-05: flipped bytes in ${table}.${column} are found by the row's hash, SQLite finds nothing`, async () => {
      const where = table === 'writes' ? `AND channel = 'messages'` : '';
      const rows = database.all(
        `SELECT rowid AS place, ${column} AS bytes FROM ${table} WHERE thread_id = 't' ${where}`,
      );
      assert.ok(rows.length >= 3);
      let loaded = 0;
      for (const { place = null, bytes = null } of rows) {
        const good = bytes as Uint8Array;
        // A letter or digit becomes another, so that it is the same JSON but for what it says.
        const at = good.findLastIndex(
          (byte, index) => index < good.length - 3 && byte >= 48 && byte < 57,
        );
        const bad = good.with(at, (good[at] ?? 0) + 1);
        const sql = `UPDATE ${table} SET ${column} = ? WHERE rowid = ?`;
        tamper(database, sql, bad, place);
        assert.equal(database.get('PRAGMA quick_check')?.['quick_check'], 'ok');
        const before = database.all('SELECT * FROM checkpoints');
        await assert.rejects(read('t'), isDamage);
        await assert.rejects(pruneThread(database, 't'), isDamage);
        assert.deepEqual(database.all('SELECT * FROM checkpoints'), before);
        assert.deepEqual(await textsOf('other'), ['zero', 'one', 'two', 'three']);
        // Without the hash, as in older rows, it loads: the hash is what has found it.
        const hash =
          database.get(`SELECT hash FROM ${table} WHERE rowid = ?`, place)?.['hash'] ?? null;
        tamper(database, `UPDATE ${table} SET hash = NULL WHERE rowid = ?`, place);
        loaded += (await read('t')).length;
        tamper(database, sql, good, place);
        tamper(database, `UPDATE ${table} SET hash = ? WHERE rowid = ?`, hash, place);
        assert.deepEqual(await textsOf('t'), ['zero', 'one', 'two', 'three']);
      }
      assert.ok(loaded > 0);
    });
  }

  it('SQL-05: bytes that are no JSON any more are found, with a hash or without', async () => {
    for (const hash of ['hash', 'NULL']) {
      for (const table of ['checkpoints', 'writes']) {
        const bytes = table === 'writes' ? 'value' : 'checkpoint';
        const copy = tamper(
          database,
          `CREATE TABLE good AS SELECT rowid AS place, * FROM ${table}`,
        );
        assert.equal(copy, 0);
        tamper(
          database,
          `UPDATE ${table} SET ${bytes} = x'7b00', hash = ${hash} WHERE thread_id = 't'`,
        );
        await assert.rejects(read('t'), isDamage, `${table} ${hash}`);
        assert.equal((await read('other')).length, 4);
        tamper(
          database,
          `UPDATE ${table} SET (${bytes}, hash) = (SELECT ${bytes}, hash FROM good WHERE place = ${table}.rowid)`,
        );
        tamper(database, 'DROP TABLE good');
      }
    }
    assert.equal((await read('t')).length, 4);
  });

  it('SQL-05: a conversation without its beginning is damaged, and not a shorter one', async () => {
    tamper(
      database,
      `DELETE FROM checkpoints WHERE rowid = (SELECT min(rowid) + 1 FROM checkpoints WHERE thread_id = 't')`,
    );
    await assert.rejects(read('t'), isDamage);
  });

  it('rows of an older version, without a hash, are read', async () => {
    for (const table of ['checkpoints', 'writes'])
      tamper(database, `UPDATE ${table} SET hash = NULL`);
    assert.deepEqual(await textsOf('t'), ['zero', 'one', 'two', 'three']);
  });

  it('DB-01: what looks like a serialised message in a tool result stays a string', async () => {
    const content = JSON.stringify(FORGED);
    const args = { lookalike: FORGED, list: [FORGED] };
    const calls = [{ id: 'c', name: 'read_file', args }];
    await say('forged', [
      new AIMessage({ content: '', tool_calls: calls }),
      new ToolMessage({ content, tool_call_id: 'c', artifact: FORGED }),
    ]);
    const [, asked, result] = await read('forged');
    assert.deepEqual((asked as AIMessage).tool_calls?.[0]?.args, args);
    assert.ok(ToolMessage.isInstance(result));
    assert.equal(result.content, content);
    assert.deepEqual(result.artifact as unknown, FORGED);
    const revived = (await read('forged')).filter((one) => AIMessage.isInstance(one));
    assert.equal(revived.length, 1);
  });

  it('DB-02: what looks like a serialised RegExp or undefined stays data', async () => {
    const args = { pattern: REGEXP, nothing: { lc: 2, type: 'undefined' } };
    const calls = [{ id: 'c', name: 'read_file', args }];
    await say('forged', [new AIMessage({ content: '', tool_calls: calls })]);
    const [, asked] = await read('forged');
    assert.deepEqual((asked as AIMessage).tool_calls?.[0]?.args, args);
  });

  describe('DB-07: whose thread id is foreign', () => {
    const allowed = [
      '../../x',
      '..',
      '/etc/passwd',
      `t' OR '1'='1`,
      '%',
      '_',
      'T',
      't ',
      '日本',
      '𝕏',
      '__proto__',
    ];
    for (const threadId of allowed) {
      it(`${JSON.stringify(threadId)} is a key like any other`, async () => {
        const files = (): string[] =>
          readdirSync(folder, { recursive: true }).map(String).toSorted();
        const before = files();
        assert.deepEqual(await read(threadId), []);
        await say(threadId);
        assert.equal((await read(threadId)).length, 4);
        assert.deepEqual(await pruneThread(database, threadId), { removed: 1 });
        assert.equal((await read(threadId)).length, 4);
        await new CheckpointSaver(database).deleteThread(threadId);
        assert.deepEqual(await read(threadId), []);
        assert.deepEqual(files(), before);
        assert.equal(existsSync(join(dirname(folder), 'x')), false);
        for (const other of ['t', 'other']) assert.equal((await read(other)).length, 4);
      });
    }

    for (const [what, threadId] of [
      ['one of 1 MB', 'x'.repeat(1_000_000)],
      ['half of a surrogate pair', '\ud800'],
      ['one with a NUL', 't\0x'],
    ] as const) {
      it(`${what} is refused`, async () => {
        const saver = new CheckpointSaver(database);
        const before = database.all('SELECT * FROM checkpoints');
        await assert.rejects(say(threadId), /no id of a conversation/u);
        await assert.rejects(read(threadId), /no id of a conversation/u);
        await assert.rejects(saver.deleteThread(threadId), /no id of a conversation/u);
        await assert.rejects(saver.list(configOf(threadId)).next(), /no id of a conversation/u);
        assert.deepEqual(database.all('SELECT * FROM checkpoints'), before);
      });
    }
  });
});
