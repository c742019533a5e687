import { atFailpoints } from '../../src/shared/failpoint.ts';
import { backupDatabase } from '../../src/checkpoint/backup.ts';
import { openDatabase } from '../../src/checkpoint/database.ts';
import { tamper } from '../support/tamper.ts';

/** What a process does to a database until it is killed: at a failpoint, or by whoever watches it. */
const [, , folder = '', work = '', point = ''] = process.argv;

atFailpoints((name) => {
  if (name === point) process.kill(process.pid, 'SIGKILL');
});

const database = openDatabase(folder);
if (work === 'backup') await backupDatabase(folder);
if (work === 'checkpoint' || work === 'vacuum') {
  const blank = 'x'.repeat(2000);
  for (let n = 0; ; n++) {
    await database.transaction(() => {
      database.run(
        'INSERT INTO threads (thread_id, title, created_at, updated_at) VALUES (?, ?, 1, 1)',
        `t${n}`,
        blank,
      );
      if (n > 40)
        database.run('UPDATE threads SET title = ? WHERE thread_id = ?', '', `t${n - 40}`);
    });
    process.stdout.write(`${n}\n`);
    if (n % 3 === 0 && work === 'checkpoint') database.all('PRAGMA wal_checkpoint(TRUNCATE)');
    if (n % 3 === 0 && work === 'vacuum') {
      tamper(database, 'VACUUM');
      database.all('PRAGMA incremental_vacuum(5)');
    }
  }
}
database.close();
