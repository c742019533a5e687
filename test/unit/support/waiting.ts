import { rmSync, writeFileSync } from 'node:fs';
import type { Flow } from './flow.ts';

/** Changes a file, or takes it away, and tells so, as the editor's watcher does. */
export async function change(flow: Flow, path: string, text: string | null): Promise<void> {
  if (text === null) rmSync(flow.at(path));
  else writeFileSync(flow.at(path), text);
  await flow.bench.core.threads.filesChanged(new Set([flow.at(path)]));
}

/** The text that the waiting proposal has for its file, or for another one of its files. */
export async function proposedText(flow: Flow, callId?: string, operation = 0): Promise<string> {
  const { operations } = await flow.proposal(callId);
  const hash = operations[operation]?.newSha256 ?? null;
  return hash === null ? '' : Buffer.from(flow.bench.core.bytes(hash)).toString();
}

/** Types another text into the file of the waiting proposal. */
export async function type(flow: Flow, text: string, callId?: string): Promise<boolean> {
  const { proposalId, effectHash } = await flow.review(callId);
  return flow.bench.core.threads.edit(proposalId, effectHash, new Map([[0, text]]));
}
