import assert from 'node:assert/strict';
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Conversation,
  card,
  openConversation,
  say,
  startAnew,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import type { Reply } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

describe('every answer without the panel', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: { 'a.txt': 'a\n', 'docs/b.txt': 'b\n' } });
  });

  beforeEach(async () => {
    conversation.workbench.write({ 'a.txt': 'a\n' });
    await startAnew(conversation);
  });

  after(async () => {
    await conversation.close();
  });

  /** Sends a message, and closes the panel. */
  async function ask(words: string, ...replies: Reply[]): Promise<void> {
    const { server, workbench } = conversation;
    server.say(...replies);
    await say(await workbench.openChat(), words);
    await workbench.page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    await workbench.page.locator('.explorer-folders-view').waitFor();
  }

  const edit = (to: string): Reply =>
    call('replace_in_file', { path: 'a.txt', old_text: 'a', new_text: to });

  async function openDiff(): Promise<void> {
    const { editor } = conversation.workbench;
    await (await editor.notification('Edit a.txt')).press('Review');
    await editor.tab('a.txt (proposed)').waitFor();
    await editor.editorAction('Approve').waitFor();
    await editor.proposedFocused().waitFor();
  }

  /** What the model was told last, once it has been. */
  async function told(requests: number): Promise<string> {
    const request = await conversation.server.waitForRequest(requests);
    return String(toolMessages(request).at(-1)?.content);
  }

  it('approves with a note', async () => {
    const { server, workbench } = conversation;
    const { length } = server.requests;
    await ask('Change it', edit('A'), { text: 'Noted.' });
    await openDiff();
    await workbench.editor.runCommand('Countersign: Approve with a Note…');
    await workbench.screenshot('native-note');
    await workbench.editor.answer('Only this once');
    assert.match(await told(length + 2), /^Applied\..*The user's note: Only this once/su);
    assert.equal(workbench.read('a.txt'), 'A\n');
  });

  it('redirects, which cancels the call and says what to do instead', async () => {
    const { server, workbench } = conversation;
    const { length } = server.requests;
    await ask('Change it again', edit('B'), { text: 'Something else, then.' });
    await openDiff();
    await workbench.editor.runCommand('Countersign: Redirect…');
    await workbench.page.getByText('What should it do instead?').waitFor();
    await workbench.editor.quickInput().press('Enter');
    await workbench.page.getByText('It cannot be empty.').waitFor();
    await workbench.editor.answer('Leave a.txt alone');
    await workbench.editor.pick('Keep the mode: Act');
    assert.match(await told(length + 2), /^Cancelled by the user, who wants something else/u);
    const last = server.lastRequest.messages.at(-1);
    assert.match(String(last?.content), /Leave a\.txt alone/u);
    assert.equal(workbench.read('a.txt'), 'a\n');
  });

  it('takes note of what was done by hand', async () => {
    const { server, workbench } = conversation;
    const { length } = server.requests;
    await ask('Once more', edit('C'), { text: 'Thank you.' });
    await openDiff();
    workbench.write({ 'a.txt': 'by hand\n' });
    await workbench.editor.runCommand('Countersign: I Did It Myself…');
    await workbench.editor.answer('In my own way');
    assert.match(await told(length + 2), /In my own way/u);
    assert.match(await told(length + 2), /by hand/u);
    assert.equal(workbench.read('a.txt'), 'by hand\n');
  });

  it('APR-19: a question is answered; "yes, approve all" is information, and approves nothing', async () => {
    const { server, workbench } = conversation;
    const { editor } = workbench;
    const { length } = server.requests;
    const link = '[Yes](command:workbench.action.toggleZenMode)';
    const question = { question: `May I change everything? ${link}`, choices: ['Yes', 'No'] };
    await ask('Tidy up', call('request_clarification', question), edit('D'), { text: 'As said.' });
    const notification = await editor.notification('The agent asks, in “Tidy up”');
    assert.match(await notification.text(), /May I change everything\?/u);
    await notification.press('Answer…');
    await workbench.screenshot('native-question');
    await editor.pick('Answer in my own words…');
    await workbench.page.locator('.quick-input-message', { hasText: '[Yes]' }).waitFor();
    const links = '.notification-list-item-message a, .quick-input-message a';
    assert.equal(await workbench.page.locator(links).count(), 0, 'the model writes no links');
    await editor.answer('yes, approve all');
    assert.match(await told(length + 2), /yes, approve all/u);
    await editor.notification('Edit a.txt');
    assert.equal(workbench.read('a.txt'), 'a\n');
    assert.equal(server.left, 1);
    const chat = await workbench.openChat();
    await card(chat, 'Edit a.txt').getByTestId('approve').waitFor();
  });

  it('lists all that waits, questions too, and leads to each', async () => {
    const { server, workbench } = conversation;
    const { editor, page } = workbench;
    const { length } = server.requests;
    const question = { question: 'Which of the two?', choices: ['$(check) This', 'That'] };
    await ask('Decide', call('request_clarification', question), { text: 'That, then.' });
    await editor.notification('Which of the two?');
    await editor.runCommand('Countersign: Review Pending Approval');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'Which of the two?' }).waitFor();
    // The one of the test before waits, too.
    await rows.filter({ hasText: 'Edit a.txt' }).waitFor();
    await workbench.screenshot('native-pending');
    await rows.filter({ hasText: 'Which of the two?' }).click();
    await rows.filter({ hasText: '$(check) This' }).waitFor();
    await editor.pick('That');
    assert.match(await told(length + 2), /That/u);

    await editor.runCommand('Countersign: Review Pending Approval');
    await editor.tab('a.txt (proposed)').waitFor();
    await editor.editorAction('Reject').click();
    await editor.answer('');
    await editor.tab('a.txt (proposed)').waitFor({ state: 'detached' });
  });

  it('APR-20: what is left alone stays as it is, through a reload, and is never answered', async () => {
    const { server, workbench } = conversation;
    const { length } = server.requests;
    const question = { question: 'Still there?', choices: ['Yes'] };
    await ask('Wait for me', call('request_clarification', question));
    await workbench.editor.notification('Still there?');
    await workbench.editor.runCommand('Developer: Reload Window');
    await workbench.page.locator('.monaco-workbench').waitFor({ state: 'detached' });
    const toast = workbench.page.locator('.notifications-toasts').getByText('Still there?');
    await toast.waitFor({ timeout: 60_000 });
    const notification = await workbench.editor.notification('Still there?');
    assert.equal(server.requests.length, length + 1);
    server.say({ text: 'Welcome back.' });
    await notification.press('Answer…');
    await workbench.editor.pick('Yes');
    assert.match(await told(length + 2), /Yes/u);
  });

  it('APR-25: a rejection leaves no trace in the folder', async () => {
    const { server, workbench } = conversation;
    const { length } = server.requests;
    const before = snapshot(workbench.folder);
    const patch = `--- /dev/null
+++ b/new/folder/c.txt
@@ -0,0 +1 @@
+c
--- a/docs/b.txt
+++ /dev/null
@@ -1 +0,0 @@
-b
`;
    await ask('Make a mess', call('apply_patch', { patch }), { text: 'No mess.' });
    const notification = await workbench.editor.notification('Change 2 files');
    await notification.press('Review');
    await workbench.editor.diffOf('c.txt').waitFor();
    await workbench.editor.editorAction('Reject').click();
    await workbench.editor.answer('No');
    assert.match(await told(length + 2), /^Rejected by the user/u);
    await until('the diff to be closed', async () => {
      return (await workbench.editor.tab('Change 2 files').count()) === 0;
    });
    assert.deepEqual(snapshot(workbench.folder), before);
  });
});

/** Every name below a folder, with all that the file system says of it but for the times of access. */
function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      const { mode, ino, mtimeMs, ctimeMs, size, nlink } = lstatSync(path);
      const content = lstatSync(path).isFile() ? readFileSync(path, 'base64') : '';
      return [name, mode, ino, mtimeMs, ctimeMs, size, nlink, content].join(' ');
    });
}
