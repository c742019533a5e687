import { type BaseMessage, HumanMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import { createHash, randomUUID } from 'node:crypto';
import { isPlan, planText, planWords } from '../agent/plans.ts';
import { wordsOf } from '../agent/user-message.ts';
import type { PlanStore } from '../checkpoint/plan-store.ts';
import { UserFacingError } from '../shared/errors.ts';
import type {
  KeptPlanComment,
  Plan,
  PlanMark,
  PlanOutcome,
  PlanRange,
  PlanShown,
  PlanUse,
} from '../shared/plan.ts';
import { createQueue } from '../shared/queue.ts';
import { moveComments, quoteOf, rangeWithin } from './plan-lines.ts';
import type { LiveThread } from './thread.ts';
import { titleFor } from './thread-title.ts';

/** Plans, each a text that the user may change and comment on before it is carried out. */
export interface Plans {
  /** Every plan of a thread, oldest first. */
  plans(threadId: string): Promise<readonly Plan[]>;
  /** Keeps what the user made of a plan. */
  savePlan(threadId: string, planId: string, text: string): Promise<void>;
  /** Keeps a comment, or changes the one of that id; '' takes it away. */
  commentPlan(threadId: string, planId: string, about: PlanSpot, comment: string): Promise<void>;
  /** Starts a turn with a plan as it stands, with the comments on it, and maybe with some words. */
  usePlan(threadId: string, shown: PlanShown, use: PlanUse, words?: string): Promise<PlanOutcome>;
}

/** Lines of a plan, or a comment on some. */
export type PlanSpot = { readonly range: PlanRange } | { readonly id: string };

export interface PlanDeps {
  readonly plans: PlanStore;
  readonly load: (threadId: string) => Promise<LiveThread>;
}

export function planning({ plans: store, load }: PlanDeps): Plans {
  // One after the other: each is about what the one before made of it.
  const turns = createQueue();
  const change = (
    threadId: string,
    planId: string,
    make: (plan: Plan) => Pick<Plan, 'text' | 'comments'>,
  ): Promise<void> =>
    turns.run(async () => {
      const thread = await load(threadId);
      thread.assertOwned();
      const plan = (await plansOf(store, thread)).find((one) => one.planId === planId);
      if (plan === undefined) throw gone();
      const { text, comments } = make(plan);
      await store.keep(threadId, planId, { text, comments: JSON.stringify(comments) });
      const last = (await plansOf(store, thread)).at(-1);
      if (last !== undefined) thread.showPlan(markOf(last));
    });
  return {
    // After what is being kept: else it would be another plan by the time it is used.
    plans: (threadId) => turns.run(async () => plansOf(store, await load(threadId))),
    savePlan: (threadId, planId, typed) =>
      change(threadId, planId, ({ text: before, comments }) => {
        const text = planText(typed);
        return { text, comments: moveComments(comments, before, text) };
      }),
    commentPlan: (threadId, planId, about, comment) =>
      change(threadId, planId, ({ text, comments }) => ({
        text,
        comments: withComment(comments, text, about, comment.trim()),
      })),
    usePlan: (threadId, shown, use, words = '') =>
      turns.run(async () => {
        const thread = await load(threadId);
        const plan = (await plansOf(store, thread)).at(-1);
        if (plan === undefined) throw gone();
        if (plan.planId !== shown.planId || plan.hash !== shown.hash) return { kind: 'changed' };
        const { text, written, comments } = plan;
        if (use === 'revise' && text === written && comments.length === 0 && words.trim() === '') {
          const message = t(
            'Change the plan or comment on it first, or say what is to be changed.',
          );
          throw new UserFacingError('badRequest', message);
        }
        const mode = use === 'carryOut' ? 'act' : 'plan';
        await thread.send(planWords(use, text, comments, words.trim()), mode);
        return { kind: 'taken' };
      }),
  };
}

async function plansOf(store: PlanStore, thread: LiveThread): Promise<readonly Plan[]> {
  return plansIn(await thread.messages(), thread.snapshot().view.threadId, store);
}

function plansIn(messages: readonly BaseMessage[], threadId: string, store: PlanStore): Plan[] {
  const first = messages.find((message) => HumanMessage.isInstance(message));
  const name = first === undefined ? '' : titleFor(wordsOf(first));
  return messages.filter(isPlan).map(({ id: planId = '', text: answer }, index) => {
    const written = planText(answer);
    const edit = store.find(threadId, planId);
    const text = edit?.text ?? written;
    const comments = JSON.parse(edit?.comments ?? '[]') as readonly KeptPlanComment[];
    const hash = hashOf(text, comments);
    return { threadId, planId, name, number: index + 1, written, text, comments, hash };
  });
}

/** What is shown of the last plan; null if there is none. */
export function lastPlan(
  messages: readonly BaseMessage[],
  threadId: string,
  store: PlanStore,
): PlanMark | null {
  const last = messages.findLast(isPlan);
  const [plan] = last === undefined ? [] : plansIn([last], threadId, store);
  return plan === undefined ? null : markOf(plan);
}

function markOf({ planId, hash, text, written, comments }: Plan): PlanMark {
  return { planId, hash, edited: text !== written, comments: comments.length };
}

/** Of an answer that nobody has changed or commented on. */
export function freshPlan(planId: string, answer: string): PlanMark {
  return { planId, hash: hashOf(planText(answer), []), edited: false, comments: 0 };
}

function hashOf(text: string, comments: readonly KeptPlanComment[]): string {
  return createHash('sha256')
    .update(JSON.stringify([text, comments]))
    .digest('hex');
}

function withComment(
  comments: readonly KeptPlanComment[],
  text: string,
  about: PlanSpot,
  comment: string,
): readonly KeptPlanComment[] {
  if ('id' in about) {
    return comment === ''
      ? comments.filter(({ id }) => id !== about.id)
      : comments.map((one) => (one.id === about.id ? { ...one, comment } : one));
  }
  if (comment === '') return comments;
  const range = rangeWithin(text, about.range);
  const added = { id: randomUUID(), range, quote: quoteOf(text, range), comment };
  return [...comments, added].toSorted((one, other) => one.range.start - other.range.start);
}

function gone(): UserFacingError {
  return new UserFacingError('notFound', t('There is no such plan any more.'));
}
