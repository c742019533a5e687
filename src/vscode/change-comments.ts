import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import type { Words } from './ask.ts';
import { type NamedChange, changeBy } from './change-at.ts';
import type { ChangeCommandDeps, Found, Handler } from './change-commands.ts';
import { tellChanged } from './change-words.ts';

type CommentCommand = 'commentChange' | 'saveComment' | 'cancelComment' | 'removeComment';

/** What the user says to single changes: typed in the change's thread, or, where that is not in sight, in a box. */
export function createCommentCommands(
  deps: ChangeCommandDeps,
  find: (argument: unknown) => Promise<Found | null>,
): Record<CommentCommand, Handler> {
  return {
    commentChange: async (argument) => {
      const found = await find(argument);
      if (found === null) return;
      if (deps.threads.edit(found.name)) return;
      const value = changeBy(found.core, found.name)?.comment ?? '';
      const comment = await (await import('./ask.ts')).askText({ ...COMMENT(), value });
      if (comment !== undefined) await keep(found.core, found.name, comment);
    },
    saveComment: async (comment) => {
      const name = deps.threads.nameOf(comment);
      if (name === null || !hasBody(comment)) return;
      const { body } = comment;
      await keep(await deps.host.open(), name, typeof body === 'string' ? body : body.value);
      deps.threads.endEdit(name);
    },
    cancelComment: (comment) => {
      const name = deps.threads.nameOf(comment);
      if (name !== null) deps.threads.endEdit(name);
      return Promise.resolve();
    },
    removeComment: async (comment) => {
      const name = deps.threads.nameOf(comment);
      if (name !== null) await keep(await deps.host.open(), name, '');
    },
  };
}

async function keep(core: Core, name: NamedChange, comment: string): Promise<void> {
  if (!(await core.threads.commentChange(name.proposalId, name, comment))) tellChanged();
}

function hasBody(comment: unknown): comment is Pick<vscode.Comment, 'body'> {
  return typeof comment === 'object' && comment !== null && 'body' in comment;
}

const COMMENT = (): Words => ({
  title: vscode.l10n.t('Comment on the change'),
  prompt: vscode.l10n.t(
    'The agent reads it along with your decision. Enter keeps it; an empty one removes it.',
  ),
});
