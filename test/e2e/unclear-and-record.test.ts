import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Conversation, card, openConversation, say } from '../support/conversation.ts';
import { lens } from '../support/file-preview.ts';
import { call } from '../support/model-chunks.ts';
import { lineOf, openAsText } from '../support/text-review.ts';
import { until } from '../support/until.ts';

const FILES = { 'a.txt': 'a\n', 'b.txt': 'b\n' };
const PATCH = `--- a/a.txt
+++ b/a.txt
@@ -1 +1 @@
-a
+A
--- a/b.txt
+++ b/b.txt
@@ -1 +1 @@
-b
+B
`;

describe('an effect that stopped half-way, and the record of all', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: FILES });
  });

  after(async () => {
    await conversation.close();
  });

  function database(): DatabaseSync {
    const { dataFolder } = conversation.workbench;
    const name = readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).find((path) =>
      path.endsWith('countersign.sqlite'),
    );
    assert.ok(name);
    return new DatabaseSync(join(dataFolder, name));
  }

  /** Runs SQL on the database while nothing else has it, as it stood when the power went. */
  function tamper(sql: string): void {
    const connection = database();
    try {
      connection.exec(sql);
    } finally {
      connection.close();
    }
  }

  it('K-11: is asked natively with the evidence, and finished only after another look', async () => {
    const { server, workbench } = conversation;
    server.say(call('apply_patch', { patch: PATCH }));
    await say(await workbench.openChat(), 'Both in capitals');
    await workbench.editor.notification('Change 2 files');
    await workbench.killHard();
    // As if the power had gone after the first of the two files.
    tamper(`UPDATE proposals SET state = 'claimed', owner = 'gone', fence = 1`);
    workbench.write({ 'a.txt': 'A\n' });
    await workbench.reopen();

    const { editor, page } = workbench;
    const notification = await editor.notification('it is not clear what was done');
    await notification.press('Review');
    await editor.dialog('did this happen?').getByText('a.txt').waitFor();
    await workbench.screenshot('unclear-asked');
    await editor.pressInDialog('Cancel', 'did this happen?');
    await openAsText(workbench);
    await lineOf(workbench, 'Did this happen? It was applied in part only.');
    await lineOf(workbench, '  a.txt is as approved');
    await lens(page, 'Finish | Roll Back | Keep as It Is | Open Diff');
    await workbench.screenshot('unclear-as-text');
    await page.keyboard.press('d');
    await editor.pressInDialog('Finish', 'did this happen?');
    await editor.tab('b.txt (proposed)').waitFor();
    await until('Approve', () => editor.isApprovable());
    assert.deepEqual([workbench.read('a.txt'), workbench.read('b.txt')], ['A\n', 'b\n']);
    await workbench.screenshot('unclear-finish');
    server.say({ text: 'Both are there now.' });
    await editor.proposed().locator('.view-line').first().click();
    await page.keyboard.press('Control+Enter');
    const chat = await workbench.openChat();
    await chat.getByRole('log').getByText('Both are there now.').waitFor();
    assert.deepEqual([workbench.read('a.txt'), workbench.read('b.txt')], ['A\n', 'B\n']);
    assert.equal(await card(chat, 'file').first().getAttribute('data-state'), 'applied');
  });

  it('the record holds, and can be taken along as text', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await editor.runCommand('Countersign: Verify the Record');
    const told = await editor.notification('The record:');
    assert.match(await told.text(), /All \d+ entries hold/u);
    await editor.runCommand('Countersign: Export the Record…');
    await editor.pick('Markdown');
    await page.locator('.editor-instance .view-line', { hasText: 'entries hold' }).waitFor();
    await workbench.screenshot('record-markdown');
    await editor.runCommand('Countersign: Export the Record…');
    await editor.pick('JSON');
    await page.locator('.editor-instance .view-line', { hasText: '"verdict"' }).waitFor();
  });

  it('an entry that was changed is found, and so is an end that was cut off', async () => {
    const { workbench } = conversation;
    await workbench.restart();
    const { editor } = workbench;
    await workbench.openChat();
    tamper(`DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)`);
    await editor.runCommand('Countersign: Verify the Record');
    const cut = await editor.notification('The record:');
    assert.match(await cut.text(), /The end was cut off/u);
    await cut.dismiss();
    tamper(`UPDATE audit SET by = 'user' WHERE seq = 1`);
    await editor.runCommand('Countersign: Verify the Record');
    assert.match(await (await editor.notification('The record:')).text(), /Entry 1 was changed/u);
  });
});
