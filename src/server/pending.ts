import type { Core } from '../threads/core.ts';
import type { Asked } from '../threads/threads.ts';
import { unifiedDiff } from '../threads/unified-diff.ts';
import type { PendingToolCall } from './answers.ts';

/** A tool call that waits, with all that it would do. */
export async function toPending(
  core: Core,
  { threadId, item }: Asked,
): Promise<PendingToolCall | null> {
  const { review } = item;
  const interruptId = review?.interruptId ?? null;
  if (review === null || interruptId === null) return null;
  const { proposalId, effectHash, files } = review;
  const args: unknown = JSON.parse(await core.threads.readArguments(threadId, proposalId));
  return {
    ...{ id: item.id, interrupt_id: interruptId, session_id: threadId },
    ...{ name: item.toolName, args, kind: item.toolKind, title: item.title, state: item.state },
    diff: unifiedDiff(core, proposalId),
    effect_hash: effectHash,
    files: files.map(({ operation, change, path, to, added, removed }) => ({
      ...{ operation, change, path, to, added, removed },
    })),
    command: review.command,
    question: review.question && { ...review.question, choices: [...review.question.choices] },
    ...{ approvable: review.approvable, why: review.why, risk: review.risk },
    warnings: [...review.warnings],
    hidden_characters: review.hiddenCharacters,
    irrecoverable: [...review.irrecoverable],
    notice: review.notice?.text ?? null,
    evidence: [...review.evidence],
  };
}

/**
 * Which effects callers have been shown for each interrupt. An approval that does not name the one
 * it is about can only mean the one, if there was no other.
 */
export class Shown {
  readonly #effects = new Map<string, Set<string>>();

  add(calls: readonly PendingToolCall[]): void {
    for (const { interrupt_id, effect_hash } of calls) {
      const known = this.#effects.get(interrupt_id) ?? new Set();
      this.#effects.set(interrupt_id, known.add(effect_hash));
    }
  }

  isOnly(interruptId: string, effectHash: string): boolean {
    const known = this.#effects.get(interruptId);
    return known?.size === 1 && known.has(effectHash);
  }

  forget(interruptId: string): void {
    this.#effects.delete(interruptId);
  }
}
