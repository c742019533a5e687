import * as vscode from 'vscode';
import type { Decision } from '../shared/decision.ts';
import { UserFacingError } from '../shared/errors.ts';
import { plainLine } from '../workspace/plain-line.ts';
import type { CoreHost } from './core-host.ts';
import type { ShownFiles } from './shown-files.ts';
import type { Typing } from './typing.ts';

/** The most of a reason that a message shows, in characters. */
const REASON = 800;

export interface DecideDeps {
  readonly host: CoreHost;
  readonly shown: ShownFiles;
  readonly typing: Typing;
  /** Shows a proposal in the editor, all of it. */
  readonly open: (proposalId: string) => Promise<void>;
}

/** Which effect an answer is about, by its hash, where that is not what the editor shows by now. */
export interface About {
  /** What the user saw elsewhere. */
  readonly seen?: string | undefined;
  /** What was shown when the user was asked for words, or for a choice, that an approval has in it. */
  readonly asked?: string | undefined;
}

/**
 * Answers a proposal in the editor: exactly what is shown there, or what the answer is about.
 * True if the answer was taken; else the user is told why not.
 */
export async function decideInEditor(
  deps: DecideDeps,
  proposalId: string,
  decision: Decision,
  { seen, asked }: About = {},
): Promise<boolean> {
  const { host, shown, typing } = deps;
  const core = await host.open();
  if (!(await typing.flush())) return false;
  if (seen === undefined && approves(decision)) await shown.caughtUp(core, proposalId);
  const proposal = core.proposal(proposalId);
  const interruptId = proposal?.interruptId ?? null;
  const reviewed = core.review(proposalId);
  if (proposal === null || reviewed === null || interruptId === null) {
    const message = vscode.l10n.t('This approval does not wait any more.');
    throw new UserFacingError('notFound', message);
  }
  const name = plainLine(reviewed.review.path || reviewed.title);
  const { threadId } = proposal;
  const about = seen ?? (approves(decision) ? asked : undefined);
  const effectHash = about ?? reviewed.review.effectHash;
  const looked = seen !== undefined || !approves(decision) || shown.isLookedAt(core, proposalId);
  const outcome = looked
    ? await core.threads.decide(threadId, { interruptId, effectHash }, decision)
    : { kind: 'changed' as const };
  switch (outcome.kind) {
    case 'taken':
      return true;
    case 'dismissed':
      return false;
    case 'tooLate':
      void vscode.window.showInformationMessage(vscode.l10n.t('{0} was already answered.', name));
      return false;
    case 'refused':
      void vscode.window.showWarningMessage(plainLine(outcome.reason, REASON));
      return false;
    case 'changed': {
      tellChanged(deps, proposalId, name);
      return false;
    }
  }
}

function approves({ kind }: Decision): boolean {
  return kind === 'approve' || kind === 'partial' || kind === 'edit';
}

function tellChanged({ open }: DecideDeps, proposalId: string, name: string): void {
  const message = vscode.l10n.t(
    '{0}: something else is proposed by now, so nothing was decided. Look at it again.',
    name,
  );
  const review = vscode.l10n.t('Review');
  void vscode.window.showWarningMessage(message, review).then((answer) => {
    return answer === review ? open(proposalId) : undefined;
  });
}
