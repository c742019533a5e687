import * as vscode from 'vscode';
import type { PreviewPlace } from '../threads/file-preview.ts';
import { COMMANDS, TEXT_COMMANDS } from './ids.ts';
import { changeActions } from './preview-actions.ts';
import type { Preview } from './preview-looks.ts';

/** Above each change, and above all of them: what it is, and what can be done with it. */
export function lensesOf(
  previews: readonly Preview[],
  lineCount: number,
): readonly vscode.CodeLens[] {
  const lens = (line: number, command: vscode.Command): vscode.CodeLens => {
    const at = Math.min(line, lineCount - 1);
    return new vscode.CodeLens(new vscode.Range(at, 0, at, 0), command);
  };
  const starts = previews.flatMap(({ preview }) => preview.places.map(({ goes }) => goes.start));
  const isShared = (line: number): boolean => starts.indexOf(line) !== starts.lastIndexOf(line);
  const all = previews.flatMap((file) => {
    const { whole, title, places } = file.preview;
    return [
      lens(0, words(title)),
      ...(whole === null ? [] : changeActions(file, whole).slice(0, -1)).map((action) =>
        lens(0, action),
      ),
      ...proposalActions(file).map((action) => lens(0, action)),
      ...places.flatMap((place) =>
        [words(place.label), ...placeActions(file, place, isShared(place.goes.start))].map(
          (action) => lens(place.goes.start, action),
        ),
      ),
    ];
  });
  return previews.length < 2 ? all : [...severalWait(previews).map((one) => lens(0, one)), ...all];
}

/** One line has room for little more than one change; the hover has everything. */
function placeActions(
  file: Preview,
  { view }: PreviewPlace,
  isShared: boolean,
): readonly vscode.Command[] {
  const actions = changeActions(file, view);
  return isShared && view !== null ? actions.slice(0, -2) : actions;
}

/** What leads to each of them, before anything that may be too long for the line. */
function severalWait({ length }: readonly Preview[]): readonly vscode.Command[] {
  return [
    words(vscode.l10n.t('{0} proposals wait for this file', length)),
    { title: vscode.l10n.t('Choose…'), command: COMMANDS.reviewPending },
  ];
}

/** What is not looked at is not approved: the way to that leads through the diff. */
function proposalActions({ proposalId, preview }: Preview): readonly vscode.Command[] {
  const action = (command: string, title: string): vscode.Command => ({
    ...{ title, command },
    arguments: [{ proposalId }],
  });
  const title = preview.approvable ? vscode.l10n.t('Approve…') : vscode.l10n.t('Open Diff');
  return [
    action(TEXT_COMMANDS.openChange, title),
    action(TEXT_COMMANDS.reviewAsText, vscode.l10n.t('Review as Text')),
  ];
}

/** A lens that does nothing. */
function words(title: string): vscode.Command {
  return { title, command: '' };
}
