import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { CommandView } from '../../src/shared/command.ts';
import type { Decision } from '../../src/shared/decision.ts';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import { giveFocus } from '../focus.ts';
import type { Panel } from '../panel.ts';
import { PlainElement } from '../plain-element.ts';
import { awaitsAnswer, cardName, hasMainModifier } from '../words.ts';
import { Answering, leadsToAnother } from './answering.ts';
import { writtenDecision, type Written } from './answers.ts';
import type { Press } from './card-actions.ts';
import { cardBody } from './card-body.ts';
import { draftOf, editedFrom } from './command-edit.ts';
import { Choice } from './choice.ts';
import { PointerGuard } from './pointer-guard.ts';
import { approvalOf, blockOf, needsConfirming } from './proposal-card.ts';
import { toolWords } from './tool-line.ts';

/** Fired when a card that had the focus was answered. */
export const DECIDED = 'cs-decided';

/** A tool call with a proposal: a card while it awaits an answer, a line afterwards. */
export class ReviewCard extends PlainElement {
  static override properties = {
    item: { attribute: false },
    panel: { attribute: false },
    synced: { attribute: false },
    refused: { state: true },
  };
  declare item: ToolItem;
  declare panel: Panel;
  declare synced: boolean;
  /** A press came too early and was not heeded. */
  declare refused: boolean;

  readonly answering = new Answering(this);
  readonly choice = new Choice(() => {
    this.requestUpdate();
  });
  readonly guard = new PointerGuard(this, () => this.querySelectorAll('.actions'));
  /** The focus came here, or the proposal changed, without the user: keys wait as a pointer does. */
  private keysWait = false;
  private refocus = false;

  constructor() {
    super();
    this.refused = false;
    this.addEventListener('keydown', this.onKeydown);
    this.addEventListener('focusin', () => {
      this.requestUpdate();
    });
    this.addEventListener('focusout', ({ relatedTarget }) => {
      // What is drawn anew may lose the focus, and gets it back below.
      if (this.isUpdatePending) return;
      if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.keysWait = false;
      this.requestUpdate();
    });
  }

  /** True while the user can still answer here. */
  get awaits(): boolean {
    return this.pending && this.answering.open;
  }

  get hasFocus(): boolean {
    return this.contains(document.activeElement);
  }

  private get pending(): boolean {
    return awaitsAnswer(this.item);
  }

  /** Takes the focus without the user having asked for it. */
  takeFocus(): void {
    giveFocus(this);
    this.wait();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    this.refocus = this.hasFocus;
    if (!changed.has('item')) return;
    const anew = this.answering.see(this.item);
    const { review } = this.item;
    if (this.pending && review !== null && this.choice.show(review)) this.answering.changed = true;
    if (anew && changed.get('item') !== undefined) this.wait();
  }

  override render(): TemplateResult {
    const { review } = this.item;
    if (review === null) return toolWords(this.item);
    if (this.pending) return cardBody(this, review);
    return html`<cs-decided
      .item=${this.item}
      .panel=${this.panel}
      .late=${this.answering.late}
    ></cs-decided>`;
  }

  override updated(): void {
    this.tabIndex = this.pending ? 0 : -1;
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', cardName(this.item));
    this.classList.toggle('card', this.pending);
    this.classList.toggle('asks', (this.item.review?.question ?? null) !== null);
    this.dataset['armed'] = String(this.guard.armed);
    if (this.guard.armed) this.refused = false;
    if (this.refocus && !this.hasFocus && document.activeElement === document.body) giveFocus(this);
  }

  readonly openDiff = (operation: number | null): void => {
    const { review } = this.item;
    if (review !== null) void this.panel.openDiff(review.proposalId, operation);
  };

  readonly compareRejected = (): void => {
    const { review } = this.item;
    if (review !== null) void this.panel.compareRejected(review.proposalId);
  };

  /** Approves what is ticked; asks once more where that would take what nobody looked at. */
  readonly approve = (): void => {
    const { review } = this.item;
    const decision = review && approvalOf(review, this.choice);
    if (review === null || decision === null || blockOf(review, this.choice) !== null) return;
    if (this.answering.phase === 'open' && needsConfirming(review, this.choice)) this.confirm();
    else void this.decide(decision);
  };

  readonly approveByKey = (): void => {
    if (this.keysHeeded()) this.approve();
    else this.refused = true;
  };

  readonly startWriting = (written: Written): void => {
    if (!this.awaits) return;
    this.answering.go(written);
    this.guard.restart();
    const { review } = this.item;
    if (written === 'command' && review?.command) {
      this.answering.begin(written, draftOf(review.command));
    }
    if (written === 'arguments' && review !== null) {
      void this.answering.readArguments(this.panel, review.proposalId);
    }
    void this.updateComplete.then(() => {
      this.focusOn('[data-testid="reason"], [data-testid="answer-box"]');
    });
  };

  /** An approval is sent from a box only as it would be from a button. */
  readonly sendWritten = (written: Written): void => {
    const { review } = this.item;
    if (review === null || !this.answering.checks(written)) return;
    if (written === 'command') {
      this.sendCommand(review.command);
      return;
    }
    const blocked = written === 'note' ? blockOf(review, this.choice) : null;
    if (blocked !== null) this.answering.refuse(blocked);
    else if (written === 'note' && !this.keysHeeded()) this.refused = true;
    else {
      const { route } = this.answering;
      void this.decide(writtenDecision(written, this.answering.draft(written), route));
    }
  };

  /** The user's own command is an approval, too. */
  private sendCommand(command: CommandView | null): void {
    if (command === null) return;
    const edited = editedFrom(command, this.answering.draft('command'));
    if (typeof edited === 'string') this.answering.refuse(edited);
    else if (!this.keysHeeded()) this.refused = true;
    else void this.decide({ kind: 'editCommand', command: edited });
  }

  readonly back = (): void => {
    this.answering.go('open');
    this.guard.restart();
    this.focus();
  };

  /**
   * Lets a press act only where the card has stood still, and keys only where the user is. What a
   * script presses is not the user.
   */
  readonly guarded = (act: () => void): Press => {
    return ({ detail, isTrusted }) => {
      if (!isTrusted) return;
      if (detail === 0 ? this.keysHeeded() : this.guard.accepts()) act();
      else this.refused = true;
    };
  };

  readonly decide = async (decision: Decision): Promise<void> => {
    if (!this.synced || !this.awaits) return;
    if (this.hasFocus) giveFocus(this);
    const outcome = await this.answering.send(this.panel, decision);
    if (outcome?.kind === 'changed') this.wait();
    if (outcome?.kind === 'taken' || outcome?.kind === 'tooLate') this.passOn(decision);
  };

  /** The focus goes on to what waits next, unless this leads to something here. */
  private passOn(decision: Decision): void {
    if (!this.hasFocus || this.awaits || leadsToAnother(decision)) return;
    this.dispatchEvent(new CustomEvent(DECIDED, { bubbles: true }));
  }

  private confirm(): void {
    const { hasFocus } = this;
    this.answering.go('confirm');
    this.wait();
    void this.updateComplete.then(() => {
      if (hasFocus) this.focusOn('[data-testid="approve"]');
    });
  }

  /** Focuses what has just come. It scrolls only after the log has followed its own end. */
  private focusOn(selector: string): void {
    const found = this.querySelector<HTMLElement>(selector);
    giveFocus(found, { preventScroll: true });
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        this.querySelector('.actions:last-of-type')?.scrollIntoView({ block: 'nearest' });
        found?.scrollIntoView({ block: 'nearest' });
      });
    });
  }

  private wait(): void {
    this.keysWait = true;
    this.guard.restart();
  }

  private keysHeeded(): boolean {
    return !this.keysWait || this.guard.accepts();
  }

  private readonly onKeydown = (event: KeyboardEvent): void => {
    if (!event.isTrusted || !this.pending || event.isComposing) return;
    if (event.target instanceof HTMLTextAreaElement) return;
    const act = this.keyed(event);
    // A button that a held key has brought here is not pressed by it.
    const held = event.repeat && event.key === 'Enter';
    if (act === null && !held) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat || act === null) return;
    if (event.key === 'Escape' || this.keysHeeded()) act();
    else this.refused = true;
  };

  /** What a key means here; null if nothing. */
  private keyed(event: KeyboardEvent): (() => void) | null {
    const { phase, writing } = this.answering;
    const { review, state } = this.item;
    if (event.key === 'Escape') return phase === 'open' || !this.awaits ? null : this.back;
    if (state !== 'proposed' || review?.question !== null) return null;
    if (event.key === 'Enter' && hasMainModifier(event)) {
      if (writing === null) return this.approve;
      return () => {
        this.sendWritten(writing);
      };
    }
    if (event.key !== 'Backspace' || !event.altKey) return null;
    return () => {
      this.startWriting('reject');
    };
  }
}
