import * as vscode from 'vscode';
import { PROPOSAL_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import type { NameOfThread, NamedChange } from './change-at.ts';
import { type ThreadLook, isCurrent, looksOf } from './change-looks.ts';
import type { CoreHost } from './core-host.ts';
import { CHANGE_THREADS } from './ids.ts';
import { openDocuments } from './shown-files.ts';

interface Drawn {
  readonly thread: vscode.CommentThread;
  readonly look: string;
}

/** The context value of a comment that is being typed. */
const DRAFT = 'draft';

/** The threads of a proposal by the document and the change that they are about. */
type DrawnByKey = Map<string, Drawn>;

/**
 * A comment thread beside each change of the proposals that are open in an editor: the only way to
 * put buttons into a diff.
 */
export interface ChangeThreads {
  /** Takes comments, too. */
  readonly nameOf: NameOfThread;
  /** Lets the user type a comment in the thread; false if that is nowhere in sight. */
  edit(name: NamedChange): boolean;
  endEdit(name: NamedChange): void;
  dispose(): void;
}

export function createChangeThreads(host: CoreHost): ChangeThreads {
  const controller = createController();
  const drawn = new Map<string, DrawnByKey>();
  const names = new WeakMap<object, NamedChange>();
  const edited = new Set<string>();
  const drawOne = (look: ThreadLook, before: Drawn | undefined): Drawn => {
    const isEdited = edited.has(idOf(look.name));
    const text = JSON.stringify([look, isEdited]);
    if (before?.look === text) return before;
    const thread = before?.thread ?? controller.createCommentThread(look.uri, rangeOf(look), []);
    apply(thread, look, isEdited);
    for (const one of [thread, ...thread.comments]) names.set(one, look.name);
    return { thread, look: text };
  };
  const draw = (proposalId: string): void => {
    const core = host.loaded();
    const before: DrawnByKey = drawn.get(proposalId) ?? new Map<string, Drawn>();
    const now = core === null ? new Map<string, Drawn>() : threadsOf(core, proposalId, before);
    for (const [key, { thread }] of before) if (!now.has(key)) thread.dispose();
    if (now.size > 0) drawn.set(proposalId, now);
    else drawn.delete(proposalId);
  };
  const threadsOf = (core: Core, proposalId: string, before: DrawnByKey): DrawnByKey => {
    const now: DrawnByKey = new Map();
    const changes = openDocuments(proposalId).length > 0 ? core.changes(proposalId) : null;
    for (const look of changes === null ? [] : looksOf(core, changes)) {
      const key = `${look.name.operation}:${look.name.change} ${look.uri.toString()}`;
      const one = before.get(key);
      // A thread moves along with what is typed above it, until that is saved.
      const next = isCurrent(core, look.uri) ? drawOne(look, one) : one;
      if (next !== undefined) now.set(key, next);
    }
    return now;
  };
  const follow = ({ uri }: vscode.TextDocument): void => {
    if (uri.scheme === PROPOSAL_SCHEME) draw(uri.authority);
  };
  const subscriptions: { dispose(): unknown }[] = [
    controller,
    vscode.workspace.onDidOpenTextDocument(follow),
    vscode.workspace.onDidCloseTextDocument(follow),
    vscode.workspace.onDidSaveTextDocument(follow),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      follow(document);
    }),
    host.onOpened((core) => {
      subscriptions.push(
        core.threads.onEvent(({ event }) => {
          if (event.kind !== 'item' || event.item.kind !== 'tool' || !event.item.review) return;
          draw(event.item.review.proposalId);
        }),
      );
      vscode.workspace.textDocuments.forEach(follow);
    }),
  ];
  return {
    nameOf: (thread) =>
      typeof thread === 'object' && thread !== null ? (names.get(thread) ?? null) : null,
    edit(name) {
      const all = [...(drawn.get(name.proposalId)?.values() ?? [])];
      const inSight = all.some(
        ({ thread }) => isNamed(names.get(thread), name) && isVisible(thread.uri),
      );
      if (inSight) edited.add(idOf(name));
      draw(name.proposalId);
      return inSight;
    },
    endEdit(name) {
      edited.delete(idOf(name));
      draw(name.proposalId);
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function isNamed(one: NamedChange | undefined, name: NamedChange): boolean {
  return one !== undefined && idOf(one) === idOf(name);
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

function apply(thread: vscode.CommentThread, look: ThreadLook, isEdited: boolean): void {
  thread.range = rangeOf(look);
  thread.label = look.label;
  thread.contextValue = look.state;
  thread.canReply = false;
  thread.comments = [
    // Without any, the editor would offer to delete the thread.
    said(look.size, look.words),
    ...(isEdited ? [draftIn(thread) ?? draft(look.comment)] : []),
    ...(isEdited || look.comment === '' ? [] : [own(look.comment)]),
  ];
  thread.collapsibleState = look.expanded
    ? vscode.CommentThreadCollapsibleState.Expanded
    : vscode.CommentThreadCollapsibleState.Collapsed;
}

function said(name: string, markdown: string): vscode.Comment {
  return {
    author: { name },
    body: new vscode.MarkdownString(markdown),
    mode: vscode.CommentMode.Preview,
  };
}

function own(comment: string): vscode.Comment {
  const body = new vscode.MarkdownString().appendText(comment);
  return { ...said(vscode.l10n.t('Your comment'), body.value), contextValue: 'own' };
}

/** What the user types over; the same object as before, or what is typed would be lost. */
function draftIn({ comments }: vscode.CommentThread): vscode.Comment | undefined {
  return comments.find(({ contextValue }) => contextValue === DRAFT);
}

function draft(comment: string): vscode.Comment {
  return {
    author: { name: vscode.l10n.t('Your comment') },
    body: comment,
    mode: vscode.CommentMode.Editing,
    contextValue: DRAFT,
  };
}

function rangeOf({ line }: ThreadLook): vscode.Range {
  return new vscode.Range(line, 0, line, 0);
}

function idOf({ proposalId, operation, change }: NamedChange): string {
  return `${proposalId} ${operation}:${change}`;
}
