import * as vscode from 'vscode';
import type { Disposable } from '../shared/lifecycle.ts';
import type { RefusalItem, Resend, ThreadView } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import { plainLine } from '../workspace/plain-line.ts';
import type { Channels } from './channels.ts';
import type { ChatView } from './chat-view.ts';
import type { InboxDeps } from './inbox.ts';

/** The most of a message that a dialog shows, in characters. */
const LONGEST = 1000;

export interface RefusalDeps extends Pick<InboxDeps, 'chat' | 'onError'> {
  readonly channels: Channels;
}

/** Tells outside the panel that a message was blocked: one that was sent from a notification, say. */
export function followRefusals(core: Core, deps: RefusalDeps): Disposable {
  const running = new Set<string>();
  return core.threads.onEvent(({ threadId, event }) => {
    if (event.kind === 'status' && event.status === 'running') running.add(threadId);
    else if (event.kind === 'status') running.delete(threadId);
    // What is read from the store on opening a thread is no news.
    else if (event.kind === 'item' && event.item.kind === 'refusal' && running.has(threadId)) {
      tell(core, threadId, event.item, deps).catch(deps.onError);
    }
  });
}

async function tell(
  { threads }: Core,
  threadId: string,
  { messageId, text, unclear }: RefusalItem,
  { channels, chat }: RefusalDeps,
): Promise<void> {
  if (!channels.isTold(chat.shows(threadId))) return;
  const labels: Record<Resend, string> = {
    check: vscode.l10n.t('Check Again'),
    anyway: vscode.l10n.t('Send Anyway'),
  };
  const ways: readonly Resend[] = unclear ? ['check', 'anyway'] : ['anyway'];
  const show = vscode.l10n.t('Show');
  const label = await channels.ends.warn(plainLine(text), ...ways.map((way) => labels[way]), show);
  const way = ways.find((one) => labels[one] === label);
  if (way !== undefined) await threads.sendAgain(threadId, messageId, way);
  if (label === show) {
    await chat.showThread(threadId);
    await chat.focus();
  }
}

/** Asks whether the message that was blocked last is to be sent anyway, and sends it. */
export async function askToSendAnyway({ threads }: Core, chat: ChatView): Promise<void> {
  const threadId = chat.shownThread ?? threads.list()[0]?.threadId ?? null;
  const view = threadId === null ? null : (await threads.open(threadId)).view;
  const blocked = view === null ? null : lastBlocked(view);
  if (view === null || blocked === null) {
    await vscode.window.showInformationMessage(vscode.l10n.t('No message was blocked here.'));
    return;
  }
  const send = vscode.l10n.t('Send Anyway');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Send this message to the agent, although it was blocked?'),
    { modal: true, detail: `${blocked.item.text}\n\n${blocked.message}` },
    send,
  );
  if (answer !== send) return;
  await threads.sendAgain(view.threadId, blocked.item.messageId, 'anyway');
}

function lastBlocked({
  items,
}: ThreadView): { readonly item: RefusalItem; readonly message: string } | null {
  const item = items.findLast(({ kind }) => kind === 'refusal');
  if (item?.kind !== 'refusal') return null;
  const said = items.find(({ id }) => id === item.messageId);
  return { item, message: said?.kind === 'user' ? plainLine(said.text, LONGEST) : '' };
}
