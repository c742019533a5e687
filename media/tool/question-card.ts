import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Question } from '../../src/shared/thread-view.ts';
import { answerBox } from './answer-box.ts';
import { decidingButton, tooSoon, type CardActions, type Press } from './card-actions.ts';
import { visibleText } from './visible-text.ts';

export interface QuestionActions extends CardActions {
  readonly draft: string;
  readonly refused: boolean;
  /** What became of an answer before. */
  readonly after: TemplateResult;
  readonly onText: (text: string) => void;
  readonly send: () => void;
  readonly sendPress: Press;
  readonly choose: (choice: string) => Press;
  readonly decline: Press;
  readonly back: () => void;
}

/** What the agent asks. An answer is only words for it, and approves nothing. */
export function questionCard(question: Question, actions: QuestionActions): TemplateResult {
  return html`<div class="card-head">
      <span class="codicon codicon-comment-discussion"></span>
      <span class="card-title">${t('The agent asks')}</span>
    </div>
    <p class="question" data-testid="question">${visibleText(question.text)}</p>
    ${
      question.choices.length === 0
        ? nothing
        : html`<div class="actions choices">
            ${question.choices.map((choice) =>
              decidingButton(actions, {
                testId: 'choice',
                label: visibleText(choice),
                title: t('Answer: {0}', choice),
                press: actions.choose(choice),
                secondary: true,
              }),
            )}
          </div>`
    }
    ${answerBox({
      testId: 'answer',
      label: t('Your answer. It is only words for the agent, and approves nothing.'),
      placeholder: t('Answer'),
      text: actions.draft,
      fault: null,
      manyLines: false,
      waits: false,
      onText: actions.onText,
      onSend: actions.send,
      onCancel: actions.back,
    })}
    ${actions.after}
    <div class="actions">
      <span class="group">
        ${decidingButton(actions, {
          testId: 'send-question',
          label: actions.sending ? t('Sending…') : t('Send'),
          title: t('Send (Enter)'),
          press: actions.sendPress,
          disabled: actions.draft.trim() === '',
        })}
        ${decidingButton(actions, {
          testId: 'dont-answer',
          label: t("Don't Answer"),
          title: t('Go on without an answer'),
          press: actions.decline,
          secondary: true,
        })} </span
      >${tooSoon(actions.refused)}
    </div>`;
}
