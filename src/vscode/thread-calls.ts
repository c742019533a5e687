import type { CoreHost } from './core-host.ts';
import type { CallHandlers } from './webview-messages.ts';

type ThreadCalls = Pick<CallHandlers, 'sendAgain' | 'resume' | 'stop' | 'undo' | 'readArguments'>;

/** What the panel hands on to the threads as it is. */
export function threadCalls(host: () => CoreHost): ThreadCalls {
  const threads = async () => (await host().open()).threads;
  return {
    async sendAgain({ threadId, messageId, way }) {
      await (await threads()).sendAgain(threadId, messageId, way);
      return null;
    },
    async resume({ threadId }) {
      await (await threads()).resume(threadId);
      return null;
    },
    async stop({ threadId }) {
      await (await threads()).stop(threadId);
      return null;
    },
    async undo({ threadId, proposalId, kind }) {
      return (await threads()).undo(threadId, proposalId, kind);
    },
    async readArguments({ threadId, proposalId }) {
      return { arguments: await (await threads()).readArguments(threadId, proposalId) };
    },
  };
}
