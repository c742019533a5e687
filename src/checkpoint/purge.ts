import type { Database } from './database.ts';
import type { Steps } from './steps.ts';

/** The value of `deleted_at` of a thread that is being removed: it cannot be brought back any more. */
export const GOING = 0;
/** Rows that are taken away at once; some are large. */
const ROWS = 10;

/** What belongs to a thread, in an order in which what is left can always still be found. */
const ROWS_OF_THREAD = [
  ...['writes', 'checkpoints'].map(
    (table) => `DELETE FROM ${table} WHERE rowid IN
      (SELECT rowid FROM ${table} WHERE thread_id = ? LIMIT ${ROWS})`,
  ),
  `DELETE FROM operations WHERE (proposal_id, revision, idx) IN
     (SELECT proposal_id, revision, idx FROM operations WHERE proposal_id IN
        (SELECT proposal_id FROM proposals WHERE thread_id = ?) LIMIT ${ROWS})`,
  `DELETE FROM change_marks WHERE (proposal_id, key) IN
     (SELECT proposal_id, key FROM change_marks WHERE proposal_id IN
        (SELECT proposal_id FROM proposals WHERE thread_id = ?) LIMIT ${ROWS})`,
  `DELETE FROM proposals WHERE rowid IN
     (SELECT rowid FROM proposals WHERE thread_id = ? LIMIT ${ROWS})`,
  `DELETE FROM plan_edits WHERE rowid IN
     (SELECT rowid FROM plan_edits WHERE thread_id = ? LIMIT ${ROWS})`,
  'DELETE FROM leases WHERE thread_id = ?',
  'DELETE FROM threads WHERE thread_id = ?',
];

/**
 * Takes away all that is stored of a thread that is going, apart from its rows of the audit, which
 * is a chain and has no contents. If it is cut off, the rest can be taken away later.
 */
export async function purgeThread(
  database: Database,
  threadId: string,
  steps: Steps,
): Promise<void> {
  let at = 0;
  await steps.repeat(() => {
    const sql = ROWS_OF_THREAD[at];
    if (sql === undefined) return false;
    if (database.run(sql, threadId) < ROWS) at++;
    return true;
  });
}
