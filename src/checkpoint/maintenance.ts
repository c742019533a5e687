// The code of the maintenance worker: what takes long, away from the thread that everybody waits for.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../shared/lifecycle.ts';
import { createQueue } from '../shared/queue.ts';
import { DATABASE_FILE, type Database, openDatabase } from './database.ts';
import {
  type FromWorker,
  JOBS,
  type JobKind,
  type JobMessage,
  type JobTools,
  type ToWorker,
  type WorkerData,
} from './jobs.ts';
import { Gate, createSteps } from './steps.ts';

const { folder, held } = workerData as WorkerData;
const gate = new Gate();
gate.hold(held);
const queue = createQueue();
let database: Database | null = null;

function openTools(): JobTools {
  // A database that is missing is a loss to be told of, and not for this thread to make anew.
  if (!existsSync(join(folder, DATABASE_FILE))) throw new Error('The database is missing');
  database ??= openDatabase(folder);
  return { database, folder, steps: createSteps(database, gate) };
}

async function carryOut<K extends JobKind>(message: JobMessage<K>): Promise<FromWorker> {
  const { id, job, request, noteAt } = message;
  try {
    const tools = openTools();
    const result = await JOBS[job].run(request, tools);
    if (noteAt !== null) await noteDone(tools.database, job, noteAt);
    return { id, result };
  } catch (error) {
    return { id, problem: messageOf(error) };
  }
}

async function noteDone(open: Database, job: JobKind, time: number): Promise<void> {
  const sql = 'INSERT OR REPLACE INTO upkeep (job, done_at) VALUES (?, ?)';
  await open.transaction(() => open.run(sql, job, time));
}

async function answer(message: JobMessage): Promise<void> {
  parentPort?.postMessage(await carryOut(message));
}

async function stop(): Promise<void> {
  gate.stop();
  await queue.run(() => Promise.resolve());
  database?.close();
  parentPort?.close();
}

parentPort?.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'hold':
      gate.hold(message.held);
      break;
    case 'stop':
      void stop();
      break;
    case 'job':
      if (JOBS[message.job].atOnce === true) void answer(message);
      else void queue.run(() => answer(message));
  }
});
