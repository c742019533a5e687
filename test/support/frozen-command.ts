import { createAudit } from '../../src/approval/audit.ts';
import { POLICY_VERSION } from '../../src/approval/envelope.ts';
import { type ToolCallAddress, createLedger } from '../../src/approval/ledger.ts';
import { createBlobStore } from '../../src/checkpoint/blobs.ts';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { UNGUARDED } from '../../src/checkpoint/leases.ts';
import type { Command } from '../../src/shared/command.ts';

/**
 * Freezes a command for a call that the model is about to make, from another process than the one
 * that will show it: no tool proposes commands. Without a thread, the newest one is meant.
 */
export async function freezeCommand(
  storage: string,
  { toolCallId, threadId }: Pick<ToolCallAddress, 'toolCallId'> & { readonly threadId?: string },
  command: Command,
): Promise<void> {
  const database = openDatabase(storage);
  const now = (): number => Date.now();
  const audit = createAudit(database, now, { read: () => null, write: () => undefined });
  const ledger = createLedger({
    ...{ database, audit, now, owner: 'another', policyVersion: POLICY_VERSION },
    blobs: createBlobStore(database),
    leases: UNGUARDED,
  });
  const call = { toolCallId, threadId: threadId ?? newestIn(database) };
  await ledger.freeze(call, 'execute', [], { command });
  database.close();
}

function newestIn(database: Database): string {
  const newest = database.get('SELECT thread_id FROM threads ORDER BY created_at DESC LIMIT 1');
  return String(newest?.['thread_id']);
}

/** `npm test` in a folder, for a minute from now on. */
export function commandIn(cwd: string, over: Partial<Command> = {}): Command {
  return {
    ...{ file: '/usr/bin/npm', argv: ['npm', 'test'], shell: null, cwd },
    env: { set: [{ name: 'API_KEY', value: 'hush' }], unset: [] },
    ...{ timeLimit: 60, expiresAt: Date.now() + 60_000 },
    ...over,
  };
}
