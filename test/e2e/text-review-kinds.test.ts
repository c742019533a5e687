import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { card, say, toolMessages } from '../support/conversation.ts';
import { hideSideBar, lens, lenses, pressLens } from '../support/file-preview.ts';
import { commandIn, freezeCommand } from '../support/frozen-command.ts';
import { call } from '../support/model-chunks.ts';
import { lineOf, openAsText, readAsText } from '../support/text-review.ts';
import { APP, change, useConversation } from '../support/text-proposals.ts';
import { until } from '../support/until.ts';

const FEW = 'one\ntwo\nthree\n';
const LONG = `${'var a=1;'.repeat(200_000)}HERE;${'var b=2;'.repeat(200_000)}\n`;
const MANY = Array.from({ length: 200_000 }, (_, index) => `line number ${index} of many\n`);
const FILES = {
  ...{ 'few.txt': FEW, 'old.txt': FEW, 'list.txt': FEW, 'open.txt': APP, 'back.txt': APP },
  'min.txt': LONG,
  'many.txt': MANY.join(''),
};
/** An edit, a new file, a deletion and a move with an edit. */
const PATCH = `--- a/few.txt
+++ b/few.txt
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+new
--- a/old.txt
+++ /dev/null
@@ -1,3 +0,0 @@
-one
-two
-three
diff --git a/list.txt b/moved.txt
rename from list.txt
rename to moved.txt
--- a/list.txt
+++ b/moved.txt
@@ -1,3 +1,3 @@
 one
 two
-three
+THREE
`;

describe('whatever waits, as plain text', () => {
  const conversation = useConversation({ files: FILES });

  async function line(text: string): Promise<void> {
    await lineOf(conversation().workbench, text);
  }

  async function told(): Promise<string> {
    const { server } = conversation();
    await until('the answer to be told', () => server.left === 0);
    return String(toolMessages(server.lastRequest).at(-1)?.content);
  }

  async function reject(): Promise<void> {
    const { editor, page } = conversation().workbench;
    await page.keyboard.press('Alt+Backspace');
    await editor.answer('Seen');
    await until('the rejection', async () => (await told()).includes('Seen'));
    await page.keyboard.press('Control+Home');
  }

  it('a command, with all that is known of it; it is edited by a key and asked about', async () => {
    const { server, workbench } = conversation();
    const { editor, page } = workbench;
    const frozen = Promise.withResolvers<undefined>();
    const one = call('write_file', { path: 'few.txt', content: 'never' }, 'command');
    server.say({ ...one, pause: frozen.promise }, { text: 'I see.' });
    const { length } = server.requests;
    await say(await workbench.openChat(), 'Run the tests');
    await server.waitForRequest(length + 1);
    const command = commandIn(workbench.folder, { expiresAt: Date.now() + 600_000 });
    await freezeCommand(workbench.storageFolder, { toolCallId: 'command' }, command);
    frozen.resolve(undefined);
    await editor.notification('Run npm test, in ');
    await openAsText(workbench);
    await line('Run npm test');
    await line('Argument 1: "test"');
    await line('Environment: API_KEY is set to what looks like a secret');
    await line('  Run npm test? What a command has done cannot be taken back.');
    await lens(page, 'Approve… | Edit the Command… | Reject… | All Answers…');
    await workbench.screenshot('text-review-command');
    await page.keyboard.press('Control+Enter');
    await editor.dialog('Run npm test?').waitFor();
    await editor.pressInDialog('Cancel');
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('e');
    await editor.answer('["npm", "run", "lint"]');
    await editor.dialog('Run npm run lint?').waitFor();
    await editor.pressInDialog('Cancel');
    await page.locator('.editor-instance .view-line').first().click();
    await reject();
    await line('It is rejected. It was not run.');
  });

  it('files that come, go and move, and what cannot be taken back', async () => {
    const { workbench } = conversation();
    const { page } = workbench;
    await readAsText(
      conversation(),
      'Tidy up',
      'Change 4 files',
      call('apply_patch', { patch: PATCH }),
      { text: 'Tidied.' },
    );
    await line('Where: few.txt, new.txt, old.txt, list.txt');
    await page.keyboard.press('j');
    await workbench.screenshot('text-review-files');
    await page.keyboard.press('Control+End');
    await line('File 4 of 4: list.txt is moved to moved.txt.');
    await workbench.screenshot('text-review-files-end');
    await reject();
    await line('It is rejected. Nothing was changed.');
    await workbench.editor.runCommand('View: Close All Editors');
    const tasks = { path: '.vscode/tasks.json', content: '{}\n' };
    await readAsText(conversation(), 'Tasks', 'tasks.json', call('write_file', tasks), {
      text: 'All right.',
    });
    await line('What cannot be taken back, so that a dialog asks before it is approved:');
    await lens(page, 'Approve… | Approve Accepted | Reject…');
    await workbench.screenshot('text-review-irrecoverable');
    await reject();
    assert.ok(!existsSync(join(workbench.folder, '.vscode/tasks.json')));
  });

  it('what conflicts with the file, or fits it no more, there and in the file itself', async () => {
    const { server, workbench } = conversation();
    const { editor, page } = workbench;
    await editor.openFile('open.txt');
    server.say(change('open.txt'), { text: 'I see.' });
    await say(await workbench.openChat(), 'Change it');
    await hideSideBar(workbench);
    await lens(page, '“Change it” proposes 3 changes: 3 not decided (+3 −3) | Approve…');
    workbench.write({ 'open.txt': APP.replace('line 30', 'my line') });
    await lens(page, '“Change it” proposes 3 changes: 3 not decided (+3 −3) · put on top of what');
    await workbench.screenshot('inline-rebased');
    workbench.write({ 'open.txt': APP.replace('line 3\n', 'my line\n') });
    await until('the conflict', async () =>
      (await lenses(page)).some((one) =>
        / · conflicts to be resolved in the diff \| .*Open Diff \| Review as Text$/u.test(one),
      ),
    );
    await workbench.screenshot('inline-conflict');
    await pressLens(page, '“Change it”', 'Review as Text');
    await line('It cannot be approved as it is.');
    await lens(page, 'Reject… | I Did It Myself… | Open Diff');
    await workbench.screenshot('text-review-conflict');
    rmSync(join(workbench.folder, 'open.txt'));
    await until('what fits no more', async () =>
      (await page.locator('.view-line').allInnerTexts()).some((one) =>
        /deleted\sor\srenamed\ssince.*Reject\sit,\sor\ssay/u.test(one),
      ),
    );
    await workbench.screenshot('text-review-stale');
    await reject();
  });

  it('what no editor can show: nothing offers to approve it, both sides can be opened', async () => {
    const { server, workbench } = conversation();
    const { editor, page } = workbench;
    const edit = { path: 'min.txt', old_text: 'HERE', new_text: 'THERE' };
    server.say(call('replace_in_file', edit), { text: 'I see.' });
    await say(await workbench.openChat(), 'Shorter');
    const notification = await editor.notification('Edit min.txt');
    const buttons = await notification.item.locator('.monaco-button').allInnerTexts();
    assert.deepEqual(
      buttons.map((one) => one.trim()),
      ['Review', 'Reject…'],
    );
    const proposal = card(await workbench.openChat(), 'Edit min.txt');
    await proposal.getByTestId('notice').getByText('too large to be shown').waitFor();
    assert.equal(await proposal.getByTestId('approve').isEnabled(), false);
    await workbench.screenshot('too-large-card');
    await proposal.getByTestId('open-diff').click();
    await page.locator('.editor-group-container').nth(1).waitFor();
    await until('both sides', async () => (await editor.tab('min.txt').count()) === 2);
    await workbench.screenshot('too-large-sides');
    await editor.runCommand('View: Close All Editors');
    await openAsText(workbench);
    await lens(page, 'Reject… | I Did It Myself… | Open Both Sides');
    await line('It cannot be approved as it is.');
    await workbench.screenshot('too-large-text');
    await reject();
    assert.equal(workbench.read('min.txt'), LONG);
  });

  it('a thousand changes in a large file, in the file itself and in the diff, too', async () => {
    const { workbench } = conversation();
    const { editor, page } = workbench;
    const next = MANY.map((one, index) => (index % 200 === 7 ? `new ${one}` : one));
    await readAsText(
      conversation(),
      'Many',
      'Edit many.txt',
      call('write_file', { path: 'many.txt', content: next.join('') }),
      { text: 'Many.' },
    );
    await line('How much: 1000 lines go, 1000 lines come. 1000 changes: 1000 not decided.');
    await page.keyboard.press('j');
    await page.keyboard.press('n');
    await line(
      'Change 1 of 1000, line 8 of many.txt: 1 line goes, 1 line comes. Rejected: it is not written.',
    );
    await workbench.screenshot('many-text');
    await page.keyboard.press('d');
    await editor.tab('(proposed)').waitFor();
    await page.getByText('0 of 1000 accepted, 1 rejected').first().waitFor();
    // At the one that is rejected, nothing comes.
    await editor.runCommand('Countersign: Go to Next Change');
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await workbench.screenshot('many-diff');
    await editor.runCommand('View: Close All Editors');
    await editor.openFile('many.txt');
    await lens(
      page,
      '“Many” proposes 1000 changes: 1 rejected, 999 not decided (+999 −999) | Approve…',
    );
    await workbench.screenshot('many-inline');
    await editor.runCommand('View: Close All Editors');
    await openAsText(workbench);
    await page.keyboard.press('Control+Enter');
    next[7] = MANY[7] ?? '';
    await until('the approval', () => workbench.read('many.txt') === next.join(''));
    await told();
  });

  it('the window loaded anew, and the editor restarted, with all of it open: nothing is lost', async () => {
    const { server, workbench } = conversation();
    server.say(change('back.txt'), { text: 'So.' });
    await workbench.editor.openFile('back.txt');
    await say(await workbench.openChat(), 'Again');
    await lens(workbench.page, '“Again” proposes 3 changes: 3 not decided');
    await workbench.editor.runCommand('Countersign: Review Pending Approval');
    await workbench.editor.tab('(proposed)').dblclick();
    await openAsText(workbench);
    await lens(workbench.page, 'Approve | Approve Accepted');
    for (const anew of ['loaded', 'restarted'] as const) {
      if (anew === 'restarted') await workbench.restart();
      else await workbench.editor.runCommand('Developer: Reload Window');
      const { editor, page } = workbench;
      await editor.notification('Edit back.txt');
      await workbench.screenshot(`back-${anew}`);
      assert.equal(await page.locator('.monaco-editor-pane-placeholder').count(), 0);
      assert.equal(await page.locator('.tab.dirty').count(), 0);
      await editor.tab('(proposed)').click();
      await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
      await page.getByText('0 of 3 accepted').first().waitFor();
      await until('Approve', () => editor.isApprovable());
      await workbench.screenshot(`back-${anew}-diff`);
      await editor.tab('back.txt').first().click();
      await lens(page, '“Again” proposes 3 changes: 3 not decided');
      await workbench.screenshot(`back-${anew}-inline`);
      await openAsText(workbench);
      await line('It waits for your approval.');
      await lens(page, 'Approve | Approve Accepted');
      assert.equal(await editor.tab('Review of').count(), 1);
    }
    await reject();
    await until('the diff to close', async () => {
      return (await workbench.editor.tab('(proposed)').count()) === 0;
    });
  });
});
