import type { FrameLocator, Locator } from 'playwright-core';
import { type ChatMessage, type ChatRequest, ModelServer } from './model-server.ts';
import { until } from './until.ts';
import { type Workbench, type WorkbenchOptions, openWorkbench } from './workbench.ts';

/** A real editor whose agent talks to a scripted model server. */
export interface Conversation {
  readonly server: ModelServer;
  readonly workbench: Workbench;
  /** Makes the settings those that it was opened with, and these. */
  readonly configure: (settings: Readonly<Record<string, unknown>>) => void;
  close(): Promise<void>;
}

export async function openConversation(options: WorkbenchOptions = {}): Promise<Conversation> {
  const server = await ModelServer.start();
  const settings = {
    'countersign.baseUrl': server.baseUrl,
    'countersign.model': 'scripted',
    // The chat is open all the time, and what is under test comes from somewhere else.
    'countersign.notifications.editor': 'always',
    ...options.settings,
  };
  const workbench = await openWorkbench({ ...options, settings }).catch(async (error: unknown) => {
    // It would keep the process of the tests from ending.
    await server.close();
    throw error;
  });
  return {
    server,
    workbench,
    configure(others) {
      workbench.configure({ ...settings, ...others });
    },
    async close() {
      await workbench.close();
      await server.close();
    },
  };
}

/** Types a message and sends it with Enter, as a user does. */
export async function say(chat: FrameLocator, text: string): Promise<void> {
  await chat.getByTestId('composer').fill(text);
  await chat.getByTestId('composer').press('Enter');
}

/** The card of one tool call, by its title. */
export function card(chat: FrameLocator, title: string): Locator {
  return chat.locator('[data-item-id][data-kind="tool"]').filter({ hasText: title });
}

/** How long a card must stand still before a pointer is heeded, and a little more, in milliseconds. */
const STILL = 700;

/**
 * Presses a button of a card that decides something, as a user does who sees it stand still: until
 * then it ignores the pointer.
 */
export async function press(proposal: Locator, testId: string): Promise<void> {
  const button = proposal.getByTestId(testId);
  await button.scrollIntoViewIfNeeded();
  let since = Date.now();
  await until(`${testId} to stand still`, async () => {
    if ((await proposal.getAttribute('data-armed')) !== 'true') since = Date.now();
    return Date.now() - since > STILL;
  });
  await button.click();
}

export async function approve(proposal: Locator): Promise<void> {
  await press(proposal, 'approve');
}

/** Opens the box for the reason. */
export async function startRejecting(proposal: Locator): Promise<Locator> {
  await press(proposal, 'reject');
  const reason = proposal.getByTestId('reason');
  await reason.waitFor();
  return reason;
}

/** Shows a new thread, with nothing left of the last one. */
export async function startAnew({ server, workbench }: Conversation): Promise<FrameLocator> {
  server.forget();
  const chat = await workbench.openChat();
  const empty = chat.getByTestId('found');
  // In an editor that was just opened, there is nothing to clear away.
  if ((await empty.count()) > 0) return chat;
  await workbench.editor.runCommand('Notifications: Clear All Notifications');
  await workbench.editor.runCommand('Countersign: New Thread');
  await empty.waitFor();
  // The command puts the focus there in the end; what is typed elsewhere before would go there.
  await chat.locator('[data-testid="composer"]:focus').waitFor();
  return chat;
}

/** Shows the Explorer in the place of the chat. */
export async function leaveChat({ page }: Workbench): Promise<void> {
  await page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
  await page.locator('.explorer-folders-view').waitFor();
}

export function toolMessages(request: ChatRequest): readonly ChatMessage[] {
  return request.messages.filter(({ role }) => role === 'tool');
}
