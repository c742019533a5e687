import type { Page } from 'playwright-core';
import { messageOf } from '../../../src/shared/lifecycle.ts';
import type {
  HostCalls,
  HostEvents,
  HostMethod,
  ToHost,
  ToWebview,
} from '../../../src/shared/protocol.ts';
import {
  reduceThread,
  type ThreadEvent,
  type ThreadView,
} from '../../../src/shared/thread-view.ts';
import { environment } from './samples.ts';

type Answers = {
  [M in HostMethod]: (
    params: HostCalls[M]['params'],
  ) => HostCalls[M]['result'] | Promise<HostCalls[M]['result']>;
};
type CallOf<M extends HostMethod> = Extract<ToHost, { method: M }>;

/** What the page is given in place of VS Code's own. */
const FAKE_API = `window.acquireVsCodeApi = () => ({
  postMessage: (message) => void toHost(structuredClone(message)),
});`;

/** The extension host as the panel knows it: answers calls, sends events, remembers what was asked. */
export class FakeHost {
  environment = environment();
  view: ThreadView | null;
  seq = 0;
  /** What the panel asked to be kept; `state` gives it back. */
  memory = '';
  readonly calls: ToHost[] = [];
  readonly answers: Answers = {
    state: () => ({ environment: this.environment, thread: this.snapshot(), memory: this.memory }),
    send: ({ threadId }) => ({ threadId: threadId ?? 'new' }),
    sendAgain: () => null,
    pickMode: async ({ mode }) => {
      await this.fire({ kind: 'mode', mode });
      return null;
    },
    openPlan: () => null,
    revisePlan: () => null,
    carryOutPlan: () => ({ kind: 'taken' }),
    decide: () => ({ kind: 'taken' }),
    resume: () => null,
    stop: () => null,
    undo: () => ({ kind: 'done' }),
    openDiff: () => null,
    compareRejected: () => null,
    readArguments: () => ({ arguments: '{\n  "path": "src/app.ts"\n}' }),
    openLink: () => null,
    remember: ({ memory }) => {
      this.memory = memory;
      return null;
    },
    chooseStorage: () => null,
    soundPlayed: () => null,
    runCommand: () => null,
  };
  private page: Page | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(view: ThreadView | null = null) {
    this.view = view;
  }

  async attach(page: Page): Promise<void> {
    this.page = page;
    await page.addInitScript(FAKE_API);
    await page.exposeFunction('toHost', (message: ToHost) => this.receive(message));
  }

  snapshot(): { seq: number; view: ThreadView } | null {
    return this.view === null ? null : { seq: this.seq, view: this.view };
  }

  /** Changes the thread and tells the panel; `lost` events are counted but never arrive. */
  async fire(event: ThreadEvent, { lost = false } = {}): Promise<void> {
    if (this.view === null) throw new Error('No thread is open.');
    this.view = reduceThread(this.view, event);
    this.seq += 1;
    if (!lost)
      await this.emit('threadEvent', { threadId: this.view.threadId, seq: this.seq, event });
  }

  async show(view: ThreadView | null): Promise<void> {
    this.view = view;
    await this.emit('threadShown', this.snapshot());
  }

  emit<E extends keyof HostEvents>(event: E, data: HostEvents[E]): Promise<void> {
    return this.post({ type: 'event', event, data } as ToWebview);
  }

  of<M extends HostMethod>(method: M): HostCalls[M]['params'][] {
    return this.calls
      .filter((call): call is CallOf<M> => call.method === method)
      .map(({ params }) => params);
  }

  /** The parameters of the `count`-th call of a method, once it has been made. */
  async called<M extends HostMethod>(method: M, count = 1): Promise<HostCalls[M]['params']> {
    for (;;) {
      const found = this.of(method)[count - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const once = (): void => {
          this.listeners.delete(once);
          resolve();
        };
        this.listeners.add(once);
      });
    }
  }

  private async receive(message: ToHost): Promise<void> {
    this.calls.push(message);
    for (const listener of [...this.listeners]) listener();
    try {
      const result = await answer(this.answers, message);
      await this.post({ type: 'result', id: message.id, result });
    } catch (error) {
      await this.post({ type: 'error', id: message.id, message: messageOf(error) });
    }
  }

  /** Several messages in one go, so that no frame is drawn between them. */
  async post(...messages: readonly ToWebview[]): Promise<void> {
    // The panel is the page, or the only frame in it.
    await this.page?.frames().at(-1)?.evaluate(`for (const message of ${JSON.stringify(messages)}) {
      window.postMessage(message, window.origin);
    }`);
  }
}

function answer(answers: Answers, { method, params }: ToHost): unknown {
  const act: (params: never) => unknown = answers[method];
  return act(params as never);
}
