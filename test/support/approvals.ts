import type { Locator, Page } from 'playwright-core';
import { type Conversation, say, startAnew } from './conversation.ts';
import type { Reply, ToolCall } from './model-chunks.ts';
import type { ChatRequest } from './model-server.ts';
import { until } from './until.ts';

/** "Edit a.txt b.txt": proposes to write each name in capitals into its file. */
export function editEach({ messages }: ChatRequest): Reply {
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

/** The Approvals view as a user handles it by keyboard, and what counts its rows elsewhere. */
export class ApprovalsView {
  readonly #conversation: Conversation;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** Another one after a restart. */
  get #page(): Page {
    return this.#conversation.workbench.page;
  }

  pane(): Locator {
    const header = this.#page.locator('.pane-header', { hasText: 'Approvals' });
    return this.#page.locator('.pane', { has: header });
  }

  rows(): Locator {
    return this.pane().locator('.monaco-list-row');
  }

  row(label: string): Locator {
    return this.rows().filter({ hasText: label });
  }

  focused(): Locator {
    return this.pane().locator('.monaco-list-row.focused');
  }

  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key);
  }

  /** What the icon in the activity bar counts; '' without a badge. */
  async badge(): Promise<string> {
    const item = this.#page.locator('.activitybar .action-item').filter({
      has: this.#page.locator('a.action-label[aria-label^="Countersign"]'),
    });
    const content = item.locator('.badge-content');
    return (await content.count()) === 0 ? '' : content.innerText();
  }

  /** Waits until badge and status bar say that so many wait. */
  async waits(count: number): Promise<void> {
    const words = count === 1 ? '1 approval' : `${count} approvals`;
    const status = this.#page.locator('.statusbar-item[id$="countersign"]');
    await until(`${words} in badge and status`, async () => {
      if ((await this.badge()) !== (count === 0 ? '' : String(count))) return false;
      const said = (await status.innerText()).trim();
      return count === 0 ? !said.includes('approval') : said === words;
    });
  }

  /** Says each message in a thread of its own, and waits for its first proposal. */
  async ask(...messages: string[]): Promise<void> {
    for (const words of messages) {
      const chat = await startAnew(this.#conversation);
      await say(chat, words);
      await chat.locator('[data-item-id][data-kind="tool"]').first().waitFor();
    }
  }

  /** Goes to the first row. */
  async focus(): Promise<void> {
    await this.press('Control+k');
    await this.press('Control+a');
    await this.pane().locator('.monaco-list:focus').waitFor();
    await this.rows().first().waitFor();
    await this.press('Home');
    await this.focused().waitFor();
  }

  /** Goes down to a row. */
  async goTo(label: string): Promise<void> {
    await this.press('Home');
    await until(`the focus on ${label}`, async () => {
      if ((await this.focused().innerText()).includes(label)) return true;
      await this.press('ArrowDown');
      return false;
    });
  }
}
