import { t } from '@vscode/l10n';
import type { Decision, DecisionOutcome } from '../shared/decision.ts';
import type { ReviewView, ThreadView } from '../shared/thread-view.ts';
import { waitingIn } from '../threads/asked.ts';
import type { Core } from '../threads/core.ts';
import type { Answering } from '../threads/decide.ts';
import type { Asked } from '../threads/threads.ts';
import { type Terminal, harmless } from './terminal.ts';
import { askDecision, confirmAt, presented } from './terminal-review.ts';

export interface DecidingOptions {
  readonly yesEdits: boolean;
  /** What waits is in the result. */
  readonly json: boolean;
}

/** What a person has put off, by the hash of what was shown. */
export type PutOff = Set<string>;

/**
 * Gets a decision on everything that waits in a thread, as far as somebody is there to decide.
 * `left`: there is nothing that was decided, or that could be.
 */
export async function decideAll(
  core: Core,
  view: ThreadView,
  options: DecidingOptions,
  terminal: Terminal,
  putOff: PutOff,
): Promise<'decided' | 'left'> {
  let decided = false;
  for (const asked of waitingIn(view)) {
    const { review } = asked.item;
    if (review === null || putOff.has(review.effectHash)) continue;
    if (options.yesEdits && isEdit(asked, review)) {
      const rule: Answering = { by: 'yesEdits', confirm: null };
      decided = (await give(core, asked, { kind: 'approve' }, rule, terminal)) || decided;
      continue;
    }
    if (terminal.isInteractive || !options.json) {
      terminal.say('', presented(core, review.proposalId, terminal)?.text ?? '');
    }
    if (!terminal.isInteractive) continue;
    const said = await askDecision(core, asked, terminal);
    if (said === 'quit') return 'left';
    if (said === 'later') {
      putOff.add(review.effectHash);
      continue;
    }
    const person: Answering = { by: 'terminal', confirm: confirmAt(terminal) };
    // Whatever became of it: what waits by now is shown as it is by now.
    await give(core, asked, said, person, terminal);
    return 'decided';
  }
  return decided ? 'decided' : 'left';
}

/** True for what the rule for edits approves: files that are made or changed, and nothing special. */
function isEdit({ item }: Asked, review: ReviewView): boolean {
  const { files, irrecoverable, hiddenCharacters, warnings, approvable, notice } = review;
  return (
    item.state === 'proposed' &&
    approvable &&
    notice === null &&
    files.length > 0 &&
    files.every(({ change, isText }) => isText && (change === 'edit' || change === 'create')) &&
    irrecoverable.length === 0 &&
    warnings.length === 0 &&
    hiddenCharacters === 0
  );
}

/** Gives an answer to exactly what was shown; true if it was taken. */
async function give(
  { threads }: Core,
  { threadId, item }: Asked,
  decision: Decision,
  from: Answering,
  terminal: Terminal,
): Promise<boolean> {
  const { interruptId = null, effectHash = '' } = item.review ?? {};
  if (interruptId === null) return false;
  const outcome = await threads.decide(threadId, { interruptId, effectHash }, decision, from);
  if (outcome.kind === 'taken') return true;
  terminal.say(terminal.paint('yellow', harmless(whyNot(outcome))));
  return false;
}

function whyNot(outcome: Exclude<DecisionOutcome, { kind: 'taken' }>): string {
  switch (outcome.kind) {
    case 'changed':
      return t('Something else is proposed by now, so nothing was decided. Look at it again.');
    case 'tooLate':
      return t('It was already answered; it is {0}.', outcome.state);
    case 'dismissed':
      return t('It was not confirmed, so nothing was decided.');
    case 'refused':
      return outcome.reason;
  }
}
