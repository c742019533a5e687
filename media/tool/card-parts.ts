import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ProposalState } from '../../src/shared/decision.ts';
import type { ReviewView } from '../../src/shared/thread-view.ts';
import { stateSign } from '../words.ts';
import type { Answering } from './answering.ts';
import type { CardActions } from './card-actions.ts';
import type { ReviewCard } from './review-card.ts';

/** How the buttons of a card stand. */
export function actionsOf(card: ReviewCard, review: ReviewView): CardActions {
  return {
    off: !card.synced || !card.awaits || review.interruptId === null,
    sending: card.answering.phase === 'sending',
    waits: !card.guard.armed && !card.hasFocus,
  };
}

export function lateNote(late: ProposalState | null): TemplateResult | typeof nothing {
  return late === null
    ? nothing
    : html`<p class="note" role="status">${t('Already answered: {0}.', stateSign(late).words)}</p>`;
}

/** What became of an answer that did not end the matter. */
export function afterAnswer({ error, late, changed }: Answering): TemplateResult {
  return html`${
    error === null
      ? nothing
      : html`<p class="card-error" role="alert" data-testid="error">
          <span class="codicon codicon-error"></span> <span>${error}</span>
        </p>`
  }
  ${
    changed
      ? html`<p class="warning" role="status" data-testid="changed">
          <span class="codicon codicon-warning"></span>
          <span>${t('This changed since you looked. Look again.')}</span>
        </p>`
      : nothing
  }
  ${lateNote(late)}`;
}
