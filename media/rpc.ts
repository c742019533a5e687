import type {
  HostCalls,
  HostEvents,
  HostMethod,
  ToHost,
  ToWebview,
} from '../src/shared/protocol.ts';
import { messageOf } from '../src/shared/lifecycle.ts';

export interface Rpc {
  /** Settles with the host's answer; rejects with the host's words. */
  call<M extends HostMethod>(
    method: M,
    params: HostCalls[M]['params'],
  ): Promise<HostCalls[M]['result']>;
  on<E extends keyof HostEvents>(event: E, listener: (data: HostEvents[E]) => void): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

type Listeners = { [E in keyof HostEvents]: ((data: HostEvents[E]) => void)[] };

/** The panel's end of the channel. `receive` takes every message that reaches the window. */
export function createRpc(post: (message: ToHost) => void): Rpc & {
  receive(message: unknown): void;
} {
  const waiting = new Map<number, Waiting>();
  const listeners: Listeners = {
    threadEvent: [],
    threadShown: [],
    environment: [],
    focusComposer: [],
    cycleMode: [],
    playSound: [],
    reveal: [],
  };
  let lastId = 0;

  function settle(id: number, act: (call: Waiting) => void): void {
    const call = waiting.get(id);
    waiting.delete(id);
    if (call !== undefined) act(call);
  }

  function dispatch<E extends keyof HostEvents>(event: E, data: HostEvents[E]): void {
    for (const listener of listeners[event]) listener(data);
  }

  return {
    call(method, params) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        try {
          post({ type: 'call', id, method, params } as ToHost);
        } catch (error) {
          waiting.delete(id);
          reject(new Error(messageOf(error)));
        }
      });
    },
    on(event, listener) {
      listeners[event].push(listener);
    },
    receive(message) {
      if (!isToWebview(message)) return;
      if (message.type === 'event') {
        dispatch(message.event, message.data);
      } else if (message.type === 'error') {
        settle(message.id, (call) => {
          call.reject(new Error(message.message));
        });
      } else {
        settle(message.id, (call) => {
          call.resolve(message.result);
        });
      }
    },
  };
}

const EVENTS: Readonly<Record<keyof HostEvents, true>> = {
  threadEvent: true,
  threadShown: true,
  environment: true,
  focusComposer: true,
  cycleMode: true,
  playSound: true,
  reveal: true,
};

function isToWebview(message: unknown): message is ToWebview {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  if (message.type === 'event') {
    return (
      'event' in message &&
      typeof message.event === 'string' &&
      Object.hasOwn(EVENTS, message.event)
    );
  }
  return message.type === 'result' || message.type === 'error';
}
