import type { RunnableConfig } from '@langchain/core/runnables';
import type { SqlValue } from './database.ts';

/** A thread's id becomes a key of rows, never a path; longer ones are none that we made. */
const LONGEST_ID = 1000;

type Fields = Partial<Record<string, string>>;

/** A checkpoint of a thread, or its newest without an id. */
export interface Address {
  readonly threadId: string;
  readonly namespace: string;
  readonly checkpointId: string | null;
}

export function fieldsOf(config: RunnableConfig): Fields {
  return (config.configurable ?? {}) as Fields;
}

export function addressOf(config: RunnableConfig): Address {
  const fields = fieldsOf(config);
  const threadId = fields['thread_id'];
  if (threadId === undefined) throw new Error('A checkpoint address needs a thread id');
  const checkpointId = fields['checkpoint_id'] ?? null;
  return {
    threadId: plain(threadId),
    namespace: plain(fields['checkpoint_ns'] ?? ''),
    checkpointId: checkpointId === null ? null : plain(checkpointId),
  };
}

/**
 * An id as it is. SQLite keeps text as UTF-8 and some of its functions stop at NUL: what would come
 * back as another id, and so could name the rows of another thread, is refused.
 */
export function plain(id: string): string {
  if (id.length > LONGEST_ID || id.includes('\0') || !id.isWellFormed()) {
    throw new Error('This is no id of a conversation or checkpoint');
  }
  return id;
}

export function addressed(
  threadId: string,
  namespace: string,
  id: SqlValue | undefined,
): RunnableConfig {
  return {
    configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: id },
  };
}
