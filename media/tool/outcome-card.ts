import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { SettleWay } from '../../src/shared/decision.ts';
import type { ReviewView } from '../../src/shared/thread-view.ts';
import {
  decidingButton,
  plainButton,
  tooSoon,
  type CardActions,
  type Press,
} from './card-actions.ts';
import { visibleText } from './visible-text.ts';

export interface OutcomeActions extends CardActions {
  readonly refused: boolean;
  readonly settle: (way: SettleWay) => Press;
  readonly openDiff: () => void;
}

/** What is known of an effect that stopped half-way, or may have happened. */
export function evidenceList({ evidence }: ReviewView): TemplateResult | null {
  return evidence.length === 0
    ? null
    : html`<ul class="evidence" aria-label=${t('What is known')}>
        ${evidence.map((line) => html`<li data-testid="evidence">${visibleText(line)}</li>`)}
      </ul>`;
}

export function outcomeQuestion(state: 'partial' | 'unknown'): TemplateResult {
  return html`<p class="outcome-question">
    <span class="codicon codicon-question"></span>
    <span
      ><strong>${t('Did this happen?')}</strong> ${
        state === 'partial'
          ? t('You approved it, and only a part of it was written.')
          : t('You approved it, and whether it was written is not known.')
      }</span
    >
  </p>`;
}

/** Three ways on, none of which writes anything at once. */
export function settleButtons(actions: OutcomeActions): TemplateResult {
  const ways: { way: SettleWay; testId: string; label: string; leadsTo: string }[] = [
    {
      way: 'keep',
      testId: 'settle-keep',
      label: t('Keep as It Is'),
      leadsTo: t('The files stay as they are now.'),
    },
    {
      way: 'finish',
      testId: 'settle-finish',
      label: t('Finish'),
      leadsTo: t('What is missing of the change is shown as a new proposal first.'),
    },
    {
      way: 'rollBack',
      testId: 'settle-roll-back',
      label: t('Roll Back'),
      leadsTo: t('What was there before it is shown as a new proposal first.'),
    },
  ];
  return html`<div class="actions ways">
      ${ways.map(
        ({ way, testId, label, leadsTo }) =>
          html`<div class="way">
            ${decidingButton(actions, {
              testId,
              label,
              title: `${label}. ${leadsTo}`,
              press: actions.settle(way),
              secondary: true,
            })}
            <span>${leadsTo}</span>
          </div>`,
      )}
      ${tooSoon(actions.refused)}
    </div>
    <div class="after-ways">${plainButton('open-diff', t('Open Diff'), actions.openDiff)}</div>`;
}
