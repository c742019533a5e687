import * as vscode from 'vscode';
import { messageOf } from '../shared/lifecycle.ts';
import type { Environment, HostEvents, ToWebview } from '../shared/protocol.ts';
import { isStorageProblem } from '../shared/storage.ts';
import type { Core } from '../threads/core.ts';
import type { ThreadSnapshot, ThreadView } from '../shared/thread-view.ts';
import type { CoreHost } from './core-host.ts';
import { tellError } from './errors.ts';
import { CHAT_VIEW, COMMANDS, CONTEXT_KEYS } from './ids.ts';
import type { ModelSettings } from './model-settings.ts';
import { PanelSound } from './panel-sound.ts';
import { planCalls } from './plan-calls.ts';
import type { Reviews } from './reviews.ts';
import { chooseWay } from './storage-notices.ts';
import { webviewHtml } from './webview-html.ts';
import { type CallFaults, type CallHandlers, replyTo } from './webview-messages.ts';

export interface ChatViewDeps {
  readonly extensionUri: vscode.Uri;
  readonly host: CoreHost;
  readonly settings: ModelSettings;
  readonly reviews: Reviews;
  readonly log: vscode.LogOutputChannel;
  readonly memory: PanelMemory;
}

/** What the panel wants to find again, as text that only it understands. */
export interface PanelMemory {
  read(): string;
  write(memory: string): Thenable<void>;
}

/** The chat panel: shows one thread, and tells the host what the user does. */
export class ChatView implements vscode.Disposable {
  readonly #deps: ChatViewDeps;
  readonly #subscriptions: { dispose(): unknown }[] = [];
  readonly #sound = new PanelSound(() => {
    this.#post('playSound', null);
  });
  #view: vscode.WebviewView | null = null;
  /** A core was opened before, or it was said why none can be. */
  #followed = false;
  /** The thread that is shown; null: a new one, undefined: the one used last. */
  #shown: string | null | undefined;

  constructor(deps: ChatViewDeps) {
    this.#deps = deps;
    const tellEnvironment = (): void => {
      void this.#environment().then((environment) => {
        this.#post('environment', environment);
      });
    };
    this.#subscriptions.push(
      vscode.window.registerWebviewViewProvider(CHAT_VIEW, {
        resolveWebviewView: (view) => {
          this.#resolve(view);
        },
      }),
      deps.settings.onChanged(tellEnvironment),
      deps.host.onReadinessChanged(tellEnvironment),
      deps.host.onStorageChanged(tellEnvironment),
      deps.host.onOpened((core) => {
        this.#follow(core);
      }),
    );
  }

  get shownThread(): string | null {
    return this.#shown ?? null;
  }

  /** True if the user has this thread before their eyes. */
  shows(threadId: string): boolean {
    return this.#view?.visible === true && this.#shown === threadId;
  }

  /** False if the panel is not open, or may make no sound. */
  playSound(): Promise<boolean> {
    return this.#view?.visible === true ? this.#sound.play() : Promise.resolve(false);
  }

  newThread(): void {
    this.#shown = null;
    this.#post('threadShown', null);
    this.#tellWhere(null);
  }

  /** If the panel is open, shows the thread there, at one of its items. Moves no focus. */
  async reveal(threadId: string, itemId: string): Promise<void> {
    if (this.#view?.visible !== true) return;
    await this.showThread(threadId);
    this.#post('reveal', { itemId });
  }

  async focus(then: 'focusComposer' | 'cycleMode' = 'focusComposer'): Promise<void> {
    await vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
    this.#post(then, null);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #resolve(view: vscode.WebviewView): void {
    const { extensionUri, log } = this.#deps;
    this.#view = view;
    view.onDidDispose(() => {
      if (this.#view === view) this.#view = null;
    });
    view.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')],
    };
    const faults: CallFaults = {
      refused: () => {
        log.warn('A malformed message from the panel was refused.');
        return vscode.l10n.t('The panel asked for something that cannot be done.');
      },
      failed: (error) => tellError(error, log),
    };
    view.webview.onDidReceiveMessage(async (raw: unknown) => {
      const reply = await replyTo(this.#handlers, raw, faults);
      if (reply !== null) await this.#send(reply);
    });
    view.webview.html = webviewHtml(view.webview, extensionUri);
  }

  readonly #handlers: CallHandlers = {
    state: async () => {
      const { host } = this.#deps;
      const environment = await this.#environment();
      const memory = this.#deps.memory.read();
      if (environment.readiness !== 'ready' || (host.loaded() === null && !host.hasHistory())) {
        return { environment, thread: null, memory };
      }
      try {
        return { environment, thread: await this.#current(await host.open()), memory };
      } catch (error) {
        // Said by the environment, which is another by now.
        if (!isStorageProblem(error)) throw error;
        this.#followed = true;
        return { environment: await this.#environment(), thread: null, memory };
      }
    },
    send: async ({ threadId, text, mode }) => {
      const { threads } = await this.#deps.host.open();
      const id = await threads.send(threadId, text, mode);
      await this.showThread(id);
      return { threadId: id };
    },
    ...planCalls(() => this.#deps.host),
    sendAgain: async ({ threadId, messageId, way }) => {
      await (await this.#deps.host.open()).threads.sendAgain(threadId, messageId, way);
      return null;
    },
    decide: async ({ threadId, shown, decision }) => {
      const { host, reviews } = this.#deps;
      const { threads } = await host.open();
      // What is typed in the editor and not in the card yet makes the card out of date.
      await reviews.flush();
      return threads.decide(threadId, shown, decision);
    },
    resume: async ({ threadId }) => {
      await (await this.#deps.host.open()).threads.resume(threadId);
      return null;
    },
    stop: async ({ threadId }) => {
      await (await this.#deps.host.open()).threads.stop(threadId);
      return null;
    },
    undo: async ({ threadId, proposalId, kind }) =>
      (await this.#deps.host.open()).threads.undo(threadId, proposalId, kind),
    openDiff: async ({ proposalId, operation }) => {
      await this.#deps.reviews.openDiff(proposalId, operation);
      return null;
    },
    compareRejected: async ({ proposalId }) => {
      await this.#deps.reviews.compareRejected(proposalId);
      return null;
    },
    readArguments: async ({ threadId, proposalId }) => {
      const { threads } = await this.#deps.host.open();
      return { arguments: await threads.readArguments(threadId, proposalId) };
    },
    openLink: async ({ href }) => {
      await (await import('./links.ts')).openLink(href);
      return null;
    },
    remember: async ({ memory }) => {
      await this.#deps.memory.write(memory);
      return null;
    },
    chooseStorage: async ({ way }) => {
      try {
        await chooseWay(this.#deps.host, way);
      } catch (error) {
        if (!isStorageProblem(error)) throw error;
      }
      return null;
    },
    soundPlayed: ({ outcome }) => {
      this.#sound.answered(outcome);
      return Promise.resolve(null);
    },
    runCommand: async ({ command }) => {
      const ids = {
        ...COMMANDS,
        manageTrust: 'workbench.trust.manage',
        openFolder: 'vscode.openFolder',
      };
      await vscode.commands.executeCommand(ids[command]);
      return null;
    },
  };

  /** The thread to show: the one that was shown, at first the one used last. */
  async #current({ threads }: Core): Promise<ThreadSnapshot | null> {
    this.#shown ??= this.#shown === undefined ? (threads.list()[0]?.threadId ?? null) : null;
    const thread = this.#shown === null ? null : await threads.open(this.#shown);
    this.#tellWhere(thread?.view ?? null);
    return thread;
  }

  /** Another history is open: what was shown belongs to the last one. */
  #anew(core: Core): void {
    this.#shown = undefined;
    this.#current(core).then(
      (thread) => {
        this.#post('threadShown', thread);
      },
      (error: unknown) => {
        this.#deps.log.error(String(error));
      },
    );
  }

  #follow(core: Core): void {
    const { threads } = core;
    if (this.#followed) this.#anew(core);
    this.#followed = true;
    this.#subscriptions.push(
      threads.onEvent((numbered) => {
        if (numbered.threadId !== this.#shown) return;
        this.#post('threadEvent', numbered);
        const { event } = numbered;
        if (event.kind === 'status' || event.kind === 'owner') void this.#tellOf(threads);
      }),
    );
  }

  /** Shows a thread in the panel, now or when it is opened. */
  async showThread(threadId: string): Promise<void> {
    if (this.#shown === threadId) return;
    this.#shown = threadId;
    const { threads } = await this.#deps.host.open();
    const thread = await threads.open(threadId);
    this.#post('threadShown', thread);
    this.#tellWhere(thread.view);
  }

  async #environment(): Promise<Environment> {
    const { host, settings } = this.#deps;
    return {
      readiness: host.readiness(),
      storage: host.storage(),
      ...(await settings.describe()),
    };
  }

  async #tellOf(threads: Core['threads']): Promise<void> {
    const shown = this.shownThread;
    if (shown !== null) this.#tellWhere((await threads.open(shown)).view);
  }

  #tellWhere(view: Pick<ThreadView, 'status' | 'elsewhere'> | null): void {
    const keys: [string, boolean][] = [
      [CONTEXT_KEYS.running, view?.status === 'running' && !view.elsewhere],
      [CONTEXT_KEYS.elsewhere, view?.elsewhere === true],
      [CONTEXT_KEYS.threadShown, view !== null],
    ];
    for (const [key, value] of keys) {
      void vscode.commands.executeCommand('setContext', key, value);
    }
  }

  #post<E extends keyof HostEvents>(event: E, data: HostEvents[E]): void {
    void this.#send({ type: 'event', event, data } as ToWebview);
  }

  /** A webview that is hidden or gone gets nothing; it asks for everything when it is back. */
  async #send(message: ToWebview): Promise<void> {
    try {
      await this.#view?.webview.postMessage(message);
    } catch (error) {
      this.#deps.log.debug(`The panel did not get a message: ${messageOf(error)}`);
    }
  }
}
