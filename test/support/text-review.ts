import { type Conversation, card, say } from './conversation.ts';
import { hideSideBar, lenses } from './file-preview.ts';
import type { Reply } from './model-chunks.ts';
import { until } from './until.ts';
import type { Workbench } from './workbench.ts';

/** Has the agent ask for something, and reads it as text with the side bar closed. */
export async function readAsText(
  { server, workbench }: Conversation,
  words: string,
  title: string,
  ...replies: Reply[]
): Promise<void> {
  server.say(...replies);
  // The tab of another one says the same.
  if ((await workbench.editor.tab('Review of').count()) > 0) {
    await workbench.editor.runCommand('View: Close All Editors');
  }
  const chat = await workbench.openChat();
  await say(chat, words);
  await card(chat, title).locator('button').first().waitFor();
  await openAsText(workbench);
}

/** Opens the only proposal that waits as text. */
export async function openAsText(workbench: Workbench): Promise<void> {
  await hideSideBar(workbench);
  await workbench.editor.runCommand('Countersign: Review as Plain Text');
  await workbench.editor.tab('Review of').waitFor();
  await workbench.page.locator('.editor-instance .monaco-editor.focused').waitFor();
  // Before that, the editor knows neither what it shows nor what its keys do.
  await until('its lenses', async () => (await lenses(workbench.page)).length > 0);
}

/** Waits for a line of an editor that is exactly this, and in sight. */
export async function lineOf({ page }: Workbench, text: string): Promise<void> {
  const form = text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&').replaceAll(' ', '\\s');
  await page
    .locator('.editor-instance .view-line', { hasText: new RegExp(`^${form}$`, 'u') })
    .first()
    .waitFor();
}
