import { html, nothing, type TemplateResult } from 'lit';
import type { Environment } from '../src/shared/protocol.ts';
import { announcementOf, announcementOfThread } from './announcements.ts';
import { Composer } from './composer/composer.ts';
import { modelLine } from './composer/model-line.ts';
import { notices } from './composer/notices.ts';
import { ChatLog } from './log/chat-log.ts';
import type { Memory } from './memory.ts';
import type { Panel } from './panel.ts';
import { PlainElement } from './plain-element.ts';
import type { Rpc } from './rpc.ts';

/** The whole panel. It is drawn at most once a frame, however many events come. */
export class App extends PlainElement {
  private panel: Panel | null = null;
  private memory: Memory | null = null;
  private frame: number | null = null;
  private announcement = '';
  private revealing: string | null = null;
  private focusing = false;

  start(panel: Panel, memory: Memory, rpc: Rpc): void {
    this.panel = panel;
    this.memory = memory;
    panel.onChange(() => {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        this.requestUpdate();
      });
    });
    panel.onItem((change) => {
      this.announce(announcementOf(change));
    });
    panel.onShown((view) => {
      this.announce(announcementOfThread(view));
    });
    rpc.on('focusComposer', () => {
      this.focusing = true;
      this.requestUpdate();
    });
    rpc.on('reveal', ({ itemId }) => {
      this.revealing = itemId;
      this.requestUpdate();
    });
    this.addEventListener('keydown', this.onKeydown);
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
        ${notices(panel)}
        ${
          environment === null
            ? nothing
            : html`<cs-composer
                  .panel=${panel}
                  .memory=${memory}
                  .threadId=${thread?.threadId ?? null}
                  .status=${status}
                  .enabled=${canSend(environment)}
                  .elsewhere=${thread?.elsewhere === true}
                ></cs-composer
                >${modelLine(environment, panel)}`
        }
      </div>
      <div class="sr-only" role="status" data-testid="announcement">${this.announcement}</div>
    </main>`;
  }

  override updated(): void {
    if (this.panel?.synced !== true) return;
    if (this.focusing) this.composer?.focusBox();
    this.focusing = false;
    const itemId = this.revealing;
    this.revealing = null;
    if (itemId !== null && this.log !== null) void this.log.reveal(itemId);
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

  /** The same words twice are spoken twice only if the text differs. */
  private announce(words: string | null): void {
    if (words === null) return;
    this.announcement = words === this.announcement ? `${words}\u00a0` : words;
    this.requestUpdate();
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
