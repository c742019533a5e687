import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
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
  /** Null for a command, which has nothing to open. */
  readonly openDiff: (() => void) | null;
}

/** What is known of an effect that stopped half-way, or may have happened. */
export function evidenceList({ evidence }: ReviewView): TemplateResult | null {
  return evidence.length === 0
    ? null
    : html`<ul class="evidence" aria-label=${t('What is known')}>
        ${evidence.map((line) => html`<li data-testid="evidence">${visibleText(line)}</li>`)}
      </ul>`;
}

export function outcomeQuestion(
  state: 'partial' | 'unknown',
  { command }: ReviewView,
): TemplateResult {
  return html`<p class="outcome-question">
    <span class="codicon codicon-question"></span>
    <span
      ><strong>${command === null ? t('Did this happen?') : t('Did this run?')}</strong> ${
        command !== null
          ? t('You approved it, and whether it ran is not known.')
          : state === 'partial'
            ? t('You approved it, and only a part of it was written.')
            : t('You approved it, and whether it was written is not known.')
      }</span
    >
  </p>`;
}

interface Way {
  readonly way: SettleWay;
  readonly testId: string;
  readonly label: string;
  readonly leadsTo: string;
}

function fileWays(): Way[] {
  return [
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
}

function commandWays(): Way[] {
  return [
    {
      way: 'keep',
      testId: 'settle-keep',
      label: t('I Do Not Know'),
      leadsTo: t('The agent is told that it may have run.'),
    },
    {
      way: 'again',
      testId: 'settle-again',
      label: t('Propose It Again'),
      leadsTo: t('It is shown as a new proposal first.'),
    },
    {
      way: 'didNotRun',
      testId: 'settle-did-not-run',
      label: t('It Did Not Run'),
      leadsTo: t('The agent is told so.'),
    },
  ];
}

/** Three ways on, none of which writes anything at once. */
export function settleButtons(actions: OutcomeActions): TemplateResult {
  const ways = actions.openDiff === null ? commandWays() : fileWays();
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
    ${
      actions.openDiff === null
        ? nothing
        : html`<div class="after-ways">
            ${plainButton('open-diff', t('Open Diff'), actions.openDiff)}
          </div>`
    }`;
}
