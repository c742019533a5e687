import type { Database } from '../checkpoint/database.ts';
import type { Proposal } from './proposal.ts';
import type { Recorder } from './recording.ts';

export type Mark = 'accepted' | 'rejected';

/** What the user said to one change of a proposal. */
export interface ChangeMark {
  readonly mark: Mark | null;
  readonly comment: string;
}

/** By the key of a change: its new mark, or its new comment, or both. */
export type NewMarks = ReadonlyMap<string, Partial<ChangeMark>>;

export interface Marking {
  /** By the keys of the changes. */
  marks(proposalId: string): ReadonlyMap<string, ChangeMark>;
  /**
   * Keeps what the user said, if the proposal still stands as the caller saw it. `rebind`: more or
   * less would be done by it, so that it is another effect that is shown.
   */
  mark(seen: Proposal, marks: NewMarks, rebind?: boolean): Promise<boolean>;
}

export function createMarking(recorder: Recorder): Marking {
  const { database, find } = recorder;
  return {
    marks: (proposalId) => marksOf(database, proposalId),
    mark: (seen, marks, rebind = false) =>
      recorder.change(() => {
        recorder.leases.guard(seen.threadId);
        const now = find(seen.proposalId);
        if (now?.state !== 'proposed' || now.shown?.effectHash !== seen.shown?.effectHash) {
          return false;
        }
        putMarks(database, seen.proposalId, marks);
        if (rebind && now.shown !== null && now.interruptId !== null) {
          recorder.record(seen.proposalId, 'superseded', 'executor');
          recorder.bind(now, now.interruptId, now.shown.binding.trusted);
          recorder.record(seen.proposalId, 'shown', 'executor');
        }
        return true;
      }),
  };
}

/** Within a transaction of the caller. */
export function putMarks(database: Database, proposalId: string, marks: NewMarks): void {
  const known = marksOf(database, proposalId);
  for (const [key, given] of marks) {
    const { mark, comment } = { ...NOTHING, ...known.get(key), ...given };
    if (mark === null && comment === '') {
      const sql = 'DELETE FROM change_marks WHERE proposal_id = ? AND key = ?';
      database.run(sql, proposalId, key);
    } else {
      const sql = 'INSERT OR REPLACE INTO change_marks VALUES (?, ?, ?, ?)';
      database.run(sql, proposalId, key, mark, comment);
    }
  }
}

const NOTHING: ChangeMark = { mark: null, comment: '' };

function marksOf(database: Database, proposalId: string): ReadonlyMap<string, ChangeMark> {
  const rows = database.all(
    'SELECT key, mark, comment FROM change_marks WHERE proposal_id = ?',
    proposalId,
  );
  return new Map(
    rows.map(({ key, mark, comment }) => [
      String(key),
      {
        mark: mark === 'accepted' || mark === 'rejected' ? mark : null,
        comment: String(comment),
      },
    ]),
  );
}
