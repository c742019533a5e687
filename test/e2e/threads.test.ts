import assert from 'node:assert/strict';
import { type Conversation, card, openConversation, say } from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

describe('threads', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: { 'a.txt': 'a\n' } });
  });

  after(async () => {
    await conversation.close();
  });

  it('several run at once; each keeps its messages, its draft and its pending card', async () => {
    const { server, workbench } = conversation;
    const gate = Promise.withResolvers<undefined>();
    const edit = { path: 'a.txt', old_text: 'a', new_text: 'A' };
    server.respond(({ messages }) => {
      const last = String(messages.at(-1)?.content);
      if (last.includes('slowly')) return { text: 'One two three four', pause: gate.promise };
      return last.includes('Edit') ? call('replace_in_file', edit) : { text: 'As you wish.' };
    });
    const chat = await workbench.openChat();
    await say(chat, 'Count slowly');
    await chat.getByTestId('stop').waitFor();
    await chat.getByTestId('composer').fill('a draft of the first');

    await workbench.editor.runCommand('Countersign: New Thread');
    await chat.getByText('Nothing changes until you countersign').first().waitFor();
    assert.equal(await chat.getByTestId('composer').inputValue(), '');
    await say(chat, 'Edit a.txt');
    await card(chat, 'Edit a.txt').getByTestId('approve').waitFor();

    await workbench.editor.runCommand('Countersign: Show Threads');
    await workbench.screenshot('threads-history');
    await workbench.editor.pick('Count slowly');
    await until('the draft of the first thread', async () => {
      return (await chat.getByTestId('composer').inputValue()) === 'a draft of the first';
    });
    assert.equal(await card(chat, 'Edit a.txt').count(), 0);
    gate.resolve(undefined);
    await chat.getByRole('log').getByText('One two three four').waitFor();
    assert.equal(workbench.read('a.txt'), 'a\n');
  });

  it('are shown in a view of their own, renamed, deleted and brought back', async () => {
    const { workbench } = conversation;
    const { page, editor } = workbench;
    const chat = await workbench.openChat();
    await page.locator('.pane-header', { hasText: 'Threads' }).click();
    const row = (title: string) =>
      page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row', { hasText: title });
    await row('Count slowly').waitFor();
    await row('Edit a.txt').waitFor();
    await workbench.screenshot('threads-view');

    await row('Count slowly').hover();
    await row('Count slowly').getByRole('button', { name: 'Rename Thread' }).click();
    await editor.answer('Counting');
    await row('Counting').waitFor();

    await row('Counting').hover();
    await row('Counting').getByRole('button', { name: 'Delete Thread' }).click();
    await row('Counting').waitFor({ state: 'detached' });
    await (await editor.notification('The thread “Counting” is deleted')).press('Undo');
    await row('Counting').waitFor();

    await row('Edit a.txt').click();
    await card(chat, 'Edit a.txt').getByTestId('approve').click();
    await until('the edit', () => workbench.read('a.txt') === 'A\n');
  });

  it('are listed first once they are pinned; how much is stored for each is shown', async () => {
    const { workbench } = conversation;
    const { page, editor } = workbench;
    const rows = page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row');
    const first = rows.and(page.locator('[data-index="0"]'));
    const row = (title: string) => rows.filter({ hasText: title });
    await first.filter({ hasText: 'Edit a.txt' }).waitFor();
    await row('Counting').hover();
    await row('Counting').getByRole('button', { name: 'Pin Thread' }).click();
    await first.filter({ hasText: 'Counting' }).waitFor();

    await editor.runCommand('Countersign: Show Storage Used');
    const listed = page.locator('.quick-input-list .monaco-list-row');
    await listed.filter({ hasText: 'In total: ' }).waitFor();
    await listed.filter({ hasText: /Counting[\d.]+ (?:kB|byte)/u }).waitFor();
    await workbench.screenshot('storage');
    await listed.filter({ hasText: 'Counting' }).hover();
    await listed.filter({ hasText: 'Counting' }).getByRole('button', { name: 'Unpin' }).click();
    await first.filter({ hasText: 'Edit a.txt' }).waitFor();
    await editor.pick('Counting');
    const chat = await workbench.openChat();
    await chat.getByRole('log').getByText('One two three four').waitFor();
    await row('Edit a.txt').click();
    await card(chat, 'Edit a.txt').waitFor();
  });

  it('come back as they were after the view was hidden and after a reload', async () => {
    const { workbench } = conversation;
    let chat = await workbench.openChat();
    await chat.getByRole('log').getByText('As you wish.').waitFor();
    await chat.getByTestId('composer').fill('half a thought');
    await workbench.page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    await workbench.page.locator('.explorer-folders-view').waitFor();
    chat = await workbench.openChat();
    await until('the draft', async () => {
      return (await chat.getByTestId('composer').inputValue()) === 'half a thought';
    });
    await workbench.editor.runCommand('Developer: Reload Window');
    await workbench.page.locator('.monaco-workbench').waitFor({ state: 'detached' });
    chat = await workbench.openChat();
    await chat.getByRole('log').getByText('As you wish.').waitFor();
    await until('the draft after the reload', async () => {
      return (await chat.getByTestId('composer').inputValue()) === 'half a thought';
    });
  });

  it('survive a move to the secondary side bar', async () => {
    const { workbench } = conversation;
    const chat = await workbench.openChat();
    await chat.getByRole('log').getByText('As you wish.').waitFor();
    await workbench.editor.runCommand('View: Move View');
    await workbench.editor.pick('Chat');
    await workbench.editor.pick('New Secondary Side Bar Entry');
    const sideBar = workbench.page.locator('.part.auxiliarybar');
    await sideBar.getByRole('tab', { name: 'Countersign' }).waitFor();
    await chat.getByRole('log').getByText('As you wish.').waitFor();
    await until('the draft', async () => {
      return (await chat.getByTestId('composer').inputValue()) === 'half a thought';
    });
    await workbench.screenshot('threads-secondary-side-bar');
  });
});
