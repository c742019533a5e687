import { t } from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit';
import type { PlanMark } from '../../src/shared/plan.ts';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import type { Panel } from '../panel.ts';
import { notice } from './notices.ts';

/** Below a plan: what can be done with it. */
export function planNotice(
  { plan, status, elsewhere, items }: ThreadView,
  panel: Panel,
): TemplateResult | typeof nothing {
  if (plan === null || status !== 'idle' || elsewhere) return nothing;
  if (items.at(-1)?.id !== plan.planId) return nothing;
  return notice(
    'info',
    'plan',
    planState(plan),
    { label: t('Carry Out'), run: () => void panel.carryOutPlan(plan) },
    { label: t('Open Plan'), run: () => void panel.openPlan() },
    { label: t('Revise with Comments'), run: () => void panel.revisePlan() },
  );
}

function planState({ edited, comments }: PlanMark): string {
  const said = comments === 1 ? t('1 comment') : t('{0} comments', comments);
  if (edited && comments > 0) {
    return t('This plan is yours by now: you have changed it ({0}). Nothing of it is done.', said);
  }
  if (edited) return t('This plan is yours by now: you have changed it. Nothing of it is done.');
  return comments > 0
    ? t('This is a plan, with {0} of yours. Nothing of it is done.', said)
    : t('This is a plan. Nothing of it is done.');
}
