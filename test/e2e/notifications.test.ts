import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import {
  type Conversation,
  approve,
  card,
  leaveChat,
  openConversation,
  say,
  startAnew,
} from '../support/conversation.ts';
import { type ToolCall } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const write = (path: string): ToolCall => ({
  name: 'write_file',
  args: { path, content: `${path}\n` },
});
const LINKED = '$(check) Approved [here](command:workbench.action.closeWindow).md';
const FAR = `${'deep/'.repeat(30)}end.md`;

describe('notifications', () => {
  let conversation: Conversation;
  let chat: FrameLocator;

  before(async () => {
    conversation = await openConversation({
      settings: { 'countersign.notifications.editor': 'unlessInView' },
    });
  });

  beforeEach(async () => {
    chat = await startAnew(conversation);
    await look(true);
  });

  after(async () => {
    await conversation.close();
  });

  /** Gives the window the focus, or takes it away, as far as the workbench can tell. */
  async function look(hasFocus: boolean): Promise<void> {
    const event = hasFocus ? 'focus' : 'blur';
    await conversation.workbench.page.evaluate(
      `document.hasFocus = () => ${String(hasFocus)}; window.dispatchEvent(new Event('${event}'))`,
    );
  }

  /** Has the agent propose to write files; afterwards it says "Done". */
  async function ask(words: string, ...paths: string[]): Promise<void> {
    conversation.server.say({ toolCalls: paths.map(write) }, { text: `${words}: done` });
    await say(chat, words);
  }

  const done = (words: string): Promise<void> =>
    chat.getByRole('log').getByText(`${words}: done`).waitFor();
  const written = (path: string) =>
    until(`${path} to be written`, () => conversation.workbench.read(path) === `${path}\n`);

  /** The messages that the editor has, whether they show or not. */
  async function kept(): Promise<readonly string[]> {
    const { editor, page } = conversation.workbench;
    await editor.runCommand('Notifications: Show Notifications');
    const center = page.locator('.notifications-center.visible');
    await center.waitFor();
    const messages = await center.locator('.notification-list-item-message').allInnerTexts();
    await page.keyboard.press('Escape');
    await center.waitFor({ state: 'detached' });
    return messages;
  }

  it('is not there for what is before the eyes, and is as soon as nobody looks', async () => {
    await ask('Seen', 'seen.md');
    await approve(card(chat, 'Write seen.md'));
    await done('Seen');
    await look(false);
    await ask('Unseen', 'unseen.md');
    const { editor } = conversation.workbench;
    const { item } = await editor.notification('Write unseen.md (+1 −0) waits');
    assert.deepEqual(await item.locator('.monaco-button').allInnerTexts(), [
      'Review',
      'Approve',
      'Reject…',
    ]);
    await conversation.workbench.screenshot('notification-one');
    await look(true);
    assert.ok(!(await kept()).some((text) => text.includes('seen.md') && !text.includes('unseen')));
    await approve(card(chat, 'Write unseen.md'));
    await done('Unseen');
  });

  it('is one for several, names them, and leads to all', async () => {
    const { workbench } = conversation;
    await look(false);
    await ask('Four files', 'one.md', 'two.md', 'three.md', 'four.md');
    await leaveChat(conversation.workbench);
    const digest = await workbench.editor.notification('4 approvals wait for you');
    assert.equal(
      await digest.text(),
      '4 approvals wait for you, in “Four files”: Write one.md · Write two.md · Write three.md · 1 more',
    );
    await workbench.screenshot('notification-digest');
    await digest.press('Review');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await until('all four', async () => (await rows.count()) === 4);
    await workbench.page.keyboard.press('Escape');
  });

  it('is inert once it is answered in the chat, and says so kindly', async () => {
    const { editor } = conversation.workbench;
    await look(false);
    await ask('Twice', 'twice.md');
    const notification = await editor.notification('Write twice.md');
    await approve(card(chat, 'Write twice.md'));
    await done('Twice');
    await notification.press('Reject…');
    await editor.notification('Write twice.md: already approved. There is nothing left to decide.');
    await written('twice.md');
  });

  it('leaves few behind, however many are answered elsewhere, and still calls', async () => {
    const { workbench } = conversation;
    const ours = (texts: readonly string[]): readonly string[] =>
      texts.filter((text) => text.includes('for you'));
    await look(false);
    for (const number of [1, 2, 3, 4, 5, 6, 7]) {
      const path = `many-${number}.md`;
      await ask(`Many ${number}`, path);
      const text = number <= 3 ? `Write ${path}` : 'More approvals wait for you';
      const toasts = workbench.page.locator('.notifications-toasts');
      await toasts.getByText(text).first().waitFor();
      await approve(card(chat, `Write ${path}`));
      await done(`Many ${number}`);
      // Looked at behind the bell, none shows any more: the next one is new.
      await kept();
      await toasts.getByText(text).first().waitFor({ state: 'detached' });
    }
    await workbench.screenshot('notifications-many');
    await look(true);
    const texts = await kept();
    assert.equal(
      ours(texts).filter((text) => text.startsWith('Write')).length,
      3,
      texts.join('\n'),
    );
    assert.equal(ours(texts).length, 4);
  });

  it('UI-19: has no icon and no link of the agent’s making, and both ends of a long path', async () => {
    const { workbench } = conversation;
    await look(false);
    await ask('$(check) [here](command:x)', LINKED);
    const { item } = await workbench.editor.notification('Approved [here]');
    assert.equal(await item.locator('.notification-list-item-message a').count(), 0);
    assert.equal(await item.locator('.notification-list-item-message .codicon').count(), 0);
    await workbench.screenshot('notification-injected');
    await startAnew(conversation);
    await ask('Far away', LINKED, FAR);
    await leaveChat(conversation.workbench);
    const digest = await workbench.editor.notification('2 approvals wait for you, in “Far away”');
    assert.match(await digest.text(), /Write deep\/.*….*\/end\.md/u);
    await digest.press('Review');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'here' });
    const row = rows.first();
    await row.waitFor();
    // The one icon says what it is.
    assert.equal(await row.locator('.label-name .codicon, .monaco-icon-label .codicon').count(), 1);
    await workbench.screenshot('pending-injected');
    await workbench.page.keyboard.press('Escape');
  });

  it('is answered by the keyboard alone, while the panel’s page is made anew', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    const { keyboard } = page;
    await look(false);
    await ask('Keys', 'keys.md');
    await leaveChat(conversation.workbench);
    await editor.runCommand('Developer: Reload Webviews');
    const toast = page.locator('.notifications-toasts .notification-list-item', {
      hasText: 'Write keys.md',
    });
    await toast.waitFor();
    await editor.runCommand('Notifications: Focus Notification Toast');
    await tabTo(toast.locator('.monaco-button', { hasText: 'Approve' }));
    await keyboard.press('Enter');
    await written('keys.md');
  });

  async function tabTo(button: Locator): Promise<void> {
    const { page } = conversation.workbench;
    await until('the button to have the focus', async () => {
      if ((await button.and(page.locator(':focus')).count()) > 0) return true;
      await page.keyboard.press('Tab');
      return false;
    });
  }

  it('tells that a run is done or has failed, if nobody looks, and leads there', async () => {
    const { server, workbench } = conversation;
    const { editor } = workbench;
    const released = Promise.withResolvers<undefined>();
    server.say({ text: 'Long words', pause: released.promise });
    await say(chat, 'Think long');
    await chat.getByRole('log').getByText('Long').first().waitFor();
    await look(false);
    await leaveChat(conversation.workbench);
    released.resolve(undefined);
    await (await editor.notification('Done: Think long')).press('Show');
    await chat.getByRole('log').getByText('Long words').waitFor();
  });

  it('can be tried, each way by itself', async () => {
    const { editor } = conversation.workbench;
    await editor.runCommand('Countersign: Test Editor Notification');
    await editor.notification('This is how the editor tells you');
    await editor.runCommand('Countersign: Test System Notification');
    await editor.notification(
      'The system showed no notification. Countersign runs on another machine than your screen',
    );
    await chat.getByTestId('composer').click();
    await editor.runCommand('Countersign: Test Sound');
    await editor.notification('The sound was played.');
  });

  it('announces what waits once after a restart, and its buttons work', async () => {
    const { server, workbench } = conversation;
    await ask('First', 'first.md');
    await card(chat, 'Write first.md').getByTestId('approve').waitFor();
    await workbench.restart();
    const digest = await workbench.editor.notification('approvals wait for you');
    const text = await digest.text();
    await workbench.screenshot('notification-restart');
    const announced = (await kept()).filter((text) => text.includes('wait'));
    assert.deepEqual(announced, [text]);
    assert.match(text, /Write first\.md/u);
    assert.equal(server.left, 1);
    await (await workbench.editor.notification(text)).press('Review');
    await workbench.editor.pick('Write first.md');
    await workbench.editor.tab('first.md (proposed)').waitFor();
    await workbench.editor.editorAction('Approve').click();
    await written('first.md');
  });
});
