import * as vscode from 'vscode';
import { ToolError } from '../shared/errors.ts';
import { createQueue } from '../shared/queue.ts';
import type { Core } from '../threads/core.ts';
import { decodeText } from '../workspace/text.ts';
import { contentOf } from './proposal-content.ts';
import { type Place, placeOf } from './proposal-uris.ts';
import type { ShownFiles } from './shown-files.ts';
import { keepEndings } from './typed-text.ts';

/**
 * Makes what the user saved in a document of ours the proposal.
 * @throws FileSystemError saying why not; nothing is changed then
 */
export type Save = (core: Core, uri: vscode.Uri, bytes: Uint8Array) => Promise<void>;

export function createSaver(shown: ShownFiles): Save {
  // One after the other: what is saved first is what the next one is on top of.
  const queue = createQueue();
  return (core, uri, bytes) =>
    queue.run(() =>
      shown.saving(uri, async () => {
        const place = placeOf(uri);
        if (place === null) throw vscode.FileSystemError.NoPermissions(uri);
        try {
          if (place.side === 'arguments') await saveArguments(core, shown, uri, place, bytes);
          else await saveText(core, shown, uri, place, bytes);
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
          throw vscode.FileSystemError.Unavailable(error.message);
        }
      }),
    );
}

async function saveText(
  core: Core,
  shown: ShownFiles,
  uri: vscode.Uri,
  place: Place,
  bytes: Uint8Array,
): Promise<void> {
  const before = contentOf(core, place);
  if (before?.editable !== true) throw vscode.FileSystemError.NoPermissions(uri);
  if (shown.standing(core, uri) !== 'same') throw changedMeanwhile();
  const typed = decodeText(bytes, place.path).text;
  const text = keepEndings(before.text ?? '', typed);
  const texts = new Map([[place.operation, text]]);
  if (!(await core.threads.edit(place.proposalId, shown.effectHash(uri), texts))) {
    throw changedMeanwhile();
  }
  const now = contentOf(core, place);
  if (now !== null) shown.note(core, uri, now.version);
}

/** Proposes anew with other arguments: what they lead to is shown before anything. */
async function saveArguments(
  core: Core,
  shown: ShownFiles,
  uri: vscode.Uri,
  { proposalId }: Place,
  bytes: Uint8Array,
): Promise<void> {
  const proposal = core.proposal(proposalId);
  const interruptId = proposal?.interruptId ?? null;
  if (proposal === null || interruptId === null) throw vscode.FileSystemError.NoPermissions(uri);
  const text = decodeText(bytes, uri.path).text;
  const outcome = await core.threads.decide(
    proposal.threadId,
    { interruptId, effectHash: shown.effectHash(uri) },
    { kind: 'editArguments', arguments: text },
  );
  if (outcome.kind === 'refused') throw vscode.FileSystemError.Unavailable(outcome.reason);
  if (outcome.kind === 'changed') throw changedMeanwhile();
  if (outcome.kind === 'tooLate') throw vscode.FileSystemError.NoPermissions(uri);
  shown.note(core, uri, text);
}

function changedMeanwhile(): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(
    vscode.l10n.t('Something else is proposed by now. Your text is kept in the editor.'),
  );
}
