import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { KEYS } from '../words.ts';
import type { MenuItem } from './more-menu.ts';
import type { visibleText } from './visible-text.ts';

/** A press of a button, by pointer or by key. */
export type Press = (click: MouseEvent) => void;

export interface CardActions {
  /** Nothing can be decided now: an answer is on its way, or the host has not spoken yet. */
  readonly off: boolean;
  readonly sending: boolean;
  /** A pointer would not be heeded yet. */
  readonly waits: boolean;
}

export interface DecisionButtons extends CardActions {
  readonly approveWords: string;
  /** Why it cannot be approved as it is, or null. */
  readonly blocked: string | null;
  /** The way out is the editor. */
  readonly resolves: boolean;
  readonly more: readonly MenuItem[];
  readonly first: {
    readonly testId: string;
    readonly label: string;
    readonly press: () => void;
  };
  readonly approve: Press;
  readonly reject: Press;
}

/** A button that takes part in a decision, and so waits until the card stands still. */
export function decidingButton(
  { off, waits }: CardActions,
  button: {
    readonly testId: string;
    readonly label: ReturnType<typeof visibleText>;
    readonly title: string;
    readonly press: Press;
    readonly secondary?: boolean;
    readonly disabled?: boolean;
  },
): TemplateResult {
  return html`<button
    type="button"
    class="button decides ${button.secondary === true ? 'secondary' : ''}"
    data-testid=${button.testId}
    title=${button.title}
    aria-disabled=${waits ? 'true' : 'false'}
    ?disabled=${off || button.disabled === true}
    @click=${button.press}
  >
    ${button.label}
  </button>`;
}

export function plainButton(
  testId: string,
  label: string,
  press: () => void,
  primary = false,
): TemplateResult {
  return html`<button
    type="button"
    class="button ${primary ? '' : 'secondary'}"
    data-testid=${testId}
    @click=${press}
  >
    ${label}
  </button>`;
}

export function decisionButtons(card: DecisionButtons): TemplateResult {
  const { first } = card;
  return html`${plainButton(first.testId, first.label, first.press, card.resolves)}
    <span class="group">
      ${decidingButton(card, {
        testId: 'approve',
        label: card.sending ? t('Sending…') : card.approveWords,
        title: card.blocked ?? t('{0} ({1})', card.approveWords, KEYS.approve),
        press: card.approve,
        secondary: card.resolves,
        disabled: card.blocked !== null,
      })}
      ${decidingButton(card, {
        testId: 'reject',
        label: t('Reject…'),
        title: t('Reject… ({0})', KEYS.reject),
        press: card.reject,
        secondary: true,
      })}
      <cs-more .items=${card.more} .off=${card.off}></cs-more
    ></span>`;
}

/** Asks once more, where a press would take what nobody has looked at. */
export function confirmButtons(
  card: CardActions & { readonly approveWords: string },
  approve: Press,
  back: () => void,
): TemplateResult {
  return html`<span class="group"
    >${decidingButton(card, {
      testId: 'approve',
      label: card.approveWords,
      title: t('{0} ({1})', card.approveWords, KEYS.approve),
      press: approve,
    })}
    ${plainButton('cancel-approve', t('Back'), back)}</span
  >`;
}

export function sendButtons(
  card: CardActions,
  reject: boolean,
  words: string,
  send: Press,
  cancel: () => void,
): TemplateResult {
  return html`<span class="group"
    >${decidingButton(card, {
      testId: reject ? 'send-reason' : 'send-answer',
      label: words,
      title: words,
      press: send,
    })}
    ${plainButton(reject ? 'cancel-reason' : 'cancel-answer', t('Cancel'), cancel)}</span
  >`;
}

/** Said beside the buttons when a press came too early. */
export function tooSoon(refused: boolean): TemplateResult {
  return html`<span class="too-soon" role="status"
    >${refused ? t('This card has just moved. Press again.') : nothing}</span
  >`;
}
