import assert from 'node:assert/strict';
import {
  type Conversation,
  card,
  openConversation,
  say,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';

describe('flow 3: the editor is killed while an approval waits', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: { 'todo.md': '- one\n' } });
  });

  after(async () => {
    await conversation.close();
  });

  it('brings back the thread, the messages and the card, and applies exactly once', async () => {
    const { server, workbench } = conversation;
    const edit = { path: 'todo.md', old_text: '- one\n', new_text: '- one\n- two\n' };
    server.say({ text: 'I add a line.', ...call('replace_in_file', edit) });
    await say(await workbench.openChat(), 'Add two to the list');
    await workbench.editor.notification('Edit todo.md (+1 −0)');
    await workbench.killHard();
    await workbench.reopen();

    const notification = await workbench.editor.notification('Edit todo.md (+1 −0)');
    assert.match(await notification.text(), /waits for your approval, in “Add two to the list”/u);
    const chat = await workbench.openChat();
    await chat.getByText('Add two to the list').first().waitFor();
    await chat.getByText('I add a line.').first().waitFor();
    assert.equal(workbench.read('todo.md'), '- one\n');
    await workbench.screenshot('flow-3-back');

    server.say({ text: 'Two is on the list.' });
    await card(chat, 'Edit todo.md').getByTestId('approve').click();
    await chat.getByRole('log').getByText('Two is on the list.').waitFor();
    assert.equal(workbench.read('todo.md'), '- one\n- two\n');
    assert.equal(server.requests.length, 2);
    assert.equal(toolMessages(server.lastRequest).length, 1);
    assert.equal(server.left, 0);
  });

  it('has nothing to announce and the whole conversation after a proper restart', async () => {
    const { workbench } = conversation;
    await workbench.restart();
    const chat = await workbench.openChat();
    await chat.getByText('Two is on the list.').first().waitFor();
    assert.equal(await card(chat, 'Edit todo.md').getAttribute('data-state'), 'applied');
    assert.deepEqual(await workbench.editor.notifications(), []);
    assert.equal(workbench.read('todo.md'), '- one\n- two\n');
  });
});
