import * as vscode from 'vscode';
import { PROPOSAL_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import type { NamedChange } from './change-at.ts';
import { type ThreadLook, isCurrent, looksOf } from './change-looks.ts';
import type { CoreHost } from './core-host.ts';
import { drawThread, rangeOf } from './draw-thread.ts';
import { CHANGE_THREADS } from './ids.ts';
import { openDocuments } from './shown-files.ts';

interface Drawn {
  readonly thread: vscode.CommentThread;
  readonly name: Required<NamedChange>;
  readonly look: string;
  readonly line: number;
  /** The editor has replaced the lines around it, which may have carried it along to anywhere. */
  readonly isAdrift: boolean;
}

/** The threads of a proposal by the document and the change that they are about. */
type DrawnByKey = Map<string, Drawn>;

/**
 * A comment thread beside each change of the proposals that are open in an editor: the only way to
 * put buttons into a diff.
 */
export class ChangeThreads {
  readonly #host: CoreHost;
  readonly #controller = createController();
  readonly #drawn = new Map<string, DrawnByKey>();
  readonly #names = new WeakMap<object, Required<NamedChange>>();
  /** The changes that the user types a comment on. */
  readonly #edited = new Set<string>();
  readonly #subscriptions: { dispose(): unknown }[];

  constructor(host: CoreHost) {
    this.#host = host;
    const follow = ({ uri }: vscode.TextDocument): void => {
      if (uri.scheme === PROPOSAL_SCHEME) this.#draw(uri.authority);
    };
    this.#subscriptions = [
      this.#controller,
      vscode.workspace.onDidOpenTextDocument(follow),
      vscode.workspace.onDidCloseTextDocument(follow),
      vscode.workspace.onDidSaveTextDocument(follow),
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.#cutLoose(event);
        // While it is typed in, nothing is drawn in it: the cost of every key would be that of all changes.
        if (!event.document.isDirty) follow(event.document);
      }),
    ];
    const opened = host.onOpened((core) => {
      const events = core.threads.onEvent(({ event }) => {
        if (event.kind !== 'item' || event.item.kind !== 'tool' || !event.item.review) return;
        this.#draw(event.item.review.proposalId);
      });
      this.#subscriptions.push(events);
      vscode.workspace.textDocuments.forEach(follow);
    });
    this.#subscriptions.push(opened);
  }

  /** The change that a thread, or a comment in one, is about. */
  nameOf(threadOrComment: unknown): Required<NamedChange> | null {
    if (typeof threadOrComment !== 'object' || threadOrComment === null) return null;
    return this.#names.get(threadOrComment) ?? null;
  }

  /** Lets the user type a comment in the thread; false if that is nowhere in sight. */
  edit(name: Required<NamedChange>): boolean {
    const all = [...(this.#drawn.get(name.proposalId)?.values() ?? [])];
    const inSight = all.some((one) => idOf(one.name) === idOf(name) && isVisible(one.thread.uri));
    if (inSight) this.#edited.add(idOf(name));
    this.#draw(name.proposalId);
    return inSight;
  }

  endEdit(name: Required<NamedChange>): void {
    this.#edited.delete(idOf(name));
    this.#draw(name.proposalId);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #draw(proposalId: string): void {
    const core = this.#host.loaded();
    const before: DrawnByKey = this.#drawn.get(proposalId) ?? new Map<string, Drawn>();
    const now = core === null ? new Map<string, Drawn>() : this.#threads(core, proposalId, before);
    for (const [key, { thread }] of before) if (!now.has(key)) thread.dispose();
    if (now.size > 0) this.#drawn.set(proposalId, now);
    else this.#drawn.delete(proposalId);
  }

  #threads(core: Core, proposalId: string, before: DrawnByKey): DrawnByKey {
    const now: DrawnByKey = new Map();
    const open = openDocuments(proposalId).map(({ uri }) => uri);
    const current = new Set(open.filter((uri) => isCurrent(core, uri)).map(String));
    const changes = open.length > 0 ? core.changes(proposalId) : null;
    for (const look of changes === null ? [] : looksOf(core, changes)) {
      const key = `${idOf(look.name)} ${look.uri.toString()}`;
      const one = before.get(key);
      // A thread moves along with what is typed above it, until that is saved.
      const next = current.has(look.uri.toString()) ? this.#drawOne(look, one) : one;
      if (next !== undefined) now.set(key, next);
    }
    return now;
  }

  #cutLoose({ document: { uri }, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const drawn = uri.scheme === PROPOSAL_SCHEME ? this.#drawn.get(uri.authority) : undefined;
    for (const [key, one] of drawn ?? []) {
      const isIn = contentChanges.some(({ range: { start, end, isSingleLine }, text }) => {
        const isWithin = start.line <= one.line && one.line <= end.line;
        return isWithin && (!isSingleLine || text.includes('\n'));
      });
      if (isIn && one.thread.uri.toString() === uri.toString()) {
        drawn?.set(key, { ...one, isAdrift: true });
      }
    }
  }

  #drawOne(look: ThreadLook, found: Drawn | undefined): Drawn {
    const { name, uri, line } = look;
    const isEdited = this.#edited.has(idOf(name));
    const isLost = found?.isAdrift === true && found.line === line && !isEdited;
    // The editor does not put it back to the line that it was told before.
    if (isLost) found.thread.dispose();
    const before = isLost ? undefined : found;
    const text = JSON.stringify([look, isEdited]);
    if (before?.look === text) return { ...before, isAdrift: false };
    const thread = before?.thread ?? this.#controller.createCommentThread(uri, rangeOf(look), []);
    drawThread(thread, look, isEdited);
    for (const one of [thread, ...thread.comments]) this.#names.set(one, name);
    return { thread, name, look: text, line, isAdrift: false };
  }
}

function isVisible(uri: vscode.Uri): boolean {
  const address = uri.toString();
  return vscode.window.visibleTextEditors.some((one) => one.document.uri.toString() === address);
}

function createController(): vscode.CommentController {
  const controller = vscode.comments.createCommentController(
    CHANGE_THREADS,
    vscode.l10n.t('Changes of a proposal'),
  );
  controller.options = {
    placeHolder: vscode.l10n.t('The agent reads it along with your decision.'),
  };
  return controller;
}

/** The same wherever the change is by now: what is typed in its thread stays with it. */
function idOf({ proposalId, key }: Required<NamedChange>): string {
  return `${proposalId} ${key}`;
}
