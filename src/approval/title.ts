import { t } from '@vscode/l10n';
import { commandTitle } from './command-words.ts';
import type { KeptOperation, Proposal } from './proposal.ts';

/** What a proposal would do, named by the paths it is about, not by the model's words for it. */
export function titleOf({ operations, question, command }: Proposal): string {
  if (question !== null) return t('Question');
  if (command !== null) return commandTitle(command);
  const [first] = operations;
  if (first === undefined) return t('Change nothing');
  if (operations.length === 1) return titleOfOne(first);
  if (operations.every(({ newSha256 }) => newSha256 === null)) {
    return t('Delete {0} files', operations.length);
  }
  return t('Change {0} files', operations.length);
}

function titleOfOne({ displayPath, baseSha256, newSha256, to }: KeptOperation): string {
  if (newSha256 === null) return t('Delete {0}', displayPath);
  if (to !== null) return t('Move {0} to {1}', displayPath, to.displayPath);
  return baseSha256 === null ? t('Write {0}', displayPath) : t('Edit {0}', displayPath);
}
