import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { setText } from './open-documents.ts';
import { contentOf } from './proposal-content.ts';
import { fileUri, placeOf } from './proposal-uris.ts';
import type { ShownFiles } from './shown-files.ts';

/**
 * What the user typed is on top of a text that is not proposed any more. It stays as it is until the
 * user has said what is to become of it.
 */
export async function resolveTyped(
  core: Core,
  shown: ShownFiles,
  document: vscode.TextDocument,
): Promise<void> {
  const { uri } = document;
  const place = placeOf(uri);
  const name = plainLine(place?.path.slice(1) ?? '');
  if (shown.standing(core, uri) === 'settled') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0}: this was decided before your text was saved, and without it.', name),
    );
    return;
  }
  const compare = vscode.l10n.t('Compare');
  const keep = vscode.l10n.t('Use My Text');
  const discard = vscode.l10n.t('Discard My Text');
  const message = vscode.l10n.t(
    '{0}: something else is proposed now than what you typed into. Your text is still there.',
    name,
  );
  let answer = await vscode.window.showWarningMessage(message, compare, keep, discard);
  if (answer === compare) {
    await compareWithNow(core, uri);
    answer = await vscode.window.showWarningMessage(message, keep, discard);
  }
  if (answer === discard) await putBack(core, document);
  if (answer !== keep && answer !== discard) return;
  shown.adopt(core, uri);
  await document.save();
}

async function compareWithNow(core: Core, uri: vscode.Uri): Promise<void> {
  const place = placeOf(uri);
  const file = place && core.proposal(place.proposalId)?.operations[place.operation];
  if (!place || !file) return;
  const now = fileUri(place.proposalId, 'now', place.operation, file);
  const title = vscode.l10n.t('{0}: proposed now ↔ your text', file.displayPath);
  await vscode.commands.executeCommand('vscode.diff', now, uri, title, { preview: false });
}

async function putBack(core: Core, document: vscode.TextDocument): Promise<void> {
  const place = placeOf(document.uri);
  const text = place === null ? null : contentOf(core, place)?.text;
  if (typeof text !== 'string') return;
  await setText(document, text);
}
