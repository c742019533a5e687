import * as vscode from 'vscode';
import type { Plan } from '../shared/plan.ts';
import type { Core } from '../threads/core.ts';
import type { PlanSpot } from '../threads/plans.ts';
import { type Words, askText } from './ask.ts';
import type { CoreHost } from './core-host.ts';
import type { PLAN_COMMANDS } from './ids.ts';
import { type PlanThreads, linesText } from './plan-threads.ts';
import { isLastPlan, planPlaceOf, savePlans } from './plan-uris.ts';

type CommentCommand = Extract<keyof typeof PLAN_COMMANDS, `${string}omment${string}`>;

/** What the user says to lines of a plan: typed beside them, or in a box. */
export function createPlanComments(
  host: CoreHost,
  threads: PlanThreads,
): Readonly<Record<CommentCommand, (argument: unknown) => Promise<void>>> {
  return {
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
  };
}

/** With what is kept of it; null: there is none. */
export async function lastPlanOf(core: Core, threadId: string): Promise<Plan | null> {
  return (await core.threads.plans(threadId)).at(-1) ?? null;
}

/** False if something that was typed could not be kept, which the user is told. */
export async function isSaved(): Promise<boolean> {
  const saved = await savePlans();
  if (!saved) {
    const message = vscode.l10n.t(
      'What you typed into a plan could not be kept. Nothing was done.',
    );
    void vscode.window.showWarningMessage(message);
  }
  return saved;
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

const COMMENT = (lines: string): Words => ({
  title: vscode.l10n.t('Comment on the plan: {0}', lines),
  prompt: vscode.l10n.t(
    'The agent reads it along with the plan. Enter keeps it; an empty one removes it.',
  ),
});
