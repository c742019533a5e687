import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import type { WaitingRow } from '../threads/inbox.ts';
import { pathsOf } from '../approval/operation.ts';
import { shortLine } from '../workspace/plain-line.ts';
import { realPathOf } from './open-documents.ts';

/** Marks, in the Explorer and wherever else files are listed, those that something waits for. */
export interface PendingMarks {
  show(core: Core | null, rows: readonly WaitingRow[]): void;
  dispose(): void;
}

/** How many approvals are named in a tooltip. */
const NAMED = 5;

export function createPendingMarks(): PendingMarks {
  const changed = new vscode.EventEmitter<vscode.Uri[]>();
  /** By the address of the file, as the Explorer has it. */
  let marks = new Map<string, vscode.FileDecoration>();
  let paths: Paths = new Map();
  const registered = vscode.Disposable.from(
    changed,
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      provideFileDecoration: (uri) => marks.get(uri.toString()),
    }),
  );
  return {
    show(core, rows) {
      const before = marks;
      paths = pathsIn(core, rows, paths);
      marks = new Map([...byFile(paths, rows)].map(([uri, own]) => [uri, markOf(own)]));
      const others = [...new Set([...before.keys(), ...marks.keys()])].filter(
        (uri) => before.get(uri)?.tooltip !== marks.get(uri)?.tooltip,
      );
      if (others.length > 0) changed.fire(others.map((uri) => vscode.Uri.parse(uri, true)));
    },
    dispose() {
      registered.dispose();
      marks.clear();
    },
  };
}

/** The real paths that a row is about; by its hash, since it is about others once that changes. */
type Paths = ReadonlyMap<string, readonly string[]>;

function pathsIn(core: Core | null, rows: readonly WaitingRow[], known: Paths): Paths {
  return new Map(
    rows.map(({ review: { proposalId, effectHash } }) => {
      const key = proposalId + effectHash;
      const read = (): readonly string[] =>
        pathsOf(core?.proposal(proposalId)?.operations ?? []).map(({ realPath }) => realPath);
      return [key, known.get(key) ?? read()];
    }),
  );
}

function byFile(paths: Paths, rows: readonly WaitingRow[]): Map<string, WaitingRow[]> {
  const found = new Map<string, WaitingRow[]>();
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => ({
    folder: uri.fsPath,
    real: realPathOf(uri.fsPath),
  }));
  for (const row of rows) {
    const { proposalId, effectHash } = row.review;
    const uris = (paths.get(proposalId + effectHash) ?? []).flatMap((path) =>
      folders
        .filter(({ real }) => path.startsWith(real + sep))
        .map(({ folder, real }) => vscode.Uri.file(join(folder, relative(real, path))).toString()),
    );
    for (const uri of new Set(uris)) found.set(uri, [...(found.get(uri) ?? []), row]);
  }
  return found;
}

function markOf(rows: readonly WaitingRow[]): vscode.FileDecoration {
  const names = rows
    .slice(0, NAMED)
    .map(({ item, threadTitle }) =>
      vscode.l10n.t('{0} in “{1}”', shortLine(item.title), shortLine(threadTitle)),
    );
  const more = rows.length - names.length;
  const list = [...names, ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])].join('; ');
  const tooltip =
    rows.length === 1
      ? vscode.l10n.t('1 approval waits: {0}', list)
      : vscode.l10n.t('{0} approvals wait: {1}', rows.length, list);
  const mark = new vscode.FileDecoration(
    'P',
    tooltip,
    new vscode.ThemeColor('list.warningForeground'),
  );
  mark.propagate = true;
  return mark;
}
