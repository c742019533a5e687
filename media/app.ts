import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { nextMode } from '../src/shared/mode.ts';
import type { Environment } from '../src/shared/protocol.ts';
import type { ThreadView } from '../src/shared/thread-view.ts';
import { announcementsOf } from './announcements.ts';
import { Composer } from './composer/composer.ts';
import { modeName } from './composer/mode-picker.ts';
import { modelLine } from './composer/model-line.ts';
import { notices } from './composer/notices.ts';
import { planNotice } from './composer/plan-notice.ts';
import { ChatLog } from './log/chat-log.ts';
import { COMPOSE } from './log/refusal-view.ts';
import type { Memory } from './memory.ts';
import type { Panel } from './panel.ts';
import { PlainElement } from './plain-element.ts';
import type { Rpc } from './rpc.ts';

const KEPT_ANNOUNCEMENTS = 3;

/** The whole panel. It is drawn at most once a frame, however many events come. */
export class App extends PlainElement {
  private panel: Panel | null = null;
  private memory: Memory | null = null;
  private frame: number | null = null;
  /** What has just been announced, each by a number of its own: the same words may come again. */
  private announced: readonly (readonly [number, string])[] = [];
  private drawn: ThreadView | null = null;
  private revealing: string | null = null;
  private focusing = false;
  private hadFocus = false;

  start(panel: Panel, memory: Memory, rpc: Rpc): void {
    this.panel = panel;
    this.memory = memory;
    panel.onChange(() => {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        this.announce(panel.thread);
        this.requestUpdate();
      });
    });
    rpc.on('focusComposer', () => {
      this.focusing = true;
      this.requestUpdate();
    });
    rpc.on('cycleMode', () => {
      panel.chooseMode(nextMode(panel.mode));
      this.say([t('Mode: {0}', modeName(panel.mode))]);
      this.requestUpdate();
    });
    rpc.on('reveal', ({ itemId }) => {
      this.revealing = itemId;
      this.requestUpdate();
    });
    this.addEventListener('keydown', this.onKeydown);
    this.addEventListener(COMPOSE, (event) => {
      if (event instanceof CustomEvent) this.composer?.add(String(event.detail));
    });
    void panel.sync();
  }

  override render(): TemplateResult | typeof nothing {
    const { panel, memory } = this;
    if (panel === null || memory === null) return nothing;
    const { thread, environment } = panel;
    const status = thread?.status ?? 'idle';
    return html`<main class="panel" aria-label="Countersign">
      <vscode-progress-bar
        aria-hidden="true"
        indeterminate
        ?hidden=${status !== 'running'}
      ></vscode-progress-bar>
      <cs-log
        .panel=${panel}
        .memory=${memory}
        .thread=${thread}
        .environment=${environment}
        .synced=${panel.synced}
        .onCompose=${this.onCompose}
      ></cs-log>
      <div class="foot">
        ${notices(panel)} ${thread === null ? nothing : planNotice(thread, panel)}
        ${
          environment === null
            ? nothing
            : html`<cs-composer
                  .panel=${panel}
                  .memory=${memory}
                  .threadId=${thread?.threadId ?? null}
                  .status=${status}
                  .mode=${panel.mode}
                  .enabled=${canSend(environment)}
                  .elsewhere=${thread?.elsewhere === true}
                ></cs-composer
                >${modelLine(environment, panel)}`
        }
      </div>
      <div class="sr-only" role="status" aria-atomic="false">
        ${repeat(
          this.announced,
          ([number]) => number,
          ([, words]) => html`<p data-testid="announcement">${words}</p>`,
        )}
      </div>
    </main>`;
  }

  override willUpdate(): void {
    this.hadFocus = this.contains(document.activeElement);
  }

  override updated(): void {
    // A notice that had the focus has gone.
    if (this.hadFocus && document.activeElement === document.body) this.focusSomething();
    if (this.panel?.synced !== true) return;
    if (this.focusing) this.composer?.focusBox();
    this.focusing = false;
    const itemId = this.revealing;
    this.revealing = null;
    if (itemId !== null && this.log !== null) void this.log.reveal(itemId);
  }

  private focusSomething(): void {
    this.composer?.focusBox();
    if (document.activeElement === document.body) this.log?.focusConversation();
  }

  private get composer(): Composer | null {
    const found = this.querySelector('cs-composer');
    return found instanceof Composer ? found : null;
  }

  private get log(): ChatLog | null {
    const found = this.querySelector('cs-log');
    return found instanceof ChatLog ? found : null;
  }

  private readonly onCompose = (prompt: string | null): void => {
    if (prompt === null) this.composer?.focusBox();
    else this.composer?.fill(prompt);
  };

  /** What is new is added to what was said last, so that nothing is cut short or said again. */
  private announce(thread: ThreadView | null): void {
    this.say(announcementsOf(this.drawn, thread));
    this.drawn = thread;
  }

  private say(words: readonly string[]): void {
    const [last = 0] = this.announced.at(-1) ?? [];
    const added = words.map((one, index): [number, string] => [last + index + 1, one]);
    this.announced = [...this.announced, ...added].slice(-KEPT_ANNOUNCEMENTS);
  }

  private readonly onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    const thread = this.panel?.thread;
    if (thread?.status !== 'running' || thread.elsewhere) return;
    event.preventDefault();
    void this.panel?.stop();
  };
}

function canSend({ readiness, storage }: Environment): boolean {
  return readiness === 'ready' && storage?.kind !== 'closed' && storage?.kind !== 'readOnly';
}
