import * as vscode from 'vscode';
import { type CommandView, type EditedCommand, isOneLine } from '../shared/command.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { plainLine } from '../workspace/plain-line.ts';

/** What the user wants to do about a command, named as the answers in the editor are. */
export type CommandAnswer =
  'approve' | 'approveWithNote' | 'editCommand' | 'reject' | 'redirect' | 'doneByHand';

/** All there is to know of a command, and the answers to it; undefined if it is dismissed. */
export async function askCommand(
  title: string,
  review: ReviewView,
): Promise<CommandAnswer | undefined> {
  const { command, facts } = review;
  const rows: (vscode.QuickPickItem & { readonly answer?: CommandAnswer })[] = [
    separator(vscode.l10n.t('Answer')),
    { label: vscode.l10n.t('$(check) Approve…'), answer: 'approve' },
    { label: vscode.l10n.t('$(note) Approve with a Note…'), answer: 'approveWithNote' },
    ...(isOneLine(command?.shell ?? null)
      ? [{ label: vscode.l10n.t('$(edit) Edit the Command…'), answer: 'editCommand' as const }]
      : []),
    { label: vscode.l10n.t('$(close) Reject…'), answer: 'reject' },
    { label: vscode.l10n.t('$(reply) Redirect…'), answer: 'redirect' },
    { label: vscode.l10n.t('$(person) I Did It Myself…'), answer: 'doneByHand' },
    separator(vscode.l10n.t('What would be run')),
    ...facts.map((fact) => ({ label: plainLine(fact, Infinity) })),
  ];
  const chosen = await vscode.window.showQuickPick(rows, {
    title,
    placeHolder: vscode.l10n.t('Choose an answer. What would be run is listed below.'),
    ignoreFocusOut: true,
  });
  if (chosen === undefined || chosen.answer !== undefined) return chosen?.answer;
  return askCommand(title, review);
}

/** Another command instead: the text for the shell, or the arguments as JSON. */
export async function askEditedCommand({
  argv,
  shell,
  timeLimit,
}: CommandView): Promise<EditedCommand | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Edit the command'),
    prompt:
      shell === null
        ? vscode.l10n.t(
            'The program and its arguments, as a JSON list. Enter approves this instead.',
          )
        : vscode.l10n.t('The text for the shell. Enter approves this instead.'),
    value: shell ?? JSON.stringify(argv),
    ignoreFocusOut: true,
    validateInput: (typed) =>
      shell === null && argumentsIn(typed) === null
        ? vscode.l10n.t('It must be a list of texts: ["program", "argument"]')
        : '',
  });
  if (text === undefined) return undefined;
  if (shell !== null) return { argv: [], shell: text, timeLimit };
  const edited = argumentsIn(text);
  return edited === null ? undefined : { argv: edited, shell: null, timeLimit };
}

function argumentsIn(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    const fits =
      Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
    return fits ? value : null;
  } catch {
    return null;
  }
}

function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
