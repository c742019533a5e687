import * as vscode from 'vscode';
import type { Plan, PlanUse } from '../shared/plan.ts';
import type { Core } from '../threads/core.ts';
import type { PlanSpot } from '../threads/plans.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { type Words, askText } from './ask.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { PLAN_COMMANDS } from './ids.ts';
import { modeRows } from './mode-choice.ts';
import { type PlanThreads, linesText, textOf } from './plan-threads.ts';
import { earlierUri, isLastPlan, openPlans, planPlaceOf, planUri, savePlans } from './plan-uris.ts';

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
    commentPlan: () => commentAtCursor(host),
    keepPlanComment: (reply) => keepReply(host, reply),
    async editPlanComment(comment) {
      const name = threads.nameOf(comment);
      if (name === null) return;
      const core = await host.open();
      const plan = await lastPlanOf(core, name.threadId);
      const known = plan?.comments.find(({ id }) => id === name.id);
      if (known !== undefined && plan !== null) await askComment(core, plan, known);
    },
    async removePlanComment(comment) {
      const name = threads.nameOf(comment);
      if (name === null) return;
      await (await host.open()).threads.commentPlan(name.threadId, name.planId, name, '');
    },
    chooseMode: () => chooseMode(deps),
  };
}

async function lastPlanOf(core: Core, threadId: string): Promise<Plan | null> {
  return (await core.threads.plans(threadId)).at(-1) ?? null;
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

/** False if something that was typed could not be kept, which the user is told. */
async function isSaved(): Promise<boolean> {
  const saved = await savePlans();
  if (!saved) {
    const message = vscode.l10n.t(
      'What you typed into a plan could not be kept. Nothing was done.',
    );
    void vscode.window.showWarningMessage(message);
  }
  return saved;
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

async function commentAtCursor(host: CoreHost): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || !isLastPlan(editor.document) || !(await isSaved())) return;
  const core = await host.open();
  const plan = await lastPlanOf(core, planPlaceOf(editor.document.uri)?.threadId ?? '');
  if (plan === null) return;
  const { start, end } = editor.selection;
  // What is selected up to the beginning of a line is nothing of that line.
  const last = end.line > start.line && end.character === 0 ? end.line : end.line + 1;
  const range = { start: start.line + 1, end: last };
  const known = plan.comments.find(
    (one) => one.range.start === range.start && one.range.end === range.end,
  );
  await askComment(core, plan, known ?? { range });
}

/** Asks for a comment, or for other words of one. */
async function askComment(
  core: Core,
  { threadId, planId }: Plan,
  about: PlanSpot & {
    readonly range: Plan['comments'][number]['range'];
    readonly comment?: string;
  },
): Promise<void> {
  const { start, end } = about.range;
  const comment = await askText({ ...COMMENT(linesText(start, end)), value: about.comment ?? '' });
  if (comment !== undefined) await core.threads.commentPlan(threadId, planId, about, comment);
}

/** What was typed into the box that the editor opens beside a line. */
async function keepReply(host: CoreHost, reply: unknown): Promise<void> {
  const { thread, text } = reply as Partial<vscode.CommentReply>;
  const place = thread === undefined ? null : planPlaceOf(thread.uri);
  if (thread?.range === undefined || text === undefined || place === null) return;
  if (!(await isSaved())) return;
  const core = await host.open();
  const plan = await lastPlanOf(core, place.threadId);
  if (plan === null) return;
  const range = { start: thread.range.start.line + 1, end: thread.range.end.line + 1 };
  await core.threads.commentPlan(place.threadId, plan.planId, { range }, text);
  thread.dispose();
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

const COMMENT = (lines: string): Words => ({
  title: vscode.l10n.t('Comment on the plan: {0}', lines),
  prompt: vscode.l10n.t(
    'The agent reads it along with the plan. Enter keeps it; an empty one removes it.',
  ),
});
