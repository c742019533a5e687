import { t } from '@vscode/l10n';
import type { CommandView, EditedCommand } from '../../src/shared/command.ts';

/** What is in the box for another command: the text for the shell, else the arguments as JSON. */
export function draftOf({ shell, argv }: CommandView): string {
  return shell ?? JSON.stringify(argv, null, 2);
}

/** The command that is in the box; or, in words, why there is none. */
export function editedFrom(
  { shell, timeLimit }: CommandView,
  text: string,
): EditedCommand | string {
  if (shell !== null) {
    return text.trim() === '' ? t('Write something first.') : { argv: [], shell: text, timeLimit };
  }
  let argv: unknown;
  try {
    argv = JSON.parse(text);
  } catch (error) {
    return t('This is not JSON: {0}', error instanceof Error ? error.message : String(error));
  }
  return isArguments(argv)
    ? { argv, shell: null, timeLimit }
    : t('The command must be a list of texts: ["program", "argument"]');
}

function isArguments(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}
