import * as vscode from 'vscode';
import type { PreviewPlace } from '../threads/file-preview.ts';
import { CHANGE_COMMANDS, TEXT_COMMANDS } from './ids.ts';
import { type PreviewedFile, changeActions } from './preview-actions.ts';

/** The whole change, with what can be done with it. Nothing of what others wrote is active in it. */
export function hoverOf(file: PreviewedFile, place: PreviewPlace): vscode.MarkdownString {
  const hover = new vscode.MarkdownString();
  const { acceptChange, rejectChange, commentChange } = CHANGE_COMMANDS;
  const { openChange } = TEXT_COMMANDS;
  hover.isTrusted = { enabledCommands: [acceptChange, rejectChange, commentChange, openChange] };
  hover.appendText(place.label).appendMarkdown(`\n\n${place.diff}\n\n`);
  if (place.view !== null && place.view.comment !== '') {
    hover.appendText(vscode.l10n.t('Your comment: {0}', place.view.comment));
    hover.appendMarkdown('\n\n');
  }
  const links = changeActions(file, place.view).map(({ title, command, arguments: named = [] }) => {
    const query = encodeURIComponent(JSON.stringify(named));
    return `[${title}](command:${command}?${query})`;
  });
  return hover.appendMarkdown(links.join(' · '));
}
