import type { Locator } from 'playwright-core';
import { type Conversation, say } from './conversation.ts';
import { THEMES } from './themes.ts';
import { until } from './until.ts';

/** A plan as a user has it before them: in the chat, and as a document. */
export class PlanHands {
  readonly #conversation: Conversation;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** A button below the plan in the chat. */
  button(name: string): Locator {
    return this.notice.getByRole('button', { name });
  }

  get notice(): Locator {
    return this.#conversation.workbench.chat.getByTestId('plan');
  }

  get document(): Locator {
    return this.#conversation.workbench.page.locator('.editor-instance .monaco-editor');
  }

  get comments(): Locator {
    return this.#conversation.workbench.page.locator('.review-widget .comment-body');
  }

  /** The words with which the agent was last sent to work. */
  get order(): string {
    const { messages } = this.#conversation.server.lastRequest;
    return String(messages.findLast(({ role }) => role === 'user')?.content);
  }

  /** Chooses the mode by its key, and has a plan made. */
  async make(words: string, text: string): Promise<void> {
    const { server, workbench } = this.#conversation;
    const { chat, page } = workbench;
    await chat.getByTestId('composer').click();
    for (const mode of ['ask', 'plan']) {
      await page.keyboard.press('Control+.');
      await until(mode, async () => (await chat.getByTestId('mode').inputValue()) === mode);
    }
    server.say({ text });
    await say(chat, words);
    await this.notice.waitFor();
  }

  /** Waits until the plan of this thread is the document in front. */
  async opened(words: string): Promise<void> {
    const { editor, page } = this.#conversation.workbench;
    await editor.tab(`Plan of ${words}.md`).and(page.locator('.active')).waitFor();
  }

  /** Presses until it is taken: what is typed and not in the chat yet is not carried out unseen. */
  async carryOut(): Promise<void> {
    const { requests } = this.#conversation.server;
    const { length } = requests;
    await until('the plan to be carried out', async () => {
      if (requests.length > length) return true;
      await this.button('Carry Out')
        .click({ timeout: 2000 })
        .catch(() => undefined);
      return false;
    });
  }

  /** Takes a picture in each theme. */
  async lookAt(): Promise<void> {
    const { workbench } = this.#conversation;
    for (const [name, theme] of Object.entries(THEMES)) {
      this.#conversation.configure({ 'workbench.colorTheme': theme });
      await workbench.chat.locator(`body.vscode-${name}`).waitFor();
      await workbench.screenshot(`plan-document-${name}`);
    }
  }

  async kept(): Promise<void> {
    const dirty = this.#conversation.workbench.page.locator('.tabs-container .tab.dirty');
    await until('the plan to be kept', async () => (await dirty.count()) === 0);
  }
}
