import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import {
  type Conversation,
  card,
  openConversation,
  say,
  startRejecting,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';

const APP = 'export function greet(name: string): string {\n  return `Hello ${name}`;\n}\n';
const EDITED = APP.replace('Hello', 'Good morning');
const edit = { path: 'src/app.ts', old_text: 'Hello', new_text: 'Good morning' };

describe('flows 1 and 2: an edit is approved, another one rejected', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: { 'src/app.ts': APP } });
  });

  after(async () => {
    await conversation.close();
  });

  it('flow 1: asks, shows the diff, writes exactly the proposal, tells the model', async () => {
    const { server, workbench } = conversation;
    server.say({ text: 'I will change the greeting.', ...call('replace_in_file', edit) });
    server.say({ text: 'The greeting is friendlier **now**.' });
    const chat = await workbench.openChat();
    await say(chat, 'Make the greeting friendlier');

    const notification = await workbench.editor.notification('Edit src/app.ts (+1 −1)');
    await card(chat, 'Edit src/app.ts').getByTestId('approve').waitFor();
    assert.equal(workbench.read('src/app.ts'), APP);
    await notification.press('Review');
    await workbench.editor.tab('src/app.ts (proposed)').waitFor();
    await workbench.page
      .locator('.monaco-diff-editor .view-line', { hasText: 'morning' })
      .waitFor();
    await workbench.screenshot('flow-1-diff');
    assert.equal(workbench.read('src/app.ts'), APP);

    await card(chat, 'Edit src/app.ts').getByTestId('approve').click();
    await chat.getByRole('log').getByText('The greeting is friendlier now.').waitFor();
    assert.equal(workbench.read('src/app.ts'), EDITED);
    assert.deepEqual(readdirSync(`${workbench.folder}/src`), ['app.ts']);
    assert.equal(server.requests.length, 2);
    const told = toolMessages(server.lastRequest);
    assert.equal(told.length, 1);
    assert.match(String(told[0]?.content), /^Applied\. The user approved/u);
    assert.equal(told[0]?.tool_call_id, 'call_1_1');
    await workbench.editor.tab('src/app.ts (proposed)').waitFor({ state: 'detached' });
    await workbench.screenshot('flow-1-done');
  });

  it('flow 2: a rejection with a reason leaves nothing behind and reaches the model', async () => {
    const { server, workbench } = conversation;
    server.say(call('write_file', { path: 'docs/new/notes.md', content: '# Notes\n' }));
    server.say({ text: 'I leave it, then.' });
    const chat = await workbench.openChat();
    await say(chat, 'Write some notes');

    const reason = await startRejecting(card(chat, 'Write docs/new/notes.md'));
    await reason.fill('We keep no notes in this project');
    await workbench.screenshot('flow-2-reason');
    await reason.press('Enter');
    await chat.getByRole('log').getByText('I leave it, then.').waitFor();
    assert.deepEqual(readdirSync(workbench.folder), ['src']);
    const told = toolMessages(server.lastRequest).at(-1);
    assert.match(String(told?.content), /Rejected by the user.*We keep no notes/su);
    await workbench.screenshot('flow-2-done');
  });

  it('rejects from the notification, where the reason is asked in the editor', async () => {
    const { server, workbench } = conversation;
    server.say(call('write_file', { path: 'a.md', content: 'a\n' }), { text: 'Fine by me.' });
    const chat = await workbench.openChat();
    await say(chat, 'Write a.md');
    await (await workbench.editor.notification('Write a.md')).press('Reject…');
    await workbench.editor.answer('Not this one');
    await chat.getByRole('log').getByText('Fine by me.').waitFor();
    assert.match(String(toolMessages(server.lastRequest).at(-1)?.content), /Not this one/u);
    assert.deepEqual(readdirSync(workbench.folder), ['src']);
  });

  it('approves from the notification, and a second answer there is refused politely', async () => {
    const { server, workbench } = conversation;
    server.say(call('write_file', { path: 'b.md', content: 'b\n' }), { text: 'There it is.' });
    const chat = await workbench.openChat();
    await say(chat, 'Write b.md');
    const notification = await workbench.editor.notification('Write b.md');
    await card(chat, 'Write b.md').getByTestId('approve').click();
    await chat.getByRole('log').getByText('There it is.').waitFor();
    await notification.press('Approve');
    await workbench.editor.notification('already approved. There is nothing left to decide');
    assert.equal(workbench.read('b.md'), 'b\n');
  });

  it('approves and rejects in the diff editor by keyboard', async () => {
    const { server, workbench } = conversation;
    server.say(call('write_file', { path: 'c.md', content: 'c\n' }), { text: 'Written.' });
    const chat = await workbench.openChat();
    await say(chat, 'Write c.md');
    await (await workbench.editor.notification('Write c.md')).press('Review');
    await workbench.editor.editorAction('Approve').waitFor();
    await workbench.page.keyboard.press('Control+Enter');
    await chat.getByRole('log').getByText('Written.').waitFor();
    assert.equal(workbench.read('c.md'), 'c\n');

    server.say(call('write_file', { path: 'd.md', content: 'd\n' }), { text: 'As you say.' });
    await say(chat, 'Write d.md');
    await (await workbench.editor.notification('Write d.md')).press('Review');
    await workbench.editor.tab('d.md (proposed)').waitFor();
    await workbench.editor.editorAction('Reject').waitFor();
    await workbench.editor.proposedFocused().waitFor();
    await workbench.page.keyboard.press('Alt+Backspace');
    await workbench.editor.answer('One is enough');
    await chat.getByRole('log').getByText('As you say.').waitFor();
    assert.match(String(toolMessages(server.lastRequest).at(-1)?.content), /One is enough/u);
    assert.ok(!readdirSync(workbench.folder).includes('d.md'));
  });
});
