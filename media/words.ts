import { t } from '@vscode/l10n';
import { awaitsPerson, type ToolKind } from '../src/shared/decision.ts';
import { assertNever } from '../src/shared/lifecycle.ts';
import type { ToolItem, ToolItemState } from '../src/shared/thread-view.ts';

export interface Sign {
  /** Class names of the codicon. */
  readonly icon: string;
  readonly words: string;
}

/** How a tool call stands; what is run is not applied. */
export function stateSign(state: ToolItemState, kind: ToolKind = 'other'): Sign {
  const runs = kind === 'execute';
  switch (state) {
    case 'next':
      return { icon: 'codicon-circle-outline', words: t('Not run yet') };
    case 'running':
      return { icon: 'codicon-loading codicon-modifier-spin', words: t('Running') };
    case 'done':
      return { icon: 'codicon-check', words: t('Done') };
    case 'proposed':
      return { icon: 'codicon-debug-pause', words: t('Waiting for your approval') };
    case 'approved':
    case 'claimed':
      return {
        icon: 'codicon-loading codicon-modifier-spin',
        words: runs ? t('Running') : t('Applying'),
      };
    case 'applied':
      return { icon: 'codicon-check', words: runs ? t('Run') : t('Applied') };
    case 'rejected':
      return { icon: 'codicon-circle-slash', words: t('Rejected') };
    case 'stale':
      return { icon: 'codicon-warning', words: t('Stale, nothing was changed') };
    case 'failed':
      return { icon: 'codicon-error', words: t('Failed') };
    case 'partial':
      return { icon: 'codicon-question', words: t('Applied in part only') };
    case 'unknown':
      return {
        icon: 'codicon-question',
        words: runs ? t('Unknown, it may have run') : t('Unknown, it may have been applied'),
      };
    case 'cancelled':
      return { icon: 'codicon-circle-slash', words: t('Cancelled') };
    case 'undone':
      return { icon: 'codicon-discard', words: t('Undone') };
    case 'rolledBack':
      return { icon: 'codicon-discard', words: t('Rolled back') };
    case 'kept':
      return { icon: 'codicon-question', words: t('Left as it was found') };
    case 'doneByHand':
      return { icon: 'codicon-person', words: t('Done by hand') };
    case 'answered':
      return { icon: 'codicon-comment', words: t('Answered') };
    default:
      return assertNever(state);
  }
}

/** True while a person has to answer something that can still be answered. */
export function awaitsAnswer({ state, review }: ToolItem): boolean {
  if (
    review === null ||
    state === 'next' ||
    state === 'running' ||
    state === 'done' ||
    state === 'undone'
  )
    return false;
  return state === 'proposed' || (awaitsPerson(state) && review.interruptId !== null);
}

/** What a tool call's card is called: what it is about, and how it stands. */
export function cardName({ title, state, toolKind, review }: ToolItem): string {
  const asks = review?.question !== undefined && review.question !== null;
  return asks && state === 'proposed'
    ? t('The agent asks, and waits for your answer')
    : t('{0}: {1}', title, stateSign(state, toolKind).words);
}

export function kindIcon(kind: ToolKind): string {
  return {
    read: 'codicon-file',
    search: 'codicon-search',
    edit: 'codicon-edit',
    delete: 'codicon-trash',
    move: 'codicon-arrow-right',
    execute: 'codicon-terminal',
    fetch: 'codicon-globe',
    other: 'codicon-tools',
  }[kind];
}

/** "Read 4 files", "Read 1 file, 2 searches", "Reading 3 files". */
export function readsTitle(items: readonly ToolItem[]): string {
  const searches = items.filter(({ toolKind }) => toolKind === 'search').length;
  const reads = items.length - searches;
  const running = items.some(({ state }) => state === 'running');
  const parts: string[] = [];
  if (reads > 0) parts.push(running ? readingFiles(reads) : readFiles(reads));
  if (searches > 0) parts.push(searches === 1 ? t('1 search') : t('{0} searches', searches));
  const failed = items.filter(({ state }) => state === 'failed').length;
  if (failed > 0) parts.push(t('{0} failed', failed));
  return parts.join(', ');
}

function readFiles(count: number): string {
  return count === 1 ? t('Read 1 file') : t('Read {0} files', count);
}

function readingFiles(count: number): string {
  return count === 1 ? t('Reading 1 file') : t('Reading {0} files', count);
}

export function lineCount(added: number, removed: number): string {
  return t('Lines added: {0}, removed: {1}', added, removed);
}

const mac = /mac/i.test(navigator.userAgent);

/** Names of keys as the user's keyboard has them. */
export const KEYS = {
  approve: mac ? '⌘Enter' : 'Ctrl+Enter',
  reject: mac ? '⌥⌫' : 'Alt+Backspace',
};

/** True for the key that is Cmd on a Mac and Ctrl elsewhere. */
export function hasMainModifier(event: KeyboardEvent): boolean {
  return mac ? event.metaKey : event.ctrlKey;
}
