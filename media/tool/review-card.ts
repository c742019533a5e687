import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Decision, ProposalState } from '../../src/shared/decision.ts';
import { messageOf } from '../../src/shared/lifecycle.ts';
import type { ReviewView, ToolItem } from '../../src/shared/thread-view.ts';
import type { Panel } from '../panel.ts';
import { PlainElement } from '../plain-element.ts';
import { hasMainModifier, stateSign } from '../words.ts';
import { decisionButtons, reasonButtons, type CardActions } from './card-actions.ts';
import { miniDiff } from './mini-diff.ts';
import { PointerGuard } from './pointer-guard.ts';
import { reasonBox } from './reason-box.ts';
import { reviewFacts } from './review-facts.ts';
import { toolWords } from './tool-line.ts';

/** `open`: awaits an answer. `reason`: one is being written. `sent`: the host has taken it. */
type Phase = 'open' | 'reason' | 'sending' | 'sent';

/** Fired when a card that had the focus was answered. */
export const DECIDED = 'cs-decided';

/** A tool call with a proposal: a card while it awaits a decision, a line afterwards. */
export class ReviewCard extends PlainElement {
  static override properties = {
    item: { attribute: false },
    panel: { attribute: false },
    synced: { attribute: false },
    phase: { state: true },
    error: { state: true },
    late: { state: true },
    refused: { state: true },
  };
  declare item: ToolItem;
  declare panel: Panel;
  declare synced: boolean;
  declare phase: Phase;
  declare error: string | null;
  /** What had become of the proposal when our answer came too late. */
  declare late: ProposalState | null;
  /** A press came too early and was not heeded. */
  declare refused: boolean;

  private readonly guard = new PointerGuard(this, () => this.querySelector('.actions'));
  private reason = '';
  /** The focus came here, or the proposal changed, without the user: keys wait as a pointer does. */
  private keysWait = false;
  private refocus = false;

  constructor() {
    super();
    this.phase = 'open';
    this.error = null;
    this.late = null;
    this.refused = false;
    this.addEventListener('keydown', this.onKeydown);
    this.addEventListener('focusin', () => {
      this.requestUpdate();
    });
    this.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.keysWait = false;
      this.requestUpdate();
    });
  }

  /** True while the user can still answer here. */
  get awaits(): boolean {
    return this.pending && (this.phase === 'open' || this.phase === 'reason');
  }

  private get pending(): boolean {
    return this.item.state === 'proposed';
  }

  private get hasFocus(): boolean {
    return this.contains(document.activeElement);
  }

  /** Takes the focus without the user having asked for it. */
  takeFocus(): void {
    this.focus();
    this.keysWait = true;
    this.guard.restart();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('item');
    if (before === undefined) return;
    if (this.pending && before.review?.interruptId !== this.item.review?.interruptId) {
      if (!this.awaits) this.phase = 'open';
      this.late = null;
      this.keysWait = true;
      this.guard.restart();
    }
    this.refocus = before.state !== this.item.state && this.hasFocus;
  }

  override render(): TemplateResult {
    const { review } = this.item;
    if (review === null) return toolWords(this.item);
    if (this.pending) return this.card(review);
    return html`<cs-decided
      .item=${this.item}
      .panel=${this.panel}
      .late=${this.late}
    ></cs-decided>`;
  }

  override updated(): void {
    this.tabIndex = this.pending ? 0 : -1;
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', `${this.item.title}: ${stateSign(this.item.state).words}`);
    this.classList.toggle('card', this.pending);
    this.dataset['armed'] = String(this.guard.armed);
    if (this.guard.armed) this.refused = false;
    if (this.refocus && !this.hasFocus) this.focus();
    this.refocus = false;
  }

  private card(review: ReviewView): TemplateResult {
    const writing = this.phase === 'reason';
    const actions = this.actions(review);
    return html`${reviewFacts(this.item, review)} ${miniDiff(review, this.openDiff)}
      ${
        writing
          ? reasonBox({
              text: this.reason,
              onText: (text) => {
                this.reason = text;
              },
              onSend: this.sendReject,
              onCancel: this.cancelReject,
            })
          : nothing
      }
      ${
        this.error === null
          ? nothing
          : html`<p class="card-error" role="alert">
              <span class="codicon codicon-error"></span> ${this.error}
            </p>`
      }
      ${this.lateNote()}
      <div class="actions">
        ${writing ? reasonButtons(actions) : decisionButtons(actions)}
        <span class="too-soon" role="status"
          >${this.refused ? t('This card has just moved. Press again.') : ''}</span
        >
      </div>`;
  }

  private actions(review: ReviewView): CardActions {
    return {
      off: !this.synced || !this.awaits || review.interruptId === null,
      sending: this.phase === 'sending',
      waits: !this.guard.armed && !this.hasFocus,
      openDiff: this.openDiff,
      approve: this.guarded(this.approve),
      startReject: this.guarded(this.startReject),
      sendReject: this.guarded(this.sendReject),
      cancelReject: this.cancelReject,
    };
  }

  private lateNote(): TemplateResult | typeof nothing {
    return this.late === null
      ? nothing
      : html`<p class="note" role="status">
          ${t('Already answered: {0}.', stateSign(this.late).words)}
        </p>`;
  }

  private readonly openDiff = (): void => {
    if (this.item.review !== null) void this.panel.openDiff(this.item.review.proposalId);
  };

  private readonly approve = (): void => {
    void this.decide({ kind: 'approve' });
  };

  private readonly startReject = (): void => {
    if (!this.awaits) return;
    this.phase = 'reason';
    void this.updateComplete.then(() => {
      this.querySelector<HTMLElement>('[data-testid="reason"]')?.focus();
    });
  };

  private readonly sendReject = (): void => {
    void this.decide({ kind: 'reject', reason: this.reason.trim() });
  };

  private readonly cancelReject = (): void => {
    this.phase = 'open';
    this.focus();
  };

  private guarded(act: () => void): (click: MouseEvent) => void {
    return (click) => {
      if (click.detail === 0 ? this.keysHeeded() : this.guard.accepts()) act();
      else this.refused = true;
    };
  }

  private keysHeeded(): boolean {
    return !this.keysWait || this.guard.accepts();
  }

  private readonly onKeydown = (event: KeyboardEvent): void => {
    if (!this.pending || event.isComposing || event.target instanceof HTMLTextAreaElement) return;
    const approves = event.key === 'Enter' && hasMainModifier(event);
    const rejects = event.key === 'Backspace' && event.altKey;
    if (!approves && !rejects) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (!this.keysHeeded()) this.refused = true;
    else if (approves) this.approve();
    else this.startReject();
  };

  private async decide(decision: Decision): Promise<void> {
    const interruptId = this.item.review?.interruptId ?? null;
    const { phase } = this;
    if (!this.synced || !this.awaits || interruptId === null) return;
    if (this.hasFocus) this.focus();
    this.phase = 'sending';
    this.error = null;
    try {
      const outcome = await this.panel.decide(interruptId, decision);
      if (this.item.review?.interruptId !== interruptId && this.pending) return;
      this.phase = 'sent';
      this.late = outcome.kind === 'tooLate' ? outcome.state : null;
      if (this.hasFocus) this.dispatchEvent(new CustomEvent(DECIDED, { bubbles: true }));
    } catch (error) {
      this.phase = phase;
      this.error = messageOf(error);
    }
  }
}
