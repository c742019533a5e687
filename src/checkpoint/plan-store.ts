import type { Database } from './database.ts';
import type { Leases } from './leases.ts';

/** What the user made of a plan. */
export interface PlanEdit {
  readonly text: string;
  /** JSON. */
  readonly comments: string;
}

/** What users make of plans; the plans themselves are answers, and in the checkpoints. */
export interface PlanStore {
  /** By the id of the answer that it is; null if nothing was made of it. */
  find(threadId: string, messageId: string): PlanEdit | null;
  /** @throws UserFacingError if the thread is another window's */
  keep(threadId: string, messageId: string, edit: PlanEdit): Promise<void>;
}

export function createPlanStore(
  database: Database,
  leases: Pick<Leases, 'guard'>,
  now: () => number,
): PlanStore {
  return {
    find(threadId, messageId) {
      const row = database.get(
        'SELECT text, comments FROM plan_edits WHERE thread_id = ? AND message_id = ?',
        threadId,
        messageId,
      );
      return row === undefined
        ? null
        : { text: String(row['text']), comments: String(row['comments']) };
    },
    async keep(threadId, messageId, { text, comments }) {
      await database.transaction(() => {
        leases.guard(threadId);
        database.run(
          'INSERT OR REPLACE INTO plan_edits VALUES (?, ?, ?, ?, ?)',
          ...[threadId, messageId, text, comments, now()],
        );
      });
    },
  };
}
