import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { messageOf } from '../../src/shared/lifecycle.ts';
import type { Mode } from '../../src/shared/mode.ts';
import type { ThreadStatus } from '../../src/shared/thread-view.ts';
import { giveFocus } from '../focus.ts';
import type { Memory } from '../memory.ts';
import type { Panel } from '../panel.ts';
import { modePicker } from './mode-picker.ts';
import { PlainElement } from '../plain-element.ts';

/** Where the user writes. What was typed stays until the host has stored it. */
export class Composer extends PlainElement {
  static override properties = {
    panel: { attribute: false },
    memory: { attribute: false },
    threadId: { attribute: false },
    status: { attribute: false },
    mode: { attribute: false },
    enabled: { attribute: false },
    elsewhere: { attribute: false },
    empty: { state: true },
    sending: { state: true },
  };
  declare panel: Panel;
  declare memory: Memory;
  declare threadId: string | null;
  declare status: ThreadStatus;
  declare mode: Mode;
  declare enabled: boolean;
  /** The thread belongs to another window. */
  declare elsewhere: boolean;
  declare empty: boolean;
  declare sending: boolean;
  /** The thread whose draft is in the box; undefined before the first drawing. */
  private draftOf: string | null | undefined;

  constructor() {
    super();
    this.threadId = null;
    this.status = 'idle';
    this.mode = 'act';
    this.enabled = false;
    this.elsewhere = false;
    this.empty = true;
    this.sending = false;
  }

  private get box(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  focusBox(): void {
    giveFocus(this.box);
  }

  /** Replaces what is written, as if the user had typed it. */
  fill(text: string): void {
    this.write(text);
    this.focusBox();
  }

  /** Adds to what is written, as if the user had typed it. */
  add(text: string): void {
    const written = this.box?.value.trimEnd() ?? '';
    this.fill(written === '' ? text : `${written}\n${text}`);
  }

  override render(): TemplateResult {
    const running = this.status === 'running' && !this.elsewhere;
    return html`<div class="composer" data-enabled=${String(this.enabled)}>
      <textarea
        data-testid="composer"
        rows="1"
        aria-label=${t('Message to the agent')}
        aria-describedby="composer-hint"
        placeholder=${this.placeholder()}
        ?disabled=${!this.enabled || this.elsewhere}
        @input=${this.onInput}
        @keydown=${this.onKeydown}
        @blur=${this.onBlur}
      ></textarea>
      <div class="composer-bar">
        ${modePicker(this.panel, this.mode, !this.enabled || this.elsewhere)}
        <span class="hint" id="composer-hint">${this.hint()}</span>
        ${
          running
            ? html`<button
                type="button"
                class="icon-button"
                data-testid="stop"
                title=${t('Stop (Esc)')}
                aria-label=${t('Stop (Esc)')}
                @click=${this.onStop}
              >
                <span class="codicon codicon-stop-circle"></span>
              </button>`
            : nothing
        }
        <button
          type="button"
          class="icon-button send"
          data-testid="send"
          title=${running ? this.hint() : t('Send (Enter)')}
          aria-label=${t('Send (Enter)')}
          ?disabled=${!this.canSend}
          @click=${this.onSend}
        >
          <span class="codicon codicon-send"></span>
        </button>
      </div>
    </div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('threadId')) this.turnTo(this.threadId);
  }

  /** A message under way goes along: the thread that is shown now may have begun with it. */
  private turnTo(thread: string | null): void {
    if (thread === this.draftOf) return;
    if (this.sending) this.memory.keepDraft(this.draftOf ?? null, '');
    this.draftOf = thread;
    if (this.sending) this.memory.keepDraft(thread, this.box?.value ?? '');
    else this.write(this.memory.draft(thread));
  }

  private get canSend(): boolean {
    return (
      this.enabled && !this.elsewhere && !this.empty && !this.sending && this.status !== 'running'
    );
  }

  private placeholder(): string {
    if (!this.enabled) return t('Not ready yet');
    if (this.elsewhere) return t('Open elsewhere');
    return this.status === 'waiting'
      ? t('Approvals are waiting above')
      : t('Ask the agent to do something');
  }

  private hint(): string {
    if (this.elsewhere) return '';
    if (this.status !== 'running') return this.sending ? t('Sending…') : '';
    return this.empty
      ? t('The agent is working')
      : t('The agent is working. Your text stays here; send it when the run has ended.');
  }

  private write(text: string): void {
    if (this.box !== null) this.box.value = text;
    this.noteText(text);
  }

  private noteText(text: string): void {
    this.empty = text.trim() === '';
    if (this.draftOf !== undefined) this.memory.keepDraft(this.draftOf, text);
  }

  private readonly onInput = (): void => {
    this.noteText(this.box?.value ?? '');
  };

  private readonly onBlur = (): void => {
    this.memory.save();
  };

  private readonly onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey) void this.send();
  };

  private readonly onSend = (): void => {
    this.focusBox();
    void this.send();
  };

  private readonly onStop = (): void => {
    this.focusBox();
    void this.panel.stop();
  };

  private async send(): Promise<void> {
    const text = this.box?.value ?? '';
    if (!this.canSend || text.trim() === '') return;
    this.sending = true;
    this.panel.report(null);
    try {
      await this.panel.send(text);
      const now = this.box?.value ?? '';
      if (now.startsWith(text)) this.write(now.slice(text.length));
    } catch (error) {
      this.panel.report(messageOf(error));
    } finally {
      this.turnTo(this.panel.thread?.threadId ?? null);
      this.sending = false;
    }
  }
}
