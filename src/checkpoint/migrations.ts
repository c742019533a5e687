/**
 * Every version of the database, oldest first: the n-th entry leads from version n to n + 1. Entries
 * are never changed once released; a new version is a new entry.
 *
 * `checkpoints` and `writes` are the tables of `@langchain/langgraph-checkpoint-sqlite`, so that its
 * saver can read them; `task_path` is ours (the order in which parallel tasks are applied).
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
];
