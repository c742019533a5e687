import { t } from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit';
import { messageOf } from '../../src/shared/lifecycle.ts';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import { COMPOSE } from '../log/refusal-view.ts';
import type { Panel } from '../panel.ts';
import { notice } from './notices.ts';

/** Below a plan: what can be done with it. */
export function planNotice(
  { mode, status, elsewhere, items }: ThreadView,
  panel: Panel,
): TemplateResult | typeof nothing {
  const last = items.at(-1);
  if (mode !== 'plan' || status !== 'idle' || elsewhere || last?.kind !== 'answer') return nothing;
  const carryOut = (): void => {
    panel.report(null);
    panel.send(t('Carry out the plan.'), 'act').catch((error: unknown) => {
      panel.report(messageOf(error));
    });
  };
  const edit = (event: Event): void => {
    const detail = `${t('Carry out this plan:')}\n\n${last.text}`;
    panel.chooseMode('act');
    event.target?.dispatchEvent(new CustomEvent(COMPOSE, { detail, bubbles: true }));
  };
  return notice(
    'info',
    'plan',
    t('This is a plan. Nothing of it is done.'),
    { label: t('Carry Out'), run: carryOut },
    { label: t('Edit Plan'), run: edit },
  );
}
