import { openDatabase } from '../../../src/checkpoint/database.ts';
import { countPending } from '../../../src/checkpoint/pending.ts';
import { hasSqlite } from '../../../src/checkpoint/sqlite.ts';
import { UserFacingError } from '../../../src/shared/errors.ts';

const [, , storageFolder = ''] = process.argv;
const found = { has: hasSqlite(), pending: countPending(storageFolder) };
for (const mode of ['normal', 'readOnly', 'inMemory'] as const) {
  try {
    openDatabase(storageFolder, { mode });
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    const { reason, message } = error;
    console.log(JSON.stringify({ mode, ...found, reason, message }));
  }
}
