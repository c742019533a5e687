import type { FrameLocator, Locator } from 'playwright-core';
import { type ChatMessage, type ChatRequest, ModelServer } from './model-server.ts';
import { until } from './until.ts';
import { type Workbench, type WorkbenchOptions, openWorkbench } from './workbench.ts';

/** A real editor whose agent talks to a scripted model server. */
export interface Conversation {
  readonly server: ModelServer;
  readonly workbench: Workbench;
  close(): Promise<void>;
}

export async function openConversation(options: WorkbenchOptions = {}): Promise<Conversation> {
  const server = await ModelServer.start();
  const settings = {
    'countersign.baseUrl': server.baseUrl,
    'countersign.model': 'scripted',
    ...options.settings,
  };
  const workbench = await openWorkbench({ ...options, settings });
  return {
    server,
    workbench,
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

/** Opens the box for the reason. A card that has just moved ignores the pointer: a user clicks again. */
export async function startRejecting(proposal: Locator): Promise<Locator> {
  const reason = proposal.getByTestId('reason');
  await until('the box for the reason', async () => {
    await proposal.getByTestId('reject').click();
    return reason.isVisible();
  });
  return reason;
}

/** Approves a card, once it has stood still: one that has just moved ignores the pointer. */
export async function approve(proposal: Locator): Promise<void> {
  const button = proposal.getByTestId('approve');
  await until('the approval to be taken', async () => {
    if ((await proposal.getAttribute('data-armed')) !== 'true') return false;
    await button.click({ timeout: 2000 });
    await button.waitFor({ state: 'detached', timeout: 1000 });
    return true;
  });
}

export function toolMessages(request: ChatRequest): readonly ChatMessage[] {
  return request.messages.filter(({ role }) => role === 'tool');
}
