import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import {
  type Conversation,
  approve,
  card,
  openConversation,
  say,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const FILES = {
  'src/app.txt': 'one\ntwo\nthree\n',
  'src/old.txt': 'old\n',
  'docs/list.txt': 'a\nb\nc\nd\ne\n',
};
/** An edit, a new file, a deletion and a move with an edit, in one patch. */
const PATCH = `--- a/src/app.txt
+++ b/src/app.txt
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
--- /dev/null
+++ b/src/new.txt
@@ -0,0 +1 @@
+new
--- a/src/old.txt
+++ /dev/null
@@ -1 +0,0 @@
-old
diff --git a/docs/list.txt b/docs/letters.txt
rename from docs/list.txt
rename to docs/letters.txt
--- a/docs/list.txt
+++ b/docs/letters.txt
@@ -1,5 +1,5 @@
 a
 b
-c
+C
 d
 e
`;
const TITLE = 'Change 4 files';

describe('a proposal of several files', () => {
  let conversation: Conversation;
  let chat: FrameLocator;

  before(async () => {
    conversation = await openConversation({ files: FILES });
  });

  after(async () => {
    await conversation.close();
  });

  async function propose(answer: string): Promise<void> {
    const { server, workbench } = conversation;
    server.say(call('apply_patch', { patch: PATCH }), { text: answer });
    chat = await workbench.openChat();
    await say(chat, 'Patch it');
    await card(chat, TITLE).last().getByTestId('approve').waitFor();
  }

  function isDone(): boolean {
    const { workbench } = conversation;
    return (
      workbench.read('src/app.txt') === 'one\nTWO\nthree\n' &&
      workbench.read('src/new.txt') === 'new\n' &&
      !existsSync(join(workbench.folder, 'src/old.txt')) &&
      !existsSync(join(workbench.folder, 'docs/list.txt')) &&
      workbench.read('docs/letters.txt') === 'a\nb\nC\nd\ne\n'
    );
  }

  function isUntouched(): boolean {
    const { workbench } = conversation;
    return (
      Object.entries(FILES).every(([path, text]) => workbench.read(path) === text) &&
      !existsSync(join(workbench.folder, 'src/new.txt')) &&
      !existsSync(join(workbench.folder, 'docs/letters.txt'))
    );
  }

  it('shows all files in one editor, and is approved there as a whole', async () => {
    const { server, workbench } = conversation;
    const { editor, page } = workbench;
    await propose('All four.');
    const notification = await editor.notification(TITLE);
    assert.equal(await notification.item.getByRole('button', { name: 'Approve' }).count(), 0);
    await notification.press('Review');
    await editor.tab('Change 4 files (proposed in “Patch it”)').waitFor();
    await editor.diffOf('letters.txt').getByText('C', { exact: true }).waitFor();
    await workbench.screenshot('several-all');
    for (const name of ['app.txt', 'new.txt', 'old.txt', 'letters.txt']) {
      assert.equal(await editor.diffOf(name).count(), 1, name);
    }
    assert.ok(isUntouched());
    await page.keyboard.press('Control+Enter');
    await chat.getByRole('log').getByText('All four.').waitFor();
    assert.ok(isDone());
    assert.match(String(toolMessages(server.lastRequest).at(-1)?.content), /^Applied/u);
    await editor.tab(TITLE).waitFor({ state: 'detached' });
  });

  it('undo puts all of them back', async () => {
    await card(chat, TITLE).getByTestId('undo').click();
    await until('everything to be as before', isUntouched);
  });

  it('one of its files alone cannot be approved; from there, one sees all', async () => {
    await propose('All four again.');
    const { workbench } = conversation;
    const { editor, page } = workbench;
    const proposal = card(chat, TITLE).last();
    await proposal.getByTestId('open-file').first().click();
    await editor.tab('src/app.txt (proposed)').waitFor();
    await until('Approve to be off', async () => !(await editor.isApprovable()));
    await editor.proposed().locator('.view-line', { hasText: 'TWO' }).click();
    await page.keyboard.press('Control+Enter');
    await workbench.screenshot('several-one');
    assert.ok(isUntouched());
    await editor.editorAction('Show All Files').click();
    await editor.tab('Change 4 files (proposed in “Patch it”)').waitFor();
    await editor.goToLine(editor.diffOf('app.txt').locator('.editor.modified'), 'TWO');
    await page.keyboard.type(' typed');
    await proposal.getByText('TWO typed').first().waitFor();
    await editor.editorAction('Reject').click();
    await editor.answer('Not like this');
    await chat.getByRole('log').getByText('All four again.').waitFor();
    assert.ok(isUntouched());
    await editor.tab('(proposed').waitFor({ state: 'detached' });
    assert.equal(await editor.dialog().count(), 0);
  });

  it('APR-01: a file that changes is shown anew, and nothing is done on the old approval', async () => {
    const { server, workbench } = conversation;
    const { editor, page } = workbench;
    await propose('On top of yours.');
    const proposal = card(chat, TITLE).last();
    await proposal.getByTestId('open-diff').click();
    await editor.diffOf('letters.txt').getByText('C', { exact: true }).waitFor();
    await editor.editorAction('Approve').waitFor();
    workbench.write({ 'docs/list.txt': 'a\nb\nc\nd\nmine\n' });
    // Too early for any watcher: what was shown is not what would happen now.
    await page.keyboard.press('Control+Enter');
    await proposal.getByTestId('notice').waitFor();
    await editor.diffOf('letters.txt').getByText('mine').first().waitFor();
    await workbench.screenshot('several-rebased');
    assert.equal(workbench.read('docs/list.txt'), 'a\nb\nc\nd\nmine\n');
    assert.equal(workbench.read('src/app.txt'), FILES['src/app.txt']);
    assert.ok(!existsSync(join(workbench.folder, 'src/new.txt')));
    assert.equal(server.left, 1);

    await until('the approval of what is shown now', async () => {
      if (existsSync(join(workbench.folder, 'docs/letters.txt'))) return true;
      // The tab closes with the approval.
      await editor.tab(TITLE).click({ timeout: 1000 });
      await page.keyboard.press('Control+Enter');
      return false;
    });
    await chat.getByRole('log').getByText('On top of yours.').waitFor();
    assert.equal(workbench.read('docs/letters.txt'), 'a\nb\nC\nd\nmine\n');
  });
});

describe('a part of a proposal', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e'];
  const files = Object.fromEntries(NAMES.map((name) => [`${name}.txt`, `${name}\n`]));
  const patch = NAMES.map(
    (name) =>
      `--- a/${name}.txt\n+++ b/${name}.txt\n@@ -1 +1 @@\n-${name}\n+${name.toUpperCase()}\n`,
  ).join('');
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files });
  });
  after(async () => {
    await conversation.close();
  });
  beforeEach(() => {
    conversation.workbench.write(files);
  });

  function told(): string {
    return String(toolMessages(conversation.server.lastRequest).at(-1)?.content);
  }
  function contents(): string {
    return NAMES.map((name) => conversation.workbench.read(`${name}.txt`).trim()).join('');
  }

  it('APR-13: three of five files are approved in the card, and only they are written', async () => {
    const { server, workbench } = conversation;
    server.say(call('apply_patch', { patch }), { text: 'Three it is.' });
    const chat = await workbench.openChat();
    await say(chat, 'Capitals');
    const proposal = card(chat, 'Change 5 files');
    await proposal.getByTestId('approve').waitFor();
    await proposal.getByTestId('accept-file').nth(1).click();
    await proposal.getByTestId('accept-file').nth(3).click();
    await proposal.getByTestId('decline-reason').fill('These two stay');
    await workbench.screenshot('part-card');
    await approve(proposal);
    await chat.getByRole('log').getByText('Three it is.').waitFor();
    assert.equal(contents(), 'AbCdE');
    assert.match(told(), /^Applied in part.*These two stay/su);
    assert.match(told(), /b\.txt: nothing of it was done/u);
  });

  it('APR-13: some files are approved without the panel, too', async () => {
    const { server, workbench } = conversation;
    const { editor, page } = workbench;
    server.say(call('apply_patch', { patch }), { text: 'Two it is.' });
    const chat = await workbench.openChat();
    await say(chat, 'Capitals again');
    await card(chat, 'Change 5 files').last().getByTestId('open-diff').click();
    await editor.diffOf('e.txt').getByText('E', { exact: true }).waitFor();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    const decline = async (...names: readonly string[]): Promise<void> => {
      await editor.runCommand('Countersign: Approve Some Files…');
      for (const name of names) await rows.filter({ hasText: `${name}.txt` }).click();
    };
    await decline('b', 'c');
    // Meanwhile the first file is changed so by hand, and the others move up in what is proposed.
    workbench.write({ 'a.txt': 'A\n' });
    await card(chat, 'Change 4 files').waitFor();
    await editor.quickInput().press('Enter');
    await page.getByText('Decline the rest').waitFor();
    await editor.answer('Not b and c');
    const changed = await editor.notification('something else is proposed by now');
    assert.equal(contents(), 'Abcde');
    await changed.dismiss();
    workbench.write({ 'a.txt': 'a\n' });
    await decline('d', 'e');
    await workbench.screenshot('part-native');
    await editor.quickInput().press('Enter');
    await page.getByText('Decline the rest').waitFor();
    await editor.answer('Only b and c');
    await chat.getByRole('log').getByText('Two it is.').waitFor();
    assert.equal(contents(), 'aBCde');
    assert.match(told(), /Only b and c/u);
  });
});

describe('flow 3: the editor is killed while an approval of several files waits', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: FILES });
  });

  after(async () => {
    await conversation.close();
  });

  it('brings the diff of all files back, and approves it there, exactly once', async () => {
    const { server, workbench } = conversation;
    server.say(call('apply_patch', { patch: PATCH }));
    await say(await workbench.openChat(), 'Patch it');
    await (await workbench.editor.notification(TITLE)).press('Review');
    await workbench.editor.diffOf('letters.txt').getByText('C', { exact: true }).waitFor();
    await workbench.killHard();
    await workbench.reopen();

    const { editor, page } = workbench;
    server.say({ text: 'After the crash.' });
    await (await editor.notification(TITLE)).press('Review');
    await editor.diffOf('letters.txt').getByText('C', { exact: true }).waitFor();
    assert.equal(await editor.tab(TITLE).count(), 1);
    await workbench.screenshot('flow-3-several');
    assert.equal(workbench.read('src/app.txt'), FILES['src/app.txt']);
    await until('Approve', () => editor.isApprovable());
    await page.keyboard.press('Control+Enter');
    const chat = await workbench.openChat();
    await chat.getByRole('log').getByText('After the crash.').waitFor();
    assert.equal(workbench.read('src/app.txt'), 'one\nTWO\nthree\n');
    assert.equal(workbench.read('docs/letters.txt'), 'a\nb\nC\nd\ne\n');
    assert.ok(!existsSync(join(workbench.folder, 'src/old.txt')));
    assert.equal(server.requests.length, 2);
    assert.equal(toolMessages(server.lastRequest).length, 1);
  });
});
