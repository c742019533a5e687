// Looks after a database and kills itself at a moment: `node upkeep-child.ts <what> <moment> <folder>`.
import { once } from 'node:events';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { DATABASE_FILE, openDatabase } from '../../src/checkpoint/database.ts';
import { Gate, createSteps } from '../../src/checkpoint/steps.ts';
import { tidy } from '../../src/checkpoint/tidy.ts';

const [what = '', moment = '', folder = ''] = process.argv.slice(2);
const file = join(folder, DATABASE_FILE);

/** Another thread looks, for the one that works is not interrupted by anything. */
function killAt(isTime: () => boolean): void {
  parentPort?.postMessage('looking');
  while (!isTime());
  process.kill(process.pid, 'SIGKILL');
}

function watch(): () => boolean {
  const [kind = '', number = ''] = moment.split(':');
  if (kind === 'file') return () => statSync(file).size >= Number(number);
  if (kind === 'rows') {
    const connection = new DatabaseSync(file, { readOnly: true });
    const rows = connection.prepare(
      `SELECT count(*) AS n FROM checkpoints WHERE thread_id = 'deleted'`,
    );
    return () => Number(rows.get()?.['n']) <= Number(number);
  }
  // It grows, or is written from its beginning again: then the salt in its header is another one.
  const header = (): string => {
    const log = openSync(`${file}-wal`, 'r');
    const salt = new Uint8Array(8);
    readSync(log, salt, 0, salt.length, 16);
    closeSync(log);
    return salt.join();
  };
  const before = header();
  const much = statSync(`${file}-wal`).size + 1e6;
  return () => statSync(`${file}-wal`).size > much || header() !== before;
}

if (isMainThread) {
  const database = openDatabase(folder);
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  await once(worker, 'message');
  if (what === 'checkpoint') database.get('PRAGMA wal_checkpoint(TRUNCATE)');
  if (what === 'vacuum') database.get('VACUUM');
  if (what === 'tidy') {
    const request = { keepDays: 0, maxBytes: 0, now: Date.now(), loaded: [] };
    await tidy(database, request, createSteps(database, new Gate()));
  }
  process.exit();
} else {
  killAt(watch());
}
