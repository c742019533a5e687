import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import {
  type Conversation,
  card,
  openConversation,
  say,
  startAnew,
} from '../support/conversation.ts';
import type { ChatRequest } from '../support/model-server.ts';
import type { Reply, ToolCall } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

/** "Edit a.txt b.txt": proposes to write each name in capitals into its file. */
function scripted({ messages }: ChatRequest): Reply {
  const last = messages.at(-1);
  const [verb, ...paths] = String(last?.content).split(' ');
  if (last?.role !== 'user') return { text: 'As you wish.' };
  if (verb === 'Ask') {
    return { toolCalls: [{ name: 'request_clarification', args: { question: paths.join(' ') } }] };
  }
  const write = (path: string): ToolCall => ({
    name: 'write_file',
    args: { path, content: `${path.toUpperCase()}\n` },
  });
  return { toolCalls: paths.map(write) };
}

describe('the Approvals view', () => {
  let conversation: Conversation;

  before(async () => {
    const names = ['a.txt', 'b.txt', 'src/c.txt', 'd.txt', 'e.txt', 'f.txt'];
    const files = Object.fromEntries(names.map((name) => [name, `${name}\n`]));
    conversation = await openConversation({ files });
    conversation.server.respond(scripted);
  });

  after(async () => {
    await conversation.close();
  });

  const page = () => conversation.workbench.page;
  const press = (key: string) => page().keyboard.press(key);
  const pane = () =>
    page().locator('.pane', { has: page().locator('.pane-header', { hasText: 'Approvals' }) });
  const rows = () => pane().locator('.monaco-list-row');
  const row = (label: string): Locator => rows().filter({ hasText: label });
  const focused = () => pane().locator('.monaco-list-row.focused');

  async function badge(): Promise<string> {
    const item = page()
      .locator('.activitybar .action-item')
      .filter({
        has: page().locator('a.action-label[aria-label^="Countersign"]'),
      });
    const content = item.locator('.badge-content');
    return (await content.count()) === 0 ? '' : content.innerText();
  }

  const status = () => page().locator('.statusbar-item[id$="countersign"]').innerText();

  /** Waits until so many are said to wait, everywhere. */
  async function waits(count: number): Promise<void> {
    const words = count === 1 ? '1 approval' : `${count} approvals`;
    await until(`${words} in badge and status`, async () => {
      const counted = (await badge()) === (count === 0 ? '' : String(count));
      const said = (await status()).trim();
      return counted && (count === 0 ? !said.includes('approval') : said === words);
    });
  }

  async function ask(...messages: string[]): Promise<void> {
    for (const words of messages) {
      const chat = await startAnew(conversation);
      await say(chat, words);
      await chat.locator('[data-item-id][data-kind="tool"]').first().waitFor();
    }
  }

  async function focusTree(): Promise<void> {
    await conversation.workbench.editor.runCommand('Countersign: Focus on Approvals');
    await rows().first().waitFor();
    await press('Home');
    await focused().waitFor();
  }

  /** Goes down to a row by the keyboard. */
  async function goTo(label: string): Promise<void> {
    await press('Home');
    await until(`the focus on ${label}`, async () => {
      if ((await focused().innerText()).includes(label)) return true;
      await press('ArrowDown');
      return false;
    });
  }

  it('counts what waits in three threads before it was ever opened', async () => {
    await ask('Edit a.txt', 'Edit b.txt', 'Edit src/c.txt');
    await waits(3);
    assert.equal(await rows().count(), 0);
    await conversation.workbench.screenshot('approvals-collapsed');
  });

  it('is decided by keyboard alone, in another order than asked, and inert elsewhere', async () => {
    const { workbench } = conversation;
    await focusTree();
    await until('all rows', async () => (await rows().count()) === 3);
    await workbench.screenshot('approvals-tree');
    await goTo('b.txt');
    await press('Control+Enter');
    await until('the edit of b.txt', () => workbench.read('b.txt') === 'B.TXT\n');
    await waits(2);
    await row('b.txt').waitFor({ state: 'detached' });
    assert.equal(workbench.read('a.txt'), 'a.txt\n');

    await goTo('c.txt');
    await press('Alt+Backspace');
    await page().getByText('Why? The agent reads the reason').waitFor();
    await workbench.editor.answer('Not that one');
    await waits(1);

    await focusTree();
    await goTo('a.txt');
    await press('Enter');
    await workbench.editor.tab('a.txt (proposed)').waitFor();
    await workbench.editor.editorAction('Approve').waitFor();
    await press('Control+Enter');
    await until('the edit of a.txt', () => workbench.read('a.txt') === 'A.TXT\n');
    await waits(0);
    await until('no row', async () => (await rows().count()) === 0);
    await pane().getByText('No approval is waiting.').waitFor();
    await workbench.screenshot('approvals-none');
  });
});
