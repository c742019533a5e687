import type { Database } from './database.ts';
import type { Steps } from './steps.ts';

const UNNAMED = `SELECT sha256 FROM blobs WHERE sha256 NOT IN
  (SELECT base_sha256 FROM operations WHERE base_sha256 IS NOT NULL
   UNION ALL SELECT new_sha256 FROM operations WHERE new_sha256 IS NOT NULL
   UNION ALL SELECT preimage_sha256 FROM operations WHERE preimage_sha256 IS NOT NULL
   UNION ALL SELECT final_sha256 FROM operations WHERE final_sha256 IS NOT NULL)`;
/** How often it looks anew because somebody else wrote meanwhile. The rest is for the next time. */
const LOOKS = 5;

/**
 * Takes away the blobs that no operation names; answers how many. The look is long and holds nobody
 * up. Each step that removes compares under the lock that no other connection has written since the
 * look, so that nothing goes which has just been named. (Blobs are put in the transaction that names
 * them.)
 */
export async function collectBlobs(database: Database, steps: Steps): Promise<number> {
  // Each deletion would look through all operations; the look has done that once for all.
  database.get('PRAGMA foreign_keys = OFF');
  let removed = 0;
  for (let looks = 0; looks < LOOKS; looks++) {
    await steps.pass();
    const seen = version(database);
    const unnamed = database.all(UNNAMED).map((row) => String(row['sha256']));
    await steps.repeat(() => {
      if (unnamed.length === 0 || version(database) !== seen) return false;
      removed += database.run('DELETE FROM blobs WHERE sha256 = ?', unnamed.pop() ?? '');
      return true;
    });
    if (unnamed.length === 0) break;
  }
  return removed;
}

/** Another number whenever another connection has committed something. */
function version(database: Database): unknown {
  return database.get('PRAGMA data_version')?.['data_version'];
}
