import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { KEYS } from '../words.ts';

export interface CardActions {
  /** Nothing can be decided now: an answer is on its way, or the host has not spoken yet. */
  readonly off: boolean;
  readonly sending: boolean;
  /** A pointer would not be heeded yet. */
  readonly waits: boolean;
  readonly openDiff: () => void;
  readonly approve: (click: MouseEvent) => void;
  readonly startReject: (click: MouseEvent) => void;
  readonly sendReject: (click: MouseEvent) => void;
  readonly cancelReject: () => void;
}

export function decisionButtons(card: CardActions): TemplateResult {
  const waits = card.waits ? 'true' : 'false';
  return html`<button
      type="button"
      class="button secondary"
      data-testid="open-diff"
      @click=${card.openDiff}
    >
      ${t('Open Diff')}
    </button>
    <span class="space"></span>
    <button
      type="button"
      class="button decides"
      data-testid="approve"
      title=${t('Approve ({0})', KEYS.approve)}
      aria-disabled=${waits}
      ?disabled=${card.off}
      @click=${card.approve}
    >
      ${card.sending ? t('Sending…') : t('Approve')}
    </button>
    <button
      type="button"
      class="button secondary decides"
      data-testid="reject"
      title=${t('Reject… ({0})', KEYS.reject)}
      aria-disabled=${waits}
      ?disabled=${card.off}
      @click=${card.startReject}
    >
      ${t('Reject…')}
    </button>`;
}

export function reasonButtons(card: CardActions): TemplateResult {
  return html`<span class="space"></span>
    <button
      type="button"
      class="button decides"
      data-testid="send-reason"
      title=${t('Reject (Enter)')}
      aria-disabled=${card.waits ? 'true' : 'false'}
      ?disabled=${card.off}
      @click=${card.sendReject}
    >
      ${t('Reject')}
    </button>
    <button
      type="button"
      class="button secondary"
      data-testid="cancel-reason"
      title=${t('Cancel (Esc)')}
      @click=${card.cancelReject}
    >
      ${t('Cancel')}
    </button>`;
}
