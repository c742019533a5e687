import assert from 'node:assert/strict';
import {
  type Conversation,
  card,
  openConversation,
  say,
  startRejecting,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const replace = (path: string, from: string, to: string): Record<string, string> => ({
  path,
  old_text: from,
  new_text: to,
});

describe('flow 4: stale proposals, and siblings in the opposite order', () => {
  let conversation: Conversation;

  before(async () => {
    const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'config.ini': 'level = 1\n' };
    conversation = await openConversation({ files });
  });

  after(async () => {
    await conversation.close();
  });

  it('keeps the bytes that the user wrote after the preview, and tells the model', async () => {
    const { server, workbench } = conversation;
    server.say(call('replace_in_file', replace('config.ini', '1', '2')), { text: 'I see.' });
    const chat = await workbench.openChat();
    await say(chat, 'Raise the level');
    await card(chat, 'Edit config.ini').getByTestId('approve').waitFor();
    workbench.write({ 'config.ini': 'level = 1\nmine = yes\n' });
    await card(chat, 'Edit config.ini').getByTestId('approve').click();
    await chat.getByRole('log').getByText('I see.').waitFor();
    assert.equal(workbench.read('config.ini'), 'level = 1\nmine = yes\n');
    assert.equal(await card(chat, 'Edit config.ini').getAttribute('data-state'), 'stale');
    const told = String(toolMessages(server.lastRequest).at(-1)?.content);
    assert.match(told, /^Refused as stale: config\.ini changed after the proposal was made/u);
    await workbench.screenshot('flow-4-stale');
  });

  it('does not overwrite what is typed but not saved', async () => {
    const { server, workbench } = conversation;
    server.say(call('replace_in_file', replace('config.ini', '1', '3')), { text: 'Later, then.' });
    const chat = await workbench.openChat();
    await say(chat, 'Raise it to three');
    await card(chat, 'Edit config.ini').getByTestId('approve').waitFor();
    await workbench.editor.openFile('config.ini');
    await workbench.page.locator('.editor-instance .view-line').first().click();
    await workbench.page.keyboard.type('# typed ');
    await card(chat, 'Edit config.ini').last().getByTestId('approve').click();
    await chat.getByRole('log').getByText('Later, then.').waitFor();
    assert.equal(workbench.read('config.ini'), 'level = 1\nmine = yes\n');
    assert.match(String(toolMessages(server.lastRequest).at(-1)?.content), /unsaved changes/u);
  });

  it('decides two calls of one reply in the opposite order, each applied at once', async () => {
    const { server, workbench } = conversation;
    server.say({
      toolCalls: [
        { name: 'replace_in_file', args: replace('a.txt', 'a', 'A') },
        { name: 'replace_in_file', args: replace('b.txt', 'b', 'B') },
      ],
    });
    server.say({ text: 'Only the second one.' });
    const chat = await workbench.openChat();
    await say(chat, 'Both in capitals');
    await workbench.editor.notification('2 approvals wait for you');
    await card(chat, 'Edit b.txt').getByTestId('approve').click();
    await until('b.txt to be written', () => workbench.read('b.txt') === 'B\n');
    assert.equal(workbench.read('a.txt'), 'a\n');
    const before = server.requests.length;
    await (await startRejecting(card(chat, 'Edit a.txt'))).press('Enter');
    await chat.getByRole('log').getByText('Only the second one.').waitFor();
    assert.equal(server.requests.length, before + 1);
    const told = toolMessages(server.lastRequest).slice(-2);
    assert.match(String(told[0]?.content), /^Rejected by the user, without a reason/u);
    assert.match(String(told[1]?.content), /^Applied/u);
    assert.equal(workbench.read('a.txt'), 'a\n');
    await workbench.screenshot('flow-4-siblings');
  });
});
