import { createHash } from 'node:crypto';
import type { Recorder } from './recording.ts';

export interface SendingAnyway {
  /**
   * Records that a person lets a message through that was blocked. On the disk when it returns. The
   * row names the message in the place of a proposal, and has a hash of its words.
   */
  recordSentAnyway(threadId: string, messageId: string, words: string): Promise<void>;
}

export function createSendingAnyway(recorder: Recorder): SendingAnyway {
  const { audit, leases } = recorder;
  return {
    recordSentAnyway: (threadId, messageId, words) =>
      recorder.change(() => {
        leases.guard(threadId);
        audit.append({
          event: 'sentAnyway',
          threadId,
          proposalId: messageId,
          effectHash: createHash('sha256').update(words).digest('hex'),
          files: null,
          by: 'user',
          edited: false,
          seconds: null,
        });
      }, 'durable'),
  };
}
