import assert from 'node:assert/strict';
import { type Conversation, card, openConversation, say } from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';

describe('two windows on one folder', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: { 'todo.md': '- one\n' } });
  });

  after(async () => {
    await conversation.close();
  });

  it('SC-05: the second one watches the thread, takes it over, and approves it there, once', async () => {
    const { server, workbench } = conversation;
    const edit = { path: 'todo.md', old_text: '- one\n', new_text: '- one\n- two\n' };
    server.say({ text: 'I add a line.', ...call('replace_in_file', edit) });
    const first = await workbench.openChat();
    await say(first, 'Add two to the list');
    await card(first, 'Edit todo.md').getByTestId('approve').waitFor();

    const window = await workbench.openSecondWindow();
    const second = await workbench.openChat(window.page);
    await second.getByText('I add a line.').first().waitFor();
    const notice = second.getByTestId('elsewhere');
    await notice.getByText('open in another window').waitFor();
    assert.ok(await second.getByTestId('composer').isDisabled());
    assert.ok(await card(second, 'Edit todo.md').getByTestId('approve').isDisabled());
    await window.page.screenshot({ path: 'test-results/two-windows-watching.png' });

    await notice.getByRole('button', { name: 'Continue Here' }).focus();
    await window.page.keyboard.press('Enter');
    await notice.waitFor({ state: 'detached' });
    await first.getByTestId('elsewhere').waitFor();
    await workbench.screenshot('two-windows-lost');
    assert.ok(await card(first, 'Edit todo.md').getByTestId('approve').isDisabled());

    server.say({ text: 'Two is on the list.' });
    await card(second, 'Edit todo.md').getByTestId('approve').click();
    await second.getByRole('log').getByText('Two is on the list.').waitFor();
    await first.getByRole('log').getByText('Two is on the list.').waitFor();
    assert.equal(workbench.read('todo.md'), '- one\n- two\n');
    assert.equal(server.requests.length, 2);

    // A window that is closed gives its threads back.
    await window.page.close();
  });
});
