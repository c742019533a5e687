import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Decision } from '../../src/shared/decision.ts';
import type { ReviewView } from '../../src/shared/thread-view.ts';
import { answerBox } from './answer-box.ts';
import { answerWords, type Written } from './answers.ts';
import {
  type DecisionButtons,
  confirmButtons,
  decisionButtons,
  sendButtons,
  tooSoon,
} from './card-actions.ts';
import { actionsOf, afterAnswer } from './card-parts.ts';
import type { Choice } from './choice.ts';
import { fileList } from './file-list.ts';
import type { MenuItem } from './more-menu.ts';
import type { ReviewCard } from './review-card.ts';
import { routePicker } from './route-picker.ts';
import { reviewFacts } from './review-facts.ts';
import { reviewProgress } from './review-progress.ts';
import { reviewNotices } from './review-notices.ts';

/** Why what is ticked cannot be approved, or null if it can. */
export function blockOf(review: ReviewView, choice: Choice): string | null {
  const { approvable, notice, progress, edited } = review;
  if (!approvable) return notice?.text ?? t('It cannot be approved as it is.');
  // What the user typed beside the rejected changes is there to be approved.
  if (!edited && progress !== null && progress.total > 0 && progress.rejected === progress.total) {
    return t('Every change is rejected. Reject the proposal instead.');
  }
  return approvalOf(review, choice) === null
    ? t('Nothing is ticked. Reject the proposal instead.')
    : null;
}

/** What an approval takes; null for nothing. A command is taken whole. */
export function approvalOf({ command }: ReviewView, choice: Choice): Decision | null {
  return command === null ? choice.decision : { kind: 'approve' };
}

/** True where an approval would take files of a risky proposal that nobody has opened. */
export function needsConfirming({ risk, files }: ReviewView, { unseen }: Choice): boolean {
  return risk === 'high' && files.length > 1 && unseen > 0;
}

/** What is proposed, and all answers to it. */
export function proposalCard(card: ReviewCard, review: ReviewView): TemplateResult {
  const { choice, answering } = card;
  const { writing, phase } = answering;
  const partible = review.approvable && !review.edited;
  const off = !card.synced || phase !== 'open';
  return html`${reviewFacts(card.item, review)} ${reviewNotices(review)}
    ${reviewProgress(review, () => {
      card.compareRejected();
    })}
    ${fileList(review.files, {
      choice,
      ticks: partible ? { choice, off } : null,
      openDiff: card.openDiff,
      skip: () => card.querySelector<HTMLElement>('.actions button:enabled')?.focus(),
    })}
    ${choice.inPart && writing === null ? partSummary(card, review) : nothing}
    ${unseenWords(card, review)} ${writing === null ? nothing : writtenBox(card, writing)}
    ${afterAnswer(answering)}
    <div class="actions">${proposalButtons(card, review)} ${tooSoon(card.refused)}</div>`;
}

export function proposalButtons(card: ReviewCard, review: ReviewView): TemplateResult {
  const { answering, choice } = card;
  const { writing } = answering;
  const actions = actionsOf(card, review);
  if (writing !== null) {
    const send = card.guarded(() => {
      card.sendWritten(writing);
    });
    return sendButtons(actions, writing === 'reject', answerWords(writing).send, send, card.back);
  }
  const approve = card.guarded(card.approve);
  const label = approveLabel(choice);
  const approveWords = review.irrecoverable.length === 0 ? label : t('{0}…', label);
  if (answering.phase === 'confirm') {
    const all = t('Approve All {0} Files', review.files.length);
    const words = choice.inPart ? approveWords : all;
    return confirmButtons({ ...actions, approveWords: words }, approve, card.back);
  }
  return decisionButtons({
    ...actions,
    approveWords,
    blocked: blockOf(review, choice),
    more: moreAnswers(card, review),
    ...firstButton(card, review),
    approve,
    reject: card.guarded(() => {
      card.startWriting('reject');
    }),
  });
}

/** The way to the whole of it; a command is here already, and can be changed here. */
function firstButton(
  card: ReviewCard,
  { command, notice, files }: ReviewView,
): Pick<DecisionButtons, 'first' | 'resolves'> {
  const resolves = notice?.kind === 'conflict';
  if (command !== null) {
    const press = (): void => {
      card.startWriting('command');
    };
    return { first: { testId: 'edit-command', label: t('Edit…'), press }, resolves };
  }
  const [only] = files.length === 1 ? files : [];
  const isLarge = only !== undefined && only.tooLarge !== '';
  const label = resolves
    ? t('Resolve in the Editor')
    : isLarge
      ? t('Open Both Sides')
      : t('Open Diff');
  const press = (): void => {
    card.openDiff(null);
  };
  return { first: { testId: 'open-diff', label, press }, resolves };
}

function approveLabel({ inPart, tally }: Choice): string {
  if (!inPart) return t('Approve');
  return tally.inPart > 0
    ? t('Approve What Is Ticked')
    : t('Approve {0} of {1}', tally.taken, tally.total);
}

/** An approval in part has its own box; a note goes with a whole one. */
function moreAnswers(card: ReviewCard, review: ReviewView): MenuItem[] {
  const writes = (written: Written, testId: string, label: string, icon: string): MenuItem => ({
    testId,
    label,
    icon,
    run: () => {
      card.startWriting(written);
    },
  });
  const noted = review.approvable && !card.choice.inPart;
  const hasText = review.files.some(({ isText }) => isText);
  return [
    ...(noted ? [writes('note', 'more-note', t('Approve with a Note…'), 'codicon-note')] : []),
    writes('redirect', 'more-redirect', t('Redirect…'), 'codicon-reply'),
    writes('byHand', 'more-by-hand', t('I Did It Myself…'), 'codicon-person'),
    ...(review.notice?.kind === 'settling' || review.command !== null
      ? []
      : [writes('arguments', 'more-arguments', t('Edit Arguments…'), 'codicon-json')]),
    ...(hasText
      ? [
          {
            testId: 'more-edit',
            label: t('Edit in the Editor'),
            icon: 'codicon-edit',
            run: () => {
              card.openDiff(null);
            },
          },
        ]
      : []),
  ];
}

function partSummary(card: ReviewCard, review: ReviewView): TemplateResult {
  const { choice } = card;
  const { taken, total, inPart } = choice.tally;
  const words =
    inPart === 0
      ? t('{0} of {1} changes accepted', taken, total)
      : t('{0} of {1} changes accepted, {2} in part', taken, total, inPart);
  return html`<div class="part">
    <p role="status" data-testid="part">
      ${words}
      <button
        type="button"
        class="link"
        data-testid="tick-all"
        @click=${() => {
          choice.tickAll(true);
        }}
      >
        ${t('Tick all')}
      </button>
    </p>
    ${
      choice.decision === null
        ? html`<p class="quiet" data-testid="hint">${blockOf(review, choice)}</p>`
        : answerBox({
            testId: 'decline-reason',
            label: t('Why not the rest? The agent is told this.'),
            placeholder: t('Reason (may be empty)'),
            text: choice.reason,
            fault: null,
            manyLines: false,
            waits: false,
            onText: (text) => {
              choice.reason = text;
            },
            onSend: card.approveByKey,
            onCancel: card.back,
          })
    }
  </div>`;
}

function unseenWords({ answering, choice }: ReviewCard, review: ReviewView): TemplateResult | null {
  const asked = answering.phase === 'confirm' || answering.phase === 'note';
  if (!asked || !needsConfirming(review, choice)) return null;
  const total = review.files.length;
  return html`<p class="warning" role="alert" data-testid="unseen">
    <span class="codicon codicon-warning"></span>
    <span>
      ${
        choice.unseen === 1
          ? t('High risk, and 1 of {0} files has not been opened here.', total)
          : t('High risk, and {0} of {1} files have not been opened here.', choice.unseen, total)
      }
    </span>
  </p>`;
}

export function writtenBox(card: ReviewCard, written: Written): TemplateResult {
  const { answering } = card;
  const { label, placeholder } = answerWords(written);
  const box = answerBox({
    testId: written === 'reject' ? 'reason' : 'answer-box',
    label,
    placeholder,
    text: answering.draft(written),
    fault: answering.fault,
    manyLines: written === 'arguments' || written === 'command',
    waits: written === 'arguments' && answering.reading,
    onText: (text) => {
      answering.write(written, text);
    },
    onSend: () => {
      card.sendWritten(written);
    },
    onCancel: card.back,
  });
  return written === 'redirect' ? html`${box}${routePicker(card)}` : box;
}
