import * as vscode from 'vscode';
import type { Plan, PlanUse } from '../shared/plan.ts';
import type { Core } from '../threads/core.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { type Words, askText } from './ask.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { PLAN_COMMANDS } from './ids.ts';
import { modeRows } from './mode-choice.ts';
import { createPlanComments, isSaved, lastPlanOf } from './plan-comments.ts';
import { type PlanThreads, textOf } from './plan-threads.ts';
import { earlierUri, openPlans, planPlaceOf, planUri } from './plan-uris.ts';

export interface PlanCommandDeps {
  readonly host: CoreHost;
  readonly chat: ChatView;
  readonly threads: PlanThreads;
}

export type PlanHandler = (argument: unknown) => Promise<void>;

export function createPlanCommands(
  deps: PlanCommandDeps,
): Readonly<Record<keyof typeof PLAN_COMMANDS, PlanHandler>> {
  const { host, threads } = deps;
  const onPlan =
    (work: (core: Core, plan: Plan) => Promise<void>, ofActive = true): PlanHandler =>
    async (argument) => {
      const core = await host.open();
      const plan = await findPlan(
        deps,
        core,
        named(argument) ?? (ofActive ? activeThread() : null),
      );
      if (plan !== null) await work(core, plan);
    };
  return {
    openPlan: onPlan((_, plan) => show(plan), false),
    carryOutPlan: onPlan(carryOut),
    revisePlan: onPlan(revise),
    comparePlan: onPlan((_, plan) => compare(host, plan)),
    ...createPlanComments(host, threads),
    chooseMode: () => chooseMode(deps),
  };
}

/** The plan of a thread, else of the one that was used last; null: the user is told why. */
async function findPlan(
  { chat }: PlanCommandDeps,
  core: Core,
  given: string | null,
): Promise<Plan | null> {
  if (!(await isSaved())) return null;
  const threadId = given ?? chat.shownThread ?? core.threads.list()[0]?.threadId;
  const plan = threadId === undefined ? null : await lastPlanOf(core, threadId);
  if (plan !== null) return plan;
  const choose = vscode.l10n.t('Choose Mode…');
  const message = vscode.l10n.t(
    'There is no plan here yet. In the mode Plan, the agent makes one.',
  );
  void vscode.window.showInformationMessage(message, choose).then(async (answer) => {
    if (answer === choose) await vscode.commands.executeCommand(PLAN_COMMANDS.chooseMode);
  });
  return null;
}

/** The thread whose plan the active document is. */
function activeThread(): string | null {
  const { uri } = vscode.window.activeTextEditor?.document ?? {};
  return uri === undefined ? null : (planPlaceOf(uri)?.threadId ?? null);
}

/** By a document of a plan, or a row of the list of threads. */
function named(argument: unknown): string | null {
  if (argument instanceof vscode.Uri) return planPlaceOf(argument)?.threadId ?? null;
  if (typeof argument !== 'object' || argument === null || !('threadId' in argument)) return null;
  return typeof argument.threadId === 'string' ? argument.threadId : null;
}

async function show(plan: Plan): Promise<void> {
  await vscode.window.showTextDocument(planUri(plan), { preview: false });
}

/** True if the user has this plan, and nothing else, before their eyes. */
function isInSight({ threadId, text }: Plan): boolean {
  const open = openPlans(threadId);
  const inSight = vscode.window.visibleTextEditors.map(({ document }) => document);
  return inSight.some((one) => open.includes(one) && textOf(one) === text);
}

async function carryOut(core: Core, plan: Plan): Promise<void> {
  if (!isInSight(plan)) {
    await show(plan);
    const carry = vscode.l10n.t('Carry Out');
    const message = vscode.l10n.t('This is the plan. Is it to be carried out as it stands?');
    void vscode.window.showInformationMessage(message, carry).then(async (answer) => {
      if (answer !== carry) return;
      await vscode.commands.executeCommand(PLAN_COMMANDS.carryOutPlan, planUri(plan));
    });
    return;
  }
  await use(core, plan, 'carryOut');
}

async function revise(core: Core, plan: Plan): Promise<void> {
  const isSaid = plan.comments.length > 0 || plan.text !== plan.written;
  const words = isSaid ? '' : await askText(REVISE());
  if (words !== undefined) await use(core, plan, 'revise', words);
}

async function use(core: Core, plan: Plan, way: PlanUse, words = ''): Promise<void> {
  const outcome = await core.threads.usePlan(plan.threadId, plan, way, words);
  if (outcome.kind === 'changed') {
    const message = vscode.l10n.t(
      'The plan is another one by now, so nothing was sent. Look at it again.',
    );
    void vscode.window.showWarningMessage(message);
    return;
  }
  vscode.window.setStatusBarMessage(
    way === 'carryOut'
      ? vscode.l10n.t('$(play) The agent carries out the plan')
      : vscode.l10n.t('$(sync) The agent revises the plan'),
    SAID,
  );
}

/** How long the status bar says what was done, in milliseconds. */
const SAID = 8000;

interface Version extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** Shows the plan as it stands beside an earlier one, or beside what the agent wrote. */
async function compare(host: CoreHost, plan: Plan): Promise<void> {
  const all = await (await host.open()).threads.plans(plan.threadId);
  const versions: Version[] = [
    ...(plan.text === plan.written
      ? []
      : [{ label: vscode.l10n.t('As the agent wrote it'), uri: earlierUri(plan, 'written') }]),
    ...all
      .slice(0, -1)
      .toReversed()
      .map((one) => ({
        label: vscode.l10n.t('Plan {0}, as you left it', one.number),
        uri: earlierUri(one, 'left'),
      })),
  ];
  const [only, ...others] = versions;
  if (only === undefined) {
    const message = vscode.l10n.t('This is the first plan, and it is as the agent wrote it.');
    void vscode.window.showInformationMessage(message);
    return;
  }
  const title = vscode.l10n.t('Compare the plan with');
  const chosen =
    others.length === 0 ? only : await vscode.window.showQuickPick(versions, { title });
  if (chosen === undefined) return;
  const name = vscode.l10n.t('{0} ↔ the plan now', chosen.label);
  await vscode.commands.executeCommand('vscode.diff', chosen.uri, planUri(plan), name);
}

async function chooseMode({ host, chat }: PlanCommandDeps): Promise<void> {
  const { threads } = await host.open();
  const threadId = chat.shownThread ?? threads.list()[0]?.threadId;
  if (threadId === undefined) {
    // The first message takes the mode of the panel.
    await chat.focus();
    return;
  }
  const { title, mode } = (await threads.open(threadId)).view;
  const chosen = await vscode.window.showQuickPick(modeRows(mode), {
    title: vscode.l10n.t('Mode of “{0}”', plainLine(title)),
  });
  if (chosen !== undefined) await threads.pickMode(threadId, chosen.mode);
}

const REVISE = (): Words => ({
  title: vscode.l10n.t('Revise the plan'),
  prompt: vscode.l10n.t('What is to be changed? You have neither changed it nor commented on it.'),
  required: true,
});
