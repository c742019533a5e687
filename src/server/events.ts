import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Disposable } from '../shared/lifecycle.ts';
import type { NumberedEvent } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import type { Chat } from './chat.ts';

/** Events that wait for a reader who is slow; with more, it has to ask anew. */
const MOST = 10_000;

interface Message {
  readonly event: string;
  readonly data: string;
}

/**
 * What happens in a session from now on: `state` as `GET /chat/{session_id}` has it, first and after
 * every change of it; `text` as the agent says it; `tool_call` as one goes on.
 */
export async function streamEvents(
  context: Context,
  {
    core,
    chat,
    sessionId,
  }: { readonly core: Core; readonly chat: Chat; readonly sessionId: string },
  ends: AbortSignal,
): Promise<Response> {
  await core.threads.open(sessionId);
  return streamSSE(context, async (stream) => {
    const queue: (Message | 'state')[] = ['state'];
    let wake = Promise.withResolvers<null>();
    const stop = (): void => {
      queue.length = 0;
      stream.abort();
      wake.resolve(null);
    };
    const subscription: Disposable = core.threads.onEvent((numbered) => {
      if (numbered.threadId !== sessionId) return;
      for (const one of messagesOf(numbered)) if (one !== queue.at(-1)) queue.push(one);
      if (queue.length > MOST) stop();
      wake.resolve(null);
    });
    ends.addEventListener('abort', stop);
    stream.onAbort(stop);
    try {
      while (!stream.aborted && !ends.aborted) {
        const next = queue.shift();
        if (next === undefined) {
          await wake.promise;
          wake = Promise.withResolvers();
        } else {
          await stream.writeSSE(next === 'state' ? await stateNow(core, chat, sessionId) : next);
        }
      }
    } finally {
      subscription.dispose();
      ends.removeEventListener('abort', stop);
    }
  });
}

function messagesOf({ event }: NumberedEvent): readonly (Message | 'state')[] {
  if (event.kind === 'text') {
    const { id, delta } = event;
    return [{ event: 'text', data: JSON.stringify({ id, delta }) }];
  }
  if (event.kind === 'status' || event.kind === 'owner') return ['state'];
  if (event.kind !== 'item' || event.item.kind !== 'tool') return [];
  const { id, toolName: name, toolKind: kind, title, state, detail, review } = event.item;
  const data = JSON.stringify({ id, name, kind, title, state, detail });
  return [{ event: 'tool_call', data }, ...(review === null ? [] : (['state'] as const))];
}

async function stateNow(core: Core, chat: Chat, sessionId: string): Promise<Message> {
  const { view } = await core.threads.open(sessionId);
  return { event: 'state', data: JSON.stringify(await chat.stateOf(core, view)) };
}
