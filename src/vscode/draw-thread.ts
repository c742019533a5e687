import * as vscode from 'vscode';
import type { ThreadLook } from './change-looks.ts';
import { literal } from './change-words.ts';

/** The context value of a comment that is being typed. */
const DRAFT = 'draft';

/** Makes a thread look so; `isEdited` if the user types a comment in it. */
export function drawThread(
  thread: vscode.CommentThread,
  look: ThreadLook,
  isEdited: boolean,
): void {
  thread.range = rangeOf(look);
  thread.label = look.label;
  thread.contextValue = look.state;
  thread.canReply = false;
  thread.comments = [
    // Without any, the editor would offer to delete the thread.
    said(look.size, look.words),
    ...(isEdited ? [draftIn(thread) ?? draft(look.comment)] : []),
    ...(isEdited || look.comment === '' ? [] : [ownComment(look.comment)]),
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

/** What the user has said. */
export function ownComment(comment: string): vscode.Comment {
  return { ...said(vscode.l10n.t('Your comment'), literal(comment)), contextValue: 'own' };
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

export function rangeOf({ line }: ThreadLook): vscode.Range {
  return new vscode.Range(line, 0, line, 0);
}
