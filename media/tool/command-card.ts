import { html, nothing, type TemplateResult } from 'lit';
import type { CommandView } from '../../src/shared/command.ts';
import type { ReviewView } from '../../src/shared/thread-view.ts';
import { tooSoon } from './card-actions.ts';
import { afterAnswer } from './card-parts.ts';
import { commandView } from './command-view.ts';
import { proposalButtons, writtenBox } from './proposal-card.ts';
import type { ReviewCard } from './review-card.ts';
import { cardHead, whyFacts } from './review-facts.ts';
import { reviewNotices } from './review-notices.ts';

/** A command that would be run, and all answers to it. */
export function commandCard(
  card: ReviewCard,
  review: ReviewView,
  command: CommandView,
): TemplateResult {
  const { answering } = card;
  const { writing } = answering;
  return html`${cardHead(card.item, 'codicon-terminal', nothing)}
    <dl class="facts">${whyFacts(card.item, review)}</dl>
    ${reviewNotices(review)} ${commandView(command)}
    ${writing === null ? nothing : writtenBox(card, writing)} ${afterAnswer(answering)}
    <div class="actions">${proposalButtons(card, review)} ${tooSoon(card.refused)}</div>`;
}
