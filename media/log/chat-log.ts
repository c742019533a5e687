import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import { copyCode } from '../markdown/code-block.ts';
import type { Environment } from '../../src/shared/protocol.ts';
import { giveFocus } from '../focus.ts';
import type { Memory } from '../memory.ts';
import type { Panel } from '../panel.ts';
import { PlainElement } from '../plain-element.ts';
import { DECIDED, ReviewCard } from '../tool/review-card.ts';
import { closedState, emptyState } from './empty-state.ts';
import { entriesOf } from './entries.ts';
import { entryView } from './item-view.ts';
import { jumpButton } from './jump-button.ts';
import { Reads } from './reads.ts';
import { ScrollKeeper } from './scroll-keeper.ts';

/** The conversation. Screen readers hear of it through the announcements of the panel instead. */
export class ChatLog extends PlainElement {
  static override properties = {
    panel: { attribute: false },
    memory: { attribute: false },
    thread: { attribute: false },
    environment: { attribute: false },
    synced: { attribute: false },
    behind: { state: true },
    elsewhere: { state: true },
  };
  declare panel: Panel;
  declare memory: Memory;
  declare thread: ThreadView | null;
  /** Drawn anew with it, where there is no conversation to show. */
  declare environment: Environment | null;
  declare synced: boolean;
  /** The reader is not at the end. */
  declare behind: boolean;
  /** How many decisions are awaited while none of their cards is in sight. */
  declare elsewhere: number;
  /** Called with an example that the user chose, and when the focus belongs to the composer. */
  onCompose: (prompt: string | null) => void = () => undefined;

  private keeper: ScrollKeeper | null = null;

  constructor() {
    super();
    this.thread = null;
    this.environment = null;
    this.synced = false;
    this.behind = false;
    this.elsewhere = 0;
    this.addEventListener(DECIDED, (event) => {
      this.focusNext(event.target);
    });
  }

  override render(): TemplateResult {
    const entries = entriesOf(this.thread?.items ?? []);
    return html`<div
        class="scroller"
        role="log"
        aria-live="off"
        aria-label=${t('Conversation')}
        tabindex="0"
        @click=${this.onClick}
        @keydown=${this.onKeydown}
      >
        <div class="entries">
          ${repeat(
            entries,
            ({ key }) => key,
            (entry) => entryView(entry, this.panel),
          )}
        </div>
        ${entries.length === 0 && this.synced ? this.nothingToShow() : nothing}
      </div>
      ${jumpButton(this.behind, this.elsewhere, this.toLatest, this.toWaiting)}`;
  }

  /** What cannot be read is never shown as if there were nothing. */
  private nothingToShow(): TemplateResult {
    return this.environment?.storage?.kind === 'closed'
      ? closedState()
      : emptyState(this.onCompose, this.panel);
  }

  override firstUpdated(): void {
    const [scroller, content] = [this.querySelector('.scroller'), this.querySelector('.entries')];
    if (!(scroller instanceof HTMLElement) || !(content instanceof HTMLElement)) return;
    this.keeper = new ScrollKeeper(scroller, content, () => {
      this.lookAround();
      this.rememberPlace();
    });
  }

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('thread');
    if (changed.has('thread') && before?.threadId !== this.thread?.threadId) this.restorePlace();
    this.lookAround();
  }

  /** Scrolls to an item and gives it the focus. False if it is not there. */
  async reveal(itemId: string): Promise<boolean> {
    await this.updateComplete;
    const item = this.querySelector<HTMLElement>(`[data-item-id="${CSS.escape(itemId)}"]`);
    if (item === null) return false;
    const reads = item.closest('cs-reads');
    if (reads instanceof Reads) await reads.show();
    item.scrollIntoView({ block: 'center' });
    if (item instanceof ReviewCard) item.takeFocus();
    else giveFocus(item, { preventScroll: true });
    return true;
  }

  private restorePlace(): void {
    const id = this.thread?.threadId;
    const place = id === undefined ? null : this.memory.place(id);
    this.keeper?.goTo(place);
    requestAnimationFrame(() => {
      if (this.thread?.threadId === id) this.keeper?.goTo(place);
    });
  }

  private rememberPlace(): void {
    const id = this.thread?.threadId;
    if (id !== undefined && this.keeper !== null) this.memory.keepPlace(id, this.keeper.place());
  }

  focusConversation(): void {
    giveFocus(this.querySelector<HTMLElement>('.scroller'), { preventScroll: true });
  }

  private readonly toLatest = (): void => {
    this.keeper?.toEnd();
    this.focusConversation();
  };

  private lookAround(): void {
    this.behind = this.keeper?.atEnd === false;
    const frame = this.getBoundingClientRect();
    const cards = this.waitingCards();
    const seen = cards.some((card) => {
      const { top, bottom } = card.getBoundingClientRect();
      return bottom > frame.top && top < frame.bottom;
    });
    this.elsewhere = seen ? 0 : cards.length;
  }

  private waitingCards(): ReviewCard[] {
    return [...this.querySelectorAll('cs-review.card')].filter(
      (card): card is ReviewCard => card instanceof ReviewCard && card.awaits,
    );
  }

  private readonly toWaiting = (): void => {
    const [card] = this.waitingCards();
    card?.scrollIntoView({ block: 'nearest' });
    card?.takeFocus();
  };

  private focusNext(decided: EventTarget | null): void {
    const waiting = this.waitingCards();
    const isAfter = (card: Node): boolean =>
      decided instanceof Node &&
      (decided.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const next = waiting.find(isAfter) ?? waiting[0];
    if (next === undefined) this.onCompose(null);
    else next.takeFocus();
  }

  private readonly onKeydown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') this.follow(event);
  };

  private readonly onClick = (event: MouseEvent): void => {
    const copy = event.target instanceof Element && event.target.closest('[data-copy]');
    if (copy instanceof HTMLElement) void copyCode(copy);
    else this.follow(event);
  };

  private follow(event: Event): void {
    const link = event.target instanceof Element && event.target.closest('[data-href]');
    const href = link instanceof HTMLElement ? link.dataset['href'] : undefined;
    if (href === undefined) return;
    event.preventDefault();
    void this.panel.openLink(href);
  }
}
