import { deltaChannelHistoryTests, validate } from '@langchain/langgraph-checkpoint-validation';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { makeFolder } from '../support/core.ts';

const databases = new Map<CheckpointSaver, Database>();

/** LangGraph's own tests of a saver, with ours, each on a database of its own. */
const initializer: Parameters<typeof validate<CheckpointSaver>>[0] = {
  // By this name the suite knows what the stock saver leaves out.
  checkpointerName: '@langchain/langgraph-checkpoint-sqlite',
  createCheckpointer() {
    const database = openDatabase(makeFolder());
    const saver = new CheckpointSaver(database);
    databases.set(saver, database);
    return saver;
  },
  destroyCheckpointer(saver) {
    const database = databases.get(saver);
    databases.delete(saver);
    database?.close();
    if (database !== undefined) rmSync(dirname(database.path), { recursive: true });
  },
};

validate(initializer);
deltaChannelHistoryTests(initializer);
