/**
 * Every version of the database, oldest first: the n-th entry leads from version n to n + 1. Entries
 * are never changed once released; a new version is a new entry. What the tables hold:
 *
 * `checkpoints`, a state of a thread after each step. The table of
 * `@langchain/langgraph-checkpoint-sqlite`, whose saver can read it; `hash` is ours.
 * - `thread_id`, `checkpoint_ns` ('' for the agent itself), `checkpoint_id`: whose, and which.
 *   The order of the rows is the order in which they were made; ids follow a clock.
 * - `parent_checkpoint_id`: what it follows; null for the first.
 * - `type`: 'json'. `checkpoint`: LangGraph's checkpoint (`v`, `id`, `ts`, `channel_values`,
 *   `channel_versions`, `versions_seen`); the messages are in it only every so many steps.
 *   `metadata`: `source`, `step`, `parents` and counters. Both in the format of `serializer.ts`.
 * - `hash`: `row-hash.ts`; null in rows that are older than it.
 *
 * `writes`, what tasks have written on a checkpoint: its child is what they make of it.
 * - `thread_id`, `checkpoint_ns`, `checkpoint_id`: on which one. `task_id`, `idx`: by whom, and the
 *   how many-th; below 0 for `__error__`, `__interrupt__` and the like. The task 'pruned' stands for
 *   those whose checkpoints were taken out (`prune.ts`).
 * - `channel`: what is written to. `type`: 'json' or 'bytes'. `value`: what.
 * - `task_path`: ours; with `task_id` and `idx` the order in which parallel tasks are applied.
 * - `hash`: as above.
 *
 * `threads`, the list of conversations: `title`; `created_at`, `updated_at`, `deleted_at` (null: it
 * is not) in milliseconds since 1970; `pinned`: stays at the top, 0 or 1; `mode`: the one that was
 * chosen for the next message, null: that of the last turn.
 *
 * `leases`, which window works on a thread: `owner`, its id; `fence`, higher with each owner.
 *
 * `identity`, one row: `database_id`, random, so that the file can be told from another; `created_at`.
 *
 * `blobs`, bytes by their `sha256`: `packing` is 'deflate' or null, `bytes` are as packed.
 *
 * `proposals`, one for each tool call that would change something: `proposal_id`; `thread_id`,
 * `tool_call_id`: of which call; `interrupt_id`: of which question, null until asked; `kind`,
 * `state`, `reason`: what it is, where it stands and why; `revision`, `proposed_revision`: which
 * rows of `operations` count now, and which the model proposed; `settles`: the revision that an
 * unclear effect is settled by; `origin`: 'model' or who else; `stacked`: it lies on top of another;
 * `question`, `arguments`: what is asked, and of what; `nonce`, `policy_version`, `trusted`,
 * `effect_hash`, `approved_hash`, `decision`: what an approval is bound to, and what it was;
 * `owner`, `fence`: who applies it; `undoes`: the proposal that it takes back; `told`: the model
 * knows; `created_at`, `shown_at`, `decided_at`, `finished_at`.
 *
 * `operations`, the files of a revision, `idx` in their order: `op`; `real_path`, `display_path`,
 * `to_real_path`, `to_display_path` (of moves), `folder`; `base_sha256`, `new_sha256`,
 * `preimage_sha256`, `final_sha256`: the bytes it is based on, wants, found and left; `mode`,
 * `encoding`, `bom`, `eol`: how they are written; `warnings`: a JSON array.
 *
 * `change_marks`, what the user said to single changes of a proposal that waits: `proposal_id`; `key`,
 * a hash over the change's path and lines; `mark`, 'accepted', 'rejected' or null; `comment`, or ''.
 *
 * `plan_edits`, what the user made of a plan of the agent: `thread_id`, `message_id`: of which answer;
 * `text`: the plan as the user left it; `comments`: on lines of it, a JSON array (`plan.ts`); `saved_at`.
 *
 * `audit`, what was decided and done, a chain: `seq`, `time`, `event`, `thread_id`, `proposal_id`,
 * `effect_hash`, `files` (JSON), `by`, `edited`, `seconds` of looking, and `hash` over it and the
 * row before.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE checkpoints (
    thread_id TEXT NOT NULL,
    checkpoint_ns TEXT NOT NULL DEFAULT '',
    checkpoint_id TEXT NOT NULL,
    parent_checkpoint_id TEXT,
    type TEXT,
    checkpoint BLOB,
    metadata BLOB,
    PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id)
  );
  CREATE TABLE writes (
    thread_id TEXT NOT NULL,
    checkpoint_ns TEXT NOT NULL DEFAULT '',
    checkpoint_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    channel TEXT NOT NULL,
    type TEXT,
    value BLOB,
    task_path TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
  );
  CREATE TABLE threads (
    thread_id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  );
  CREATE INDEX threads_by_use ON threads (updated_at);
  CREATE TABLE blobs (
    sha256 TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
  );
  CREATE TABLE proposals (
    proposal_id TEXT NOT NULL PRIMARY KEY,
    thread_id TEXT NOT NULL,
    tool_call_id TEXT NOT NULL,
    interrupt_id TEXT,
    kind TEXT NOT NULL,
    real_path TEXT NOT NULL,
    display_path TEXT NOT NULL,
    base_sha256 TEXT REFERENCES blobs (sha256),
    new_sha256 TEXT REFERENCES blobs (sha256),
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    finished_at INTEGER,
    undoes TEXT REFERENCES proposals (proposal_id),
    told INTEGER NOT NULL DEFAULT 0,
    UNIQUE (thread_id, tool_call_id)
  );
  CREATE INDEX proposals_open ON proposals (thread_id)
    WHERE state IN ('proposed', 'approved', 'claimed');
  CREATE INDEX proposals_undoing ON proposals (undoes) WHERE undoes IS NOT NULL;
  `,
  // An effect may have many files; a proposal has revisions; approvals are bound to a hash and kept
  // in a chain of audit rows.
  `
  ALTER TABLE blobs ADD COLUMN packing TEXT;
  CREATE INDEX checkpoints_by_age ON checkpoints (thread_id, checkpoint_ns);
  CREATE TABLE proposals_2 (
    proposal_id TEXT NOT NULL PRIMARY KEY,
    thread_id TEXT NOT NULL,
    tool_call_id TEXT NOT NULL,
    interrupt_id TEXT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    proposed_revision INTEGER NOT NULL DEFAULT 0,
    settles INTEGER,
    origin TEXT NOT NULL DEFAULT 'model',
    stacked INTEGER NOT NULL DEFAULT 0,
    question TEXT,
    arguments TEXT,
    nonce TEXT,
    policy_version INTEGER,
    trusted INTEGER,
    effect_hash TEXT,
    approved_hash TEXT,
    decision TEXT,
    owner TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    undoes TEXT,
    told INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    shown_at INTEGER,
    decided_at INTEGER,
    finished_at INTEGER,
    UNIQUE (thread_id, tool_call_id)
  );
  CREATE TABLE operations (
    proposal_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    op TEXT NOT NULL,
    real_path TEXT NOT NULL,
    display_path TEXT NOT NULL,
    to_real_path TEXT,
    to_display_path TEXT,
    folder TEXT,
    base_sha256 TEXT REFERENCES blobs (sha256),
    new_sha256 TEXT REFERENCES blobs (sha256),
    preimage_sha256 TEXT REFERENCES blobs (sha256),
    final_sha256 TEXT REFERENCES blobs (sha256),
    mode TEXT NOT NULL,
    encoding TEXT NOT NULL,
    bom INTEGER NOT NULL,
    eol TEXT NOT NULL,
    warnings TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (proposal_id, revision, idx)
  ) WITHOUT ROWID;
  INSERT INTO operations (proposal_id, revision, idx, op, real_path, display_path, base_sha256,
      new_sha256, mode, encoding, bom, eol)
    SELECT proposal_id, 0, 0, iif(new_sha256 IS NULL, 'delete', 'write'), real_path, display_path,
      base_sha256, new_sha256, '100644', 'utf8', 0, 'lf' FROM proposals;
  INSERT INTO proposals_2 (proposal_id, thread_id, tool_call_id, interrupt_id, kind, state, reason,
      undoes, told, created_at, decided_at, finished_at)
    SELECT proposal_id, thread_id, tool_call_id, interrupt_id, kind,
      iif(state = 'unknown', 'kept', state), reason, undoes, told, created_at, decided_at, finished_at FROM proposals ORDER BY rowid;
  DROP TABLE proposals;
  ALTER TABLE proposals_2 RENAME TO proposals;
  CREATE INDEX proposals_open ON proposals (thread_id)
    WHERE state IN ('proposed', 'approved', 'claimed', 'partial', 'unknown');
  CREATE INDEX proposals_undoing ON proposals (undoes) WHERE undoes IS NOT NULL;
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    event TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    effect_hash BLOB,
    files TEXT,
    by TEXT NOT NULL,
    edited INTEGER NOT NULL,
    seconds INTEGER,
    hash BLOB NOT NULL
  );
  `,
  // Rows of checkpoints carry a hash of what is in them (null: older than that), threads can be
  // pinned and are owned by one window at a time, the database can be told from another, and it is
  // known when what goes on behind the scenes was last done.
  `
  ALTER TABLE checkpoints ADD COLUMN hash BLOB;
  ALTER TABLE writes ADD COLUMN hash BLOB;
  ALTER TABLE threads ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE leases (
    thread_id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE identity (
    database_id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO identity VALUES (lower(hex(randomblob(16))), unixepoch() * 1000);
  CREATE TABLE upkeep (
    job TEXT NOT NULL PRIMARY KEY,
    done_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  // Changes of a proposal are marked and commented on one by one, and a proposal may be a command.
  `
  CREATE TABLE change_marks (
    proposal_id TEXT NOT NULL,
    key TEXT NOT NULL,
    mark TEXT,
    comment TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (proposal_id, key)
  ) WITHOUT ROWID;
  ALTER TABLE proposals ADD COLUMN command TEXT;
  `,
  // Plans are edited and commented on, and a mode is kept as soon as it is chosen.
  `
  CREATE TABLE plan_edits (
    thread_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    text TEXT NOT NULL,
    comments TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (thread_id, message_id)
  );
  ALTER TABLE threads ADD COLUMN mode TEXT;
  `,
];
