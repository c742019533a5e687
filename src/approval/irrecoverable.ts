import { t } from '@vscode/l10n';
import type { Command } from '../shared/command.ts';
import { commandTitle } from './command-words.ts';
import { type FileChange, type Place, opOf } from './operation.ts';
import { type Steered, steeredBy } from './policy.ts';

/** As much of a file of an effect as tells whether it can be taken back. */
export interface AffectedFile extends Place {
  readonly op: 'write' | 'delete' | 'move';
  readonly to: Place | null;
  readonly warnings: readonly string[];
}

/**
 * What of an effect could not be taken back by an undo, a sentence for each thing: a file that
 * steers a program may have been obeyed by then. Deleting a file is not among it, since its bytes
 * are kept first, whatever git knows of it.
 */
export function irrecoverableIn(files: readonly AffectedFile[]): readonly string[] {
  const found = files.flatMap(({ displayPath, to, op, warnings }) => {
    const ends = to === null ? [displayPath] : [displayPath, to.displayPath];
    const at = ends.flatMap((path) => {
      const steered = steeredBy({ displayPath: path, warnings: [] });
      return steered === null ? [] : [sentence(path, op, steered)];
    });
    if (at.length > 0) return at;
    const steered = steeredBy({ displayPath, warnings });
    return steered === null ? [] : [sentence(to?.displayPath ?? displayPath, op, steered)];
  });
  return [...new Set(found)];
}

/** The same of all that a proposal would do. */
export function irrecoverableOf({
  operations,
  command,
}: {
  readonly operations: readonly AffectedFile[];
  readonly command: Command | null;
}): readonly string[] {
  if (command === null) return irrecoverableIn(operations);
  return [t('{0}? What a command has done cannot be taken back.', commandTitle(command))];
}

export function affectedBy(change: FileChange): AffectedFile {
  const { realPath, displayPath, to = null, warnings = [] } = change;
  return { realPath, displayPath, to, warnings, op: opOf(change) };
}

function sentence(path: string, op: AffectedFile['op'], steered: Steered): string {
  const what = {
    write: t('Change {0}?', path),
    delete: t('Delete {0}?', path),
    move: t('Move {0}?', path),
  };
  return `${what[op]} ${why(steered)}`;
}

function why(steered: Steered): string {
  switch (steered) {
    case 'repository':
      return t("It is the repository's own data, and can make git run programs.");
    case 'agents':
      return t('It tells agents what to do and what they may do.');
    case 'editor':
      return t('It steers the editor, and can make it run programs.');
  }
}
