import { t } from '@vscode/l10n';
import { isOneLine } from '../shared/command.ts';
import type { ReviewView } from '../shared/thread-view.ts';

/** How to answer, said where a proposal is read as text. */
export interface Ways {
  readonly ofWaiting: (review: ReviewView) => readonly string[];
  readonly ofUnclear: (review: ReviewView) => readonly string[];
}

/** What can be done in the document, and by which keys. */
function keysInWords(review: ReviewView): readonly string[] {
  const { question, command, progress, approvable, irrecoverable } = review;
  if (question !== null) return [t('Key: d answers.')];
  const approves =
    command === null
      ? t('Ctrl+Enter (Cmd+Enter) approves all that is not rejected.')
      : t('Ctrl+Enter (Cmd+Enter) approves it.');
  const asks = t('Then a dialog asks once more.');
  return [
    ...(command === null ? keysForFiles(progress !== null, review) : keysForCommand(command.shell)),
    ...(approvable ? [irrecoverable.length === 0 ? approves : `${approves} ${asks}`] : []),
    t('Alt+Backspace rejects the whole proposal, and asks for the reason.'),
  ];
}

function keysForFiles(inParts: boolean, { approvable }: ReviewView): readonly string[] {
  if (!inParts) return [t('Key: d opens the diff.')];
  return [
    t('Keys, for the change at the cursor: y accepts it, n rejects it, c comments on it.'),
    t('j goes to the next change, k to the one before, d opens the diff.'),
    ...(approvable ? [t('a approves what is accepted and declines the rest.')] : []),
  ];
}

function keysForCommand(shell: string | null): readonly string[] {
  return isOneLine(shell)
    ? [t('Keys: e changes the command before it is run, d lists all answers.')]
    : [t('Key: d lists all answers.')];
}

/** The three ways on from an effect of which it is not clear whether it happened. */
function waysInWords({ command }: ReviewView): readonly string[] {
  if (command !== null) {
    return [
      t('Three ways on; d asks which. It is not run again before you have approved it once more.'),
      t('Propose It Again: it is shown as a new proposal first.'),
      t('It Did Not Run: you have looked, and the agent is told so.'),
      t('I Do Not Know: the agent is told that it may have run.'),
    ];
  }
  return [
    t('Three ways on; d asks which. Whatever would be written is shown before.'),
    t('Finish: write what is missing of what was approved.'),
    t('Roll Back: put back what was there before.'),
    t('Keep as It Is: leave the files as they are now.'),
  ];
}

export const EDITOR_KEYS: Ways = { ofWaiting: keysInWords, ofUnclear: waysInWords };
