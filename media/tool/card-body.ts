import { html, nothing, type TemplateResult } from 'lit';
import type { Question, ReviewView, ToolItem } from '../../src/shared/thread-view.ts';
import { kindIcon } from '../words.ts';
import { actionsOf, afterAnswer } from './card-parts.ts';
import { commandCard } from './command-card.ts';
import { commandView } from './command-view.ts';
import { fileList, sizeOf } from './file-list.ts';
import { evidenceList, outcomeQuestion, settleButtons } from './outcome-card.ts';
import { proposalCard } from './proposal-card.ts';
import { questionCard } from './question-card.ts';
import type { ReviewCard } from './review-card.ts';
import { cardHead } from './review-facts.ts';
import { reviewNotices } from './review-notices.ts';

/** A card of the kind that its state asks for. */
export function cardBody(card: ReviewCard, review: ReviewView): TemplateResult {
  const { state } = card.item;
  if (state === 'partial' || state === 'unknown') return outcomeCard(card, review, state);
  if (review.command !== null) return commandCard(card, review, review.command);
  return review.question === null
    ? proposalCard(card, review)
    : agentQuestion(card, review, review.question);
}

function agentQuestion(card: ReviewCard, review: ReviewView, question: Question): TemplateResult {
  const { answering } = card;
  const respond = (answer: string): void => {
    if (answer.trim() !== '') void card.decide({ kind: 'respond', answer });
  };
  const send = (): void => {
    respond(answering.draft('answer').trim());
  };
  return html`${questionCard(question, {
    ...actionsOf(card, review),
    draft: answering.draft('answer'),
    refused: card.refused,
    after: afterAnswer(answering),
    onText: (text) => {
      answering.write('answer', text);
    },
    send,
    sendPress: card.guarded(send),
    choose: (choice) =>
      card.guarded(() => {
        respond(choice);
      }),
    decline: card.guarded(() => {
      void card.decide({ kind: 'reject', reason: '' });
    }),
    back: card.back,
  })}`;
}

function outcomeCard(
  card: ReviewCard,
  review: ReviewView,
  state: ToolItem['state'] & ('partial' | 'unknown'),
): TemplateResult {
  const openDiff = (): void => {
    card.openDiff(null);
  };
  return html`${cardHead(card.item, kindIcon(card.item.toolKind), review.command === null ? sizeOf(review) : nothing)}
  ${outcomeQuestion(state, review)} ${evidenceList(review)} ${reviewNotices(review)}
  ${
    review.command === null
      ? fileList(review.files, {
          choice: card.choice,
          ticks: null,
          openDiff: card.openDiff,
          skip: () => card.querySelector<HTMLElement>('.actions button:enabled')?.focus(),
        })
      : commandView(review.command)
  }
  ${afterAnswer(card.answering)}
  ${settleButtons({
    ...actionsOf(card, review),
    refused: card.refused,
    settle: (way) =>
      card.guarded(() => {
        void card.decide({ kind: 'settle', way });
      }),
    openDiff: review.command === null ? openDiff : null,
  })}`;
}
