import { createHash } from 'node:crypto';
import { existsSync, promises as mutable, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Act, ChildConfig, Line } from './lines.ts';

/**
 * Notes down every call that gives a file of the folder other bytes or takes its name away, before
 * and after it is made, and which approval another connection to the database sees for it.
 */
export function observeFiles({ folder, storage }: ChildConfig, say: (line: Line) => void): void {
  let number = 0;
  const own = (path: string): boolean =>
    path.startsWith(folder) && !basename(path).startsWith('.countersign-');
  const observed = async (
    call: string,
    path: string,
    sha256: string | null,
    make: () => Promise<void>,
  ): Promise<void> => {
    const made = ++number;
    say({ kind: 'act', number: made, call, path, sha256, ...approvalOf(storage, path, sha256) });
    await make();
    say({ kind: 'acted', number: made });
  };
  const { rename, link, unlink, open } = mutable;
  mutable.rename = async (from, to) => {
    const path = String(to);
    if (!own(path)) return rename(from, to);
    return observed('rename', path, hashOf(String(from)), () => rename(from, to));
  };
  mutable.link = async (from, to) => {
    const path = String(to);
    if (!own(path)) return link(from, to);
    return observed('link', path, hashOf(String(from)), () => link(from, to));
  };
  mutable.unlink = async (path) => {
    if (!own(String(path)) || !existsSync(path)) return unlink(path);
    return observed('unlink', String(path), null, () => unlink(path));
  };
  mutable.open = async (path, flags, mode) => {
    if (own(String(path)) && typeof flags === 'string' && flags !== 'r') {
      say({ kind: 'error', text: `${String(path)} was opened with ${flags}` });
    }
    return open(path, flags, mode);
  };
  syncBuiltinESMExports();
}

/** By SQL of its own: the claimed effect that has this in it, and the audit row of its approval. */
function approvalOf(
  storage: string,
  path: string,
  sha256: string | null,
): Pick<Act, 'proposalId' | 'approvedBy'> {
  const connection = new DatabaseSync(join(storage, 'countersign.sqlite'), { readOnly: true });
  try {
    const row = connection
      .prepare(
        `SELECT p.proposal_id AS proposal, max(a.seq) AS seq FROM proposals p
         JOIN operations o ON o.proposal_id = p.proposal_id AND o.revision = p.revision
         LEFT JOIN audit a ON a.proposal_id = p.proposal_id AND a.event = 'approved'
         WHERE p.state = 'claimed' AND p.approved_hash IS NOT NULL AND (
           (o.to_real_path IS NULL AND o.real_path = :path AND o.new_sha256 IS :sha)
           OR (o.to_real_path = :path AND :sha IN (o.base_sha256, o.new_sha256))
           OR (o.to_real_path IS NOT NULL AND o.real_path = :path AND :sha IS NULL)
           -- An undo that stopped half-way is put back.
           OR (p.undoes IS NOT NULL AND o.real_path = :path AND o.base_sha256 IS :sha)
           OR (p.undoes IS NOT NULL AND o.to_real_path = :path AND :sha IS NULL))
         GROUP BY p.proposal_id`,
      )
      .get({ path, sha: sha256 });
    const { proposal = null, seq = null } = row ?? {};
    return {
      proposalId: proposal === null ? null : String(proposal),
      approvedBy: seq === null ? null : Number(seq),
    };
  } finally {
    connection.close();
  }
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
