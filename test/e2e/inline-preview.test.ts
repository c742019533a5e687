import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { say, startAnew, toolMessages } from '../support/conversation.ts';
import {
  hideSideBar,
  lens,
  lenses,
  marked,
  noLens,
  pressLens,
  writtenBehind,
} from '../support/file-preview.ts';
import { type Reply, call } from '../support/model-chunks.ts';
import { APP, PROPOSED, change, useConversation } from '../support/text-proposals.ts';
import { until } from '../support/until.ts';

const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
} as const;
const KINDS = { light: 'vs', dark: 'vs-dark', 'high-contrast': 'hc-black' } as const;

describe('a proposal in the file itself', () => {
  const names = ['stay', 'decide', 'keys', 'two', 'old', ...Object.keys(THEMES)];
  const conversation = useConversation({
    files: Object.fromEntries(names.map((name) => [`${name}.txt`, APP])),
  });

  /** Opens a file and has the agent propose something, with the cursor in the file meanwhile. */
  async function propose(words: string, file: string, ...replies: Reply[]): Promise<void> {
    const { server, workbench } = conversation();
    const { editor, page } = workbench;
    await editor.openFile(file);
    const clicked = Promise.withResolvers<undefined>();
    const [first = {}, ...others] = replies;
    server.say({ ...first, pause: clicked.promise }, ...others);
    await say(await workbench.openChat(), words);
    await page
      .locator('.editor-instance .view-line')
      .first()
      .click({ position: { x: 5, y: 5 } });
    clicked.resolve(undefined);
  }

  function told(): string {
    return String(toolMessages(conversation().server.lastRequest).at(-1)?.content);
  }

  it('stands at each change; nothing is opened, the focus and the text stay', async () => {
    const { workbench } = conversation();
    const { editor, page } = workbench;
    await propose('Change it', 'stay.txt', change('stay.txt'), { text: 'Done.' });
    await lens(page, 'Proposed +1 −0 (3 of 3)');
    assert.deepEqual(await lenses(page), [
      '“Change it” proposes 3 changes: 3 not decided (+3 −3) | Approve… | Review as Text',
      'Proposed +2 −1 (1 of 3) | Accept | Reject | Comment | Open Diff',
      'Proposed +0 −2 (2 of 3) | Accept | Reject | Comment | Open Diff',
      'Proposed +1 −0 (3 of 3) | Accept | Reject | Comment | Open Diff',
    ]);
    await until('what comes', async () => (await writtenBehind(page)).length === 2);
    assert.deepEqual(await writtenBehind(page), ['→ LINE 3 ⏎ and more', '+ put in']);
    assert.equal(await marked(page).count(), 3);
    assert.equal(await page.locator('.editor-instance .monaco-editor.focused').count(), 1);
    assert.equal(await page.locator('.tabs-container .tab').count(), 1);
    assert.equal(await page.locator('.part.panel').isVisible(), false);
    // What is typed goes into the file, and the proposal is put on top of it.
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('my ');
    await page.locator('.view-line', { hasText: /^my.line.1$/u }).waitFor();
    await (await workbench.openChat()).getByTestId('notice').getByText('shown anew').waitFor();
    await lens(page, 'Proposed +1 −0 (3 of 3)');
    await page.locator('.view-line', { hasText: /^my.line.1$/u }).click();
    await page.keyboard.press('Control+S');
    await editor.tab('stay.txt').and(page.locator(':not(.dirty)')).waitFor();
    await lens(page, 'Proposed +1 −0 (3 of 3)');
    assert.equal(workbench.read('stay.txt'), `my ${APP}`);
  });

  it('is accepted and rejected there, with the panel closed, and approved in the diff', async () => {
    const { workbench } = conversation();
    const { editor, page } = workbench;
    await propose('Decide it', 'decide.txt', change('decide.txt'), { text: 'Two of three.' });
    await hideSideBar(workbench);
    await pressLens(page, 'Proposed +2 −1 (1 of 3)', 'Accept');
    await lens(page, 'Accepted +2 −1 (1 of 3) | Reject | Comment');
    // The lines that go have the whole change in their hover.
    await page
      .locator('.view-line', { hasText: /^line.10$/u })
      .hover({ position: { x: 20, y: 8 } });
    const hover = page.locator('.monaco-hover').filter({ hasText: 'Proposed +0 −2' });
    await hover.locator('code, .monaco-tokenized-source').filter({ hasText: '-line 11' }).waitFor();
    await workbench.screenshot('inline-hover');
    await hover.getByText('Reject', { exact: true }).click();
    await lens(page, 'Rejected +0 −2 (2 of 3) | Accept | Comment');
    await page.mouse.move(5, 5);
    await hover.waitFor({ state: 'hidden' });
    await lens(page, '“Decide it” proposes 3 changes: 1 accepted, 1 rejected, 1 not decided');
    await until('only one line to be marked', async () => (await marked(page).count()) === 1);
    await pressLens(page, 'Rejected +0 −2', 'Comment');
    await editor.answer('They are still needed');
    await lens(page, 'Rejected +0 −2 (2 of 3) | Accept | Change Comment');
    await workbench.screenshot('inline-decided');

    await pressLens(page, '“Decide it”', 'Approve…');
    await editor.tab('decide.txt (proposed)').waitFor();
    assert.equal(workbench.read('decide.txt'), APP);
    await editor.editorAction('Approve the Rest').click();
    await workbench.becomes(
      'decide.txt',
      PROPOSED.replace('line 9\n', 'line 9\nline 10\nline 11\n'),
    );
    await editor.tab('(proposed)').waitFor({ state: 'detached' });
    await noLens(page);
    assert.equal(await marked(page).count(), 0);
    await until('the model to be told', () => told().includes('They are still needed'));
  });

  it('is decided by keyboard only', async () => {
    const { workbench } = conversation();
    const { editor, page } = workbench;
    await propose('By keys', 'keys.txt', change('keys.txt'), { text: 'By keys.' });
    await hideSideBar(workbench);
    await lens(page, 'Proposed +1 −0 (3 of 3)');
    const line = (number: number): Promise<void> =>
      page.locator('.statusbar').getByText(`Ln ${number}, Col 1`).waitFor();
    await page.locator('.editor-instance .monaco-editor.focused').waitFor();
    await page.keyboard.press('Alt+F5');
    await line(3);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('n');
    await lens(page, 'Rejected +2 −1 (1 of 3)');
    await page.keyboard.press('Alt+F5');
    await line(10);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('y');
    await lens(page, 'Accepted +0 −2 (2 of 3)');
    await page.keyboard.press('Shift+Alt+F5');
    await line(3);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('y');
    await lens(page, 'Accepted +2 −1 (1 of 3)');
    await editor.runCommand('Countersign: Open the Diff of the Change');
    await editor.tab('keys.txt (proposed)').waitFor();
    await editor.editorAction('Approve').first().waitFor();
    await editor.proposedFocused().waitFor();
    await page.keyboard.press('Control+Enter');
    await workbench.becomes('keys.txt', PROPOSED);
    await editor.tab('(proposed)').waitFor({ state: 'detached' });
  });

  it('says of two for one file whose they are, and leads to each', async () => {
    const { workbench } = conversation();
    const { editor, page } = workbench;
    await propose('First', 'two.txt', change('two.txt'), { text: 'First.' });
    await lens(page, 'Proposed +1 −0 (3 of 3)');
    await startAnew(conversation());
    const old = 'line 2\nline 3\nline 4';
    const second = { path: 'two.txt', old_text: old, new_text: old.replace('line 3', 'third') };
    await propose('Second', 'two.txt', call('replace_in_file', second), { text: 'Second.' });
    const shared =
      '“First”: Proposed +2 −1 (1 of 3) | Accept | Reject | “Second”: Proposed +1 −1 (1 of 1) | Accept | Reject';
    assert.equal(await lens(page, shared), shared);
    await lens(page, '2 proposals wait for this file | Choose… | “First” proposes 3 changes');
    await until('what comes', async () => (await writtenBehind(page)).length === 3);
    assert.deepEqual((await writtenBehind(page)).toSorted(), [
      '+ “First”: put in',
      '→ “First”: LINE 3 ⏎ and more',
      '→ “Second”: third',
    ]);
    await workbench.screenshot('inline-two');
    // By keys, it is asked which of the two is meant.
    await page.keyboard.press('Alt+F5');
    await page.keyboard.press('Control+K');
    await page.keyboard.press('n');
    await page.getByText('Several proposals change this').waitFor();
    await workbench.screenshot('inline-which');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await lens(page, '“First”: Proposed +2 −1 (1 of 3) | Accept | Reject | “Second”: Rejected');
    await pressLens(page, '2 proposals', 'Choose…');
    const rows = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Edit two.txt' });
    await rows.filter({ hasText: 'Second' }).click();
    await editor.tab('two.txt (proposed)').waitFor();
    assert.equal(workbench.read('two.txt'), APP);
  });

  it('a file that goes, or goes elsewhere, says so in one place', async () => {
    const { workbench } = conversation();
    const { page } = workbench;
    await propose('Drop it', 'old.txt', call('delete_file', { path: 'old.txt' }), {
      text: 'Kept.',
    });
    await lens(page, '“Drop it” proposes to delete this file');
    assert.equal((await lenses(page)).length, 1);
    await pressLens(page, '“Drop it”', 'Reject');
    await lens(page, '“Drop it” proposes to delete this file: 1 change: 1 rejected');
    assert.ok(existsSync(join(workbench.folder, 'old.txt')));
  });

  for (const [name, theme] of Object.entries(THEMES) as [keyof typeof THEMES, string][]) {
    it(`can be read in ${name}`, async () => {
      const { server, workbench } = conversation();
      const { page } = workbench;
      await propose('Look', `${name}.txt`, change(`${name}.txt`), { text: 'Looked.' });
      workbench.configure({
        'workbench.colorTheme': theme,
        'countersign.baseUrl': server.baseUrl,
        'countersign.model': 'scripted',
      });
      await page.locator(`.monaco-workbench.${KINDS[name]}`).waitFor();
      await lens(page, 'Proposed +1 −0 (3 of 3)');
      await until('what comes', async () => (await writtenBehind(page)).length >= 2);
      await workbench.screenshot(`inline-${name}`);
    });
  }
});
