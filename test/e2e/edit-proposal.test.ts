import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Conversation,
  card,
  openConversation,
  say,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', ''];
const APP = LINES.join('\n');

describe('editing a proposal in the diff', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation();
  });

  beforeEach(async () => {
    conversation.workbench.write({ 'app.txt': APP });
    await conversation.workbench.openChat();
  });

  afterEach(async () => {
    const { server, workbench } = conversation;
    server.forget();
    await workbench.editor.runCommand('Notifications: Clear All Notifications');
    await workbench.editor.runCommand('Countersign: New Thread');
    await (await workbench.openChat()).getByTestId('found').waitFor();
  });

  after(async () => {
    await conversation.close();
  });

  /** Has the agent propose this text of a file, and opens the diff. */
  async function propose(path: string, content: string, answer: string): Promise<void> {
    const { server, workbench } = conversation;
    server.say(call('write_file', { path, content }), { text: answer });
    const chat = await workbench.openChat();
    await say(chat, `Write ${path}`);
    await card(chat, `Edit ${path}`).getByTestId('open-diff').click();
    await workbench.editor.tab(`${path} (proposed)`).waitFor();
  }

  function told(): string {
    return String(toolMessages(conversation.server.lastRequest).at(-1)?.content);
  }

  it('APR-14: what is typed is approved and written, and the model is told the difference', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await propose('app.txt', APP.replace('two', 'TWO'), 'With your change.');
    const chat = await workbench.openChat();
    await editor.goToLine(editor.proposed(), 'TWO');
    await page.keyboard.type(' and more');
    await card(chat, 'Edit app.txt').getByText('TWO and more').first().waitFor();
    await workbench.screenshot('edit-typed');
    assert.equal(workbench.read('app.txt'), APP);
    assert.equal(await editor.tab('app.txt (proposed)').and(page.locator('.dirty')).count(), 0);

    await page.keyboard.type('!');
    await page.keyboard.press('Control+Enter');
    await chat.getByRole('log').getByText('With your change.').waitFor();
    assert.equal(workbench.read('app.txt'), APP.replace('two', 'TWO and more!'));
    assert.match(told(), /^Applied, with changes by the user/u);
    assert.match(told(), /-TWO\n\+TWO and more!/u);
    await editor.tab('app.txt (proposed)').waitFor({ state: 'detached' });
    assert.equal(await editor.dialog().count(), 0);
  });

  it("the editor's own arrow takes one change out of it", async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    const proposed = APP.replace('two', 'TWO').replace('six', 'SIX');
    await propose('app.txt', proposed, 'Only six, then.');
    const chat = await workbench.openChat();
    await card(chat, 'Edit app.txt').getByText('+2').first().waitFor();
    const arrows = page.locator('.monaco-diff-editor .gutter .action-label');
    await until('both arrows', async () => (await arrows.count()) === 2);
    await arrows.first().click();
    await card(chat, 'Edit app.txt').getByText('+1').first().waitFor();
    await editor.editorAction('Approve').click();
    await chat.getByRole('log').getByText('Only six, then.').waitFor();
    assert.equal(workbench.read('app.txt'), APP.replace('six', 'SIX'));
    assert.match(told(), /^Applied in part.*What was declined.*-two\n\+TWO/su);
  });

  it('ENC-02: in a file with mixed line endings, the other lines keep theirs', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    workbench.write({ 'mixed.txt': 'one\r\ntwo\nthree\r\nfour\n' });
    await propose('mixed.txt', 'one\r\ntwo\nTHREE\r\nfour\n', 'Both endings are there.');
    await editor.goToLine(editor.proposed(), 'THREE');
    await page.keyboard.type(' times');
    await page.keyboard.press('Control+Enter');
    const chat = await workbench.openChat();
    await chat.getByRole('log').getByText('Both endings are there.').waitFor();
    assert.equal(workbench.read('mixed.txt'), 'one\r\ntwo\nTHREE times\r\nfour\n');
  });

  it('ENC-04: a file in UTF-16 stays in it, whatever the settings say', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    workbench.write({ '.vscode/settings.json': '{"files.encoding": "windows1252"}' });
    await until('the setting to count', async () => {
      await editor.runCommand('View: Close All Editors');
      await editor.openFile('app.txt');
      return (await page.locator('.statusbar').getByText('Windows 1252').count()) > 0;
    });
    const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
    workbench.write({ 'wide.txt': utf16('größe\n') });
    await propose('wide.txt', 'Größe €\n', 'In sixteen bits.');
    await editor.goToLine(editor.proposed(), 'Größe €');
    await page.keyboard.type(' ☃');
    await page.keyboard.press('Control+Enter');
    const chat = await workbench.openChat();
    await chat.getByRole('log').getByText('In sixteen bits.').waitFor();
    assert.equal(workbench.read('wide.txt', 'utf16le'), '\uFEFFGröße € ☃\n');
    workbench.write({ '.vscode/settings.json': '{}' });
    await editor.runCommand('View: Close All Editors');
  });

  it('conflicts are resolved in the diff; until then it cannot be approved', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await propose('app.txt', APP.replace('two', 'TWO'), 'Settled.');
    const chat = await workbench.openChat();
    workbench.write({ 'app.txt': APP.replace('two', 'zwei') });
    await editor.proposed().getByText('>>>>>>> the proposal').waitFor();
    await until('Approve to be off', async () => !(await editor.isApprovable()));
    await workbench.screenshot('edit-conflict');
    await editor.goToLine(editor.proposed(), '<<<<<<< your file');
    await page.keyboard.press('Control+Enter');
    assert.equal(workbench.read('app.txt'), APP.replace('two', 'zwei'));
    assert.equal(await card(chat, 'Edit app.txt').getByTestId('approve').isEnabled(), false);

    await page.keyboard.press('Home');
    for (let line = 0; line < 5; line++) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.type('zwei and TWO\n');
    await until('Approve to be on', () => editor.isApprovable());
    await workbench.screenshot('edit-resolved');
    await editor.editorAction('Approve').click();
    await chat.getByRole('log').getByText('Settled.').waitFor();
    assert.equal(workbench.read('app.txt'), APP.replace('two', 'zwei and TWO'));
  });

  it('what is typed while something else comes to be proposed is kept until the user says', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await propose('app.txt', APP.replace('two', 'TWO'), 'Yours it is.');
    const chat = await workbench.openChat();
    await editor.goToLine(editor.proposed(), 'TWO');
    await page.keyboard.type('!');
    workbench.write({ 'app.txt': APP.replace('seven', 'SEVEN') });
    // As long as somebody types, what is typed is not taken over.
    const typing = page.keyboard.type('!'.repeat(40), { delay: 100 });
    await card(chat, 'Edit app.txt').getByTestId('notice').waitFor();
    await typing;
    const asked = await editor.notification('app.txt: something else is proposed now');
    const typed = (
      await editor.proposed().locator('.view-line', { hasText: 'TWO' }).innerText()
    ).trim();
    assert.match(typed, /^TWO!!+$/u);
    await workbench.screenshot('edit-changed-meanwhile');
    await page.keyboard.press('Control+Enter');
    await asked.press('Compare');
    await editor.tab('app.txt: proposed now ↔ your text').waitFor();
    await workbench.screenshot('edit-compare');
    assert.equal(workbench.read('app.txt'), APP.replace('seven', 'SEVEN'));
    await (
      await editor.notification('app.txt: something else is proposed now')
    ).press('Use My Text');
    await card(chat, 'Edit app.txt').getByText(typed).first().waitFor();
    await card(chat, 'Edit app.txt').getByTestId('approve').click();
    await chat.getByRole('log').getByText('Yours it is.').waitFor();
    assert.equal(workbench.read('app.txt'), APP.replace('two', typed));
  });

  it('closing the diff right after typing asks nothing and loses nothing', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await propose('app.txt', APP.replace('two', 'TWO'), 'Closed and approved.');
    const chat = await workbench.openChat();
    await editor.goToLine(editor.proposed(), 'TWO');
    await page.keyboard.type(' typed');
    await card(chat, 'Edit app.txt').getByText('TWO typed').first().waitFor();
    await editor.runCommand('View: Close Editor');
    await editor.tab('app.txt (proposed)').waitFor({ state: 'detached' });
    assert.equal(await editor.dialog().count(), 0);
    await card(chat, 'Edit app.txt').getByTestId('approve').click();
    await chat.getByRole('log').getByText('Closed and approved.').waitFor();
    assert.equal(workbench.read('app.txt'), APP.replace('two', 'TWO typed'));
  });

  it('other arguments, saved in the editor, are proposed anew before anything is done', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await propose('app.txt', APP.replace('two', 'TWO'), 'With your arguments.');
    const chat = await workbench.openChat();
    await editor.runCommand('Countersign: Edit Arguments…');
    await editor.tab('arguments.json').waitFor();
    const json = page.locator('.editor-instance .monaco-editor').last();
    await editor.goToLine(json, 'content');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('no arguments at all');
    await page.keyboard.press('Control+S');
    await editor.notification('The arguments are no JSON');
    await editor.goToLine(json, 'no arguments');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    const args = JSON.stringify({ path: 'other.txt', content: 'other\n' });
    await page.keyboard.insertText(args);
    await page.keyboard.press('Control+S');
    await card(chat, 'Write other.txt').getByTestId('notice').waitFor();
    await workbench.screenshot('edit-arguments');
    assert.equal(workbench.read('app.txt'), APP);
    await editor.tab('other.txt (proposed)').waitFor();
    // What has only just come to be shown is not taken as seen.
    await until('the approval of what is shown now', async () => {
      if (existsSync(join(workbench.folder, 'other.txt'))) return true;
      await editor.editorAction('Approve').click({ timeout: 1000 });
      return false;
    });
    await chat.getByRole('log').getByText('With your arguments.').waitFor();
    assert.equal(workbench.read('app.txt'), APP);
    assert.equal(workbench.read('other.txt'), 'other\n');
    assert.match(told(), /changed your arguments/u);
  });
});
