import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { A, A_AGENT, B, PATCH } from '../support/changes.ts';
import { toolMessages } from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { useReviewing } from '../support/reviewing.ts';
import { until } from '../support/until.ts';

describe('deciding change by change', () => {
  const reviewing = useReviewing();

  it('writes two of five and one of three changes, one of them typed over, and nothing else', async () => {
    const { changes, workbench } = reviewing();
    const { editor, page } = workbench;
    await reviewing().review('Change 2 files', call('apply_patch', { patch: PATCH }));
    await changes.thread(1).waitFor();
    await changes.says('0 of 8 accepted');
    await changes.press(1, 'Accept', 'accepted');
    await changes.press(2, 'Accept', 'accepted');
    await editor.goToLine(editor.diffOf('a.txt').locator('.editor.modified'), 'LINE 2');
    await page.keyboard.type(' by hand');
    await changes.thread(1, ' · edited by you').waitFor();
    await changes.goTo(4);
    await changes.comment(4, 'Numbers stay as they are');
    await changes.goTo(7);
    await changes.press(7, 'Accept', 'accepted');
    await changes.says('3 of 8 accepted');
    await workbench.screenshot('changes-accepted');
    const told = await reviewing().decide('Approve Accepted');
    assert.equal(
      workbench.read('a.txt'),
      A.replace('line 2\n', 'LINE 2 by hand\n').replace('line 7\n', 'line 7\nnew 7a\nnew 7b\n'),
    );
    assert.equal(workbench.read('b.txt'), B.replace('row 10\n', 'ROW 10\n'));
    assert.match(told, /LINE 2 by hand/u);
    assert.match(told, /LINE 28/u);
    assert.match(told, /Numbers stay as they are/u);
  });

  it("rejects by the thread and by the editor's own arrow; undo and Accept put it back", async () => {
    const { changes, workbench } = reviewing();
    const { editor, page } = workbench;
    await reviewing().reviewA();
    await changes.thread(1).waitFor();
    await changes.press(1, 'Reject', 'rejected');
    await changes.says('0 of 5 accepted, 1 rejected');
    await changes.thread(1, '.*').getByText('LINE 2').waitFor();
    const arrows = page.locator('.monaco-diff-editor .gutter .action-label');
    await arrows.first().hover();
    await arrows.first().click();
    await changes.says('0 of 5 accepted, 2 rejected');
    await changes.thread(2, ' · rejected').waitFor();
    await editor.proposed().locator('.view-line', { hasText: 'line 4' }).first().click();
    await page.keyboard.press('Control+Z');
    await changes.says('0 of 5 accepted, 1 rejected');
    await changes.press(1, 'Accept', 'accepted');
    await changes.says('1 of 5 accepted');
    await changes.press(1, 'Reject', 'rejected');
    await editor.proposed().locator('.view-line', { hasText: 'line 4' }).first().click();
    await page.keyboard.press('Control+Z');
    await editor.proposed().locator('.view-line', { hasText: 'LINE 2' }).waitFor();
    await changes.says('0 of 5 accepted');
    await changes.thread(1).waitFor();
    await changes.isBelow(1, 'LINE 2');
    await workbench.screenshot('changes-undone');
    await changes.press(1, 'Reject', 'rejected');
    await changes.isBelow(1, 'line 2');
    await workbench.screenshot('changes-rejected');
    assert.equal(await editor.editorAction('Approve All').count(), 0);
    // One's own change is no surprise: what it leads to counts as seen.
    const { length } = reviewing().server.requests;
    await editor.editorAction('Approve the Rest').click();
    await reviewing().server.waitForRequest(length + 1);
    assert.equal(workbench.read('a.txt'), A_AGENT.replace('LINE 2\n', 'line 2\n'));
  });

  it('opens no view and moves no focus when the threads come', async () => {
    const { changes, workbench } = reviewing();
    const { page } = workbench;
    await reviewing().reviewA();
    await changes.thread(5, '.*').waitFor({ state: 'attached' });
    assert.equal(await page.locator('.part.panel').isVisible(), false);
    assert.equal(await page.locator('.comments-panel').count(), 0);
    const focus = page.locator('.monaco-diff-editor .editor.modified .monaco-editor.focused');
    const inDiff = page.locator('.monaco-diff-editor .editor.modified.focused');
    await until('the focus in the diff', async () => {
      return (await focus.count()) + (await inDiff.count()) > 0;
    });
    await reviewing().decide('Approve All');
    assert.equal(workbench.read('a.txt'), A_AGENT);
  });

  it('is done by keyboard alone', async () => {
    const { changes, server, workbench } = reviewing();
    const { page } = workbench;
    const { length } = server.requests;
    const { keyboard } = page;
    const chord = async (key: string): Promise<void> => {
      await keyboard.press('Control+K');
      await keyboard.press(key);
    };
    const cursor = (line: number): Promise<void> => changes.says(`Ln ${line}, Col 1`);
    await reviewing().reviewA();
    await changes.thread(1).waitFor();
    await keyboard.press('Control+Home');
    await cursor(1);
    await keyboard.press('Alt+F5');
    await cursor(2);
    await chord('y');
    await changes.says('1 of 5 accepted');
    await keyboard.press('Alt+F5');
    await cursor(8);
    await keyboard.press('Shift+ArrowDown');
    await chord('y');
    await changes.says('2 of 5 accepted');
    await keyboard.press('Alt+F5');
    await cursor(14);
    await keyboard.press('Shift+Alt+F5');
    await cursor(8);
    await keyboard.press('Alt+F5');
    await cursor(14);
    await chord('n');
    await changes.thread(3, ' · rejected').waitFor();
    await keyboard.press('Alt+F5');
    await chord('t');
    const thread = changes.thread(4, '.*');
    await thread.locator('.edit-container .monaco-editor.focused').waitFor();
    await keyboard.type('Why?');
    await workbench.screenshot('changes-comment');
    await keyboard.press('Control+Enter');
    await thread.locator('.comment-body', { hasText: 'Why?' }).waitFor();
    assert.equal(server.requests.length, length + 1);
    await keyboard.press('Control+1');
    await until('the approval', async () => {
      if (server.requests.length > length + 1) return true;
      await chord('Enter');
      return false;
    });
    const told = String(toolMessages(server.lastRequest).at(-1)?.content);
    assert.match(told, /Why\?/u);
    const written = A.replace('line 2\n', 'LINE 2\n').replace('line 7\n', 'line 7\nnew 7a\n');
    assert.equal(workbench.read('a.txt'), written);
  });

  it('says in the thread that the proposal was put on top of another text, or conflicts', async () => {
    const { changes, workbench } = reviewing();
    const { editor } = workbench;
    await reviewing().reviewA();
    await changes.thread(1).waitFor();
    await changes.press(1, 'Accept', 'accepted');
    workbench.write({ 'a.txt': A.replace('line 30\n', 'line thirty\n') });
    const first = changes.thread(1, ' · accepted');
    await first.getByText('It is shown anew, on top of that.').waitFor();
    await workbench.screenshot('changes-rebased');
    workbench.write({ 'a.txt': A.replace('line 28\n', 'line twenty-eight\n') });
    await changes.thread(1, '.*').getByText('resolve the conflicts').waitFor();
    await workbench.screenshot('changes-conflict');
    await until('Approve to be off', async () => !(await editor.isApprovable()));
    await editor.editorAction('Reject').click();
    await editor.answer('');
    await editor.tab('(proposed').waitFor({ state: 'detached' });
  });

  it('takes or leaves whole files: created, deleted, moved, in new folders', async () => {
    const { changes, workbench } = reviewing();
    const { editor } = workbench;
    workbench.write({ 'old/one.txt': 'one\n', 'old/two.txt': 'two\n', 'old/three.txt': '3\n' });
    const patch = `--- /dev/null
+++ b/deep/new/folder/made.txt
@@ -0,0 +1,2 @@
+made
+here
--- a/old/one.txt
+++ /dev/null
@@ -1 +0,0 @@
-one
--- a/old/two.txt
+++ /dev/null
@@ -1 +0,0 @@
-two
diff --git a/old/three.txt b/other/four.txt
rename from old/three.txt
rename to other/four.txt
`;
    await reviewing().review('Change 4 files', call('apply_patch', { patch }));
    await changes.thread(4).waitFor();
    await workbench.screenshot('changes-whole');
    await changes.press(1, 'Accept', 'accepted');
    await changes.press(2, 'Reject', 'rejected');
    await changes.press(4, 'Accept', 'accepted');
    await editor.editorAction('Approve the Rest').waitFor();
    await changes.says('2 of 4 accepted, 1 rejected');
    await reviewing().decide('Approve the Rest');
    const there = (path: string): boolean => existsSync(join(workbench.folder, path));
    assert.equal(workbench.read('deep/new/folder/made.txt'), 'made\nhere\n');
    assert.equal(workbench.read('old/one.txt'), 'one\n');
    assert.equal(there('old/two.txt'), false);
    assert.equal(there('old/three.txt'), false);
    assert.equal(workbench.read('other/four.txt'), '3\n');
  });

  it('says in words what cannot be shown as text', async () => {
    const { changes, workbench } = reviewing();
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    workbench.write({ 'picture.png': png });
    await reviewing().review('Delete picture.png', call('delete_file', { path: 'picture.png' }));
    const old = workbench.page.locator('.monaco-diff-editor .editor.original');
    await old.getByText('PNG image, 16 bytes').waitFor();
    await changes.thread(1).getByText('Deletes the file').waitFor();
    await workbench.screenshot('changes-binary');
    await reviewing().decide('Approve All');
    assert.equal(existsSync(join(workbench.folder, 'picture.png')), false);
  });

  it('compares a proposal with the one that was rejected before', async () => {
    const { server, workbench } = reviewing();
    const { editor, page } = workbench;
    const again = call('write_file', { path: 'a.txt', content: A_AGENT.replace('20', 'twenty') });
    await reviewing().reviewA();
    server.forget();
    server.say(again, { text: 'As you like.' });
    await editor.editorAction('Reject').click();
    await editor.answer('In words');
    await editor.tab('(proposed').waitFor({ state: 'detached' });
    await (await editor.notification('Edit a.txt')).press('Review');
    await editor.tab('(proposed').waitFor();
    await until('the commands for it', () => editor.isApprovable());
    await editor.runCommand('Countersign: What Changed since the Rejected One');
    await editor.tab('rejected ↔ proposed now').waitFor();
    const sides = page.locator('.monaco-diff-editor');
    await sides.locator('.editor.original').getByText('LINE 20').waitFor();
    await sides.locator('.editor.modified').getByText('LINE twenty').waitFor();
    await workbench.screenshot('changes-since');
    assert.equal(await editor.isApprovable(), false);
  });
});
