import * as vscode from 'vscode';
import type { AcceptedFile, Decision } from '../shared/decision.ts';
import type { Mode } from '../shared/mode.ts';
import type { FileView, Question, ReviewView } from '../shared/thread-view.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { modeLabel, modeRows } from './mode-choice.ts';

/** What a box asks of the user. */
export interface Words {
  readonly title: string;
  readonly prompt: string;
  /** True where nothing would be no answer. */
  readonly required?: boolean;
  /** What is in the box at first. */
  readonly value?: string;
}

/** A line of text from the user, without spaces around it; undefined if the box is dismissed. */
export async function askText({
  title,
  prompt,
  required,
  value = '',
}: Words): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    ...{ title, prompt, value },
    ignoreFocusOut: true,
    validateInput: (typed) =>
      required === true && typed.trim() === '' ? vscode.l10n.t('It cannot be empty.') : '',
  });
  return text?.trim();
}

/**
 * What the agent is to do instead, and in which mode; undefined if that is dismissed. Who goes back from
 * the modes finds what was written.
 */
export async function askRedirect(box: Words, now: Mode): Promise<Decision | undefined> {
  const keep = { label: vscode.l10n.t('Keep the mode: {0}', modeLabel(now)), mode: undefined };
  const rows = [keep, ...modeRows(now).filter(({ mode }) => mode !== now)];
  let value = '';
  for (;;) {
    const instruction = await askText({ ...box, value });
    if (instruction === undefined) return undefined;
    const route = await vscode.window.showQuickPick(rows, {
      title: vscode.l10n.t('In which mode does the agent go on?'),
      placeHolder: plainLine(instruction),
      ignoreFocusOut: true,
    });
    if (route !== undefined) {
      const { mode } = route;
      return { kind: 'redirect', instruction, ...(mode === undefined ? {} : { mode }) };
    }
    value = instruction;
  }
}

/** The most of a question or an answer that a box has room for, in characters. */
const WHOLE = 1000;

/** The longest question that the title of a list has room for, in characters. */
const TITLE_LENGTH = 80;

type Choice = vscode.QuickPickItem & { readonly decide: () => PromiseLike<Decision | undefined> };

/** An answer to a question of the agent; undefined if it is dismissed. */
export async function askQuestion({ text, choices }: Question): Promise<Decision | undefined> {
  const title = vscode.l10n.t('The agent asks');
  const inWords = async (): Promise<Decision | undefined> => {
    const answer = await askText({ title, prompt: plainLine(text, WHOLE), required: true });
    return answer === undefined ? undefined : { kind: 'respond', answer };
  };
  const refuse = async (): Promise<Decision | undefined> => {
    const reason = await askText({
      title: vscode.l10n.t('Go on without an answer'),
      prompt: vscode.l10n.t('Why? The agent reads it. Enter sends, Escape cancels.'),
    });
    return reason === undefined ? undefined : { kind: 'reject', reason };
  };
  const readAll = async (): Promise<Decision | undefined> => {
    await vscode.window.showInformationMessage(title, { modal: true, detail: text });
    return askQuestion({ text, choices });
  };
  const fits = text.length <= TITLE_LENGTH && !text.includes('\n');
  const rows: Choice[] = [
    ...(fits ? [] : [{ label: vscode.l10n.t('$(book) Read the whole question'), decide: readAll }]),
    ...choices.map((answer) => ({
      label: plainLine(answer, WHOLE),
      decide: () => Promise.resolve({ kind: 'respond', answer } as const),
    })),
    { label: vscode.l10n.t('$(edit) Answer in my own words…'), decide: inWords },
    { label: vscode.l10n.t('$(circle-slash) Do not answer…'), decide: refuse },
  ];
  const chosen = await vscode.window.showQuickPick(rows, {
    title: fits ? plainLine(text) : `${plainLine(text.slice(0, TITLE_LENGTH))}…`,
    placeHolder: vscode.l10n.t('An answer is information for the agent. It approves nothing.'),
    ignoreFocusOut: true,
  });
  return chosen?.decide();
}

/** How to go on after an effect of which it is not known, or only in part, whether it happened. */
export async function askOutcome(
  title: string,
  { evidence, command }: ReviewView,
): Promise<Decision | undefined> {
  if (command !== null) return askWhetherItRan(title, evidence);
  const keep = vscode.l10n.t('Keep as It Is');
  const finish = vscode.l10n.t('Finish');
  const rollBack = vscode.l10n.t('Roll Back');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0}: did this happen? It was approved, and only a part of it is certain.',
      title,
    ),
    {
      modal: true,
      detail: [
        ...evidence,
        '',
        vscode.l10n.t('What would finish it or put it back is shown before anything is done.'),
      ].join('\n'),
    },
    finish,
    rollBack,
    keep,
  );
  if (answer === undefined) return undefined;
  const way = answer === keep ? 'keep' : answer === finish ? 'finish' : 'rollBack';
  return { kind: 'settle', way };
}

/** What ran may have changed anything: the user looks, and says what is known. */
async function askWhetherItRan(
  title: string,
  evidence: readonly string[],
): Promise<Decision | undefined> {
  const again = vscode.l10n.t('Propose It Again');
  const didNotRun = vscode.l10n.t('It Did Not Run');
  const unknown = vscode.l10n.t('I Do Not Know');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0}: did this run? You approved it, and it is not known.', title),
    {
      modal: true,
      detail: [
        ...evidence,
        '',
        vscode.l10n.t('It is not run again before you have approved it once more.'),
      ].join('\n'),
    },
    again,
    didNotRun,
    unknown,
  );
  if (answer === undefined) return undefined;
  const way = answer === again ? 'again' : answer === didNotRun ? 'didNotRun' : 'keep';
  return { kind: 'settle', way };
}

/** Which files of a proposal to take; undefined if the question is dismissed. */
export async function askFiles({
  files,
}: ReviewView): Promise<readonly AcceptedFile[] | undefined> {
  const rows = files.map((file) => ({
    label: plainLine(file.to ?? file.path),
    description: describe(file),
    picked: true,
    operation: file.operation,
  }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Approve some files'),
    placeHolder: vscode.l10n.t('What is not chosen is declined'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen?.map(({ operation }) => ({ operation, changes: 'all' }));
}

function describe({ change, added, removed }: FileView): string {
  const size = `+${added} −${removed}`;
  switch (change) {
    case 'create':
      return vscode.l10n.t('new, {0}', size);
    case 'delete':
      return vscode.l10n.t('deleted, {0}', size);
    case 'move':
      return vscode.l10n.t('moved, {0}', size);
    case 'edit':
      return size;
  }
}
