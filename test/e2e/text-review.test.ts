import assert from 'node:assert/strict';
import { toolMessages } from '../support/conversation.ts';
import { lens } from '../support/file-preview.ts';
import { type Reply, call } from '../support/model-chunks.ts';
import { APP, PROPOSED, change, useConversation } from '../support/text-proposals.ts';
import { lineOf, readAsText } from '../support/text-review.ts';
import { until } from '../support/until.ts';

describe('a proposal as plain text', () => {
  const conversation = useConversation();

  async function read(words: string, title: string, ...replies: Reply[]): Promise<void> {
    await readAsText(conversation(), words, title, ...replies);
  }

  async function line(text: string): Promise<void> {
    await lineOf(conversation().workbench, text);
  }

  async function cursorAt(number: number): Promise<void> {
    await conversation()
      .workbench.page.locator('.statusbar')
      .getByText(`Ln ${number}, Col 1`)
      .waitFor();
  }

  function told(): string {
    return String(toolMessages(conversation().server.lastRequest).at(-1)?.content);
  }

  it('is decided with single keys, as it stands there, and approved', async () => {
    const { workbench } = conversation();
    const { editor, page } = workbench;
    workbench.write({ 'app.txt': APP });
    await read('Change it', 'Edit app.txt', change('app.txt'), { text: 'Two of three.' });
    await line('Edit app.txt');
    await line('How much: 3 lines go, 3 lines come. 3 changes: 3 not decided.');
    await lens(page, 'Approve | Approve Accepted | Reject… | Open Diff');
    await page.keyboard.press('j');
    await cursorAt(17);
    await page.keyboard.press('y');
    await line('Change 1 of 3, line 3 of app.txt: 1 line goes, 2 lines come. Accepted.');
    await cursorAt(17);
    await page.keyboard.press('j');
    await cursorAt(27);
    await page.keyboard.press('n');
    await line(
      'Change 2 of 3, lines 10 to 11 of app.txt: 2 lines go. Rejected: it is not written.',
    );
    await cursorAt(27);
    await page.keyboard.press('c');
    await editor.answer('They are still needed');
    await line('  They are still needed');
    await cursorAt(27);
    await workbench.screenshot('text-review-decided');
    await page.keyboard.press('k');
    await cursorAt(17);
    await page.keyboard.press('Control+Home');
    await line(
      'How much: 1 line goes, 3 lines come. 3 changes: 1 accepted, 1 rejected, 1 not decided.',
    );
    assert.equal(workbench.read('app.txt'), APP);
    await until('the approval', async () => {
      if (workbench.read('app.txt') !== APP) return true;
      await page.keyboard.press('Control+Enter');
      return false;
    });
    await workbench.becomes('app.txt', PROPOSED.replace('line 9\n', 'line 9\nline 10\nline 11\n'));
    await line('It is approved, and applied.');
    await until('the model to be told', () => told().includes('They are still needed'));
    assert.equal(await editor.tab('(proposed)').count(), 0);
  });

  it('a approves what is accepted, and nothing else', async () => {
    const { workbench } = conversation();
    const { page } = workbench;
    workbench.write({ 'part.txt': APP });
    await read('A part of it', 'Edit part.txt', change('part.txt'), { text: 'One of three.' });
    await page.keyboard.press('j');
    await cursorAt(17);
    await page.keyboard.press('y');
    await line('Change 1 of 3, line 3 of part.txt: 1 line goes, 2 lines come. Accepted.');
    await until('the approval', async () => {
      if (workbench.read('part.txt') !== APP) return true;
      await page.keyboard.press('a');
      return false;
    });
    await workbench.becomes('part.txt', APP.replace('line 3\n', 'LINE 3\nand more\n'));
  });

  it('a question is read there, and answered from there', async () => {
    const { workbench } = conversation();
    const { editor, page } = workbench;
    const question = { question: 'Which\nof the two?', choices: ['This', 'That'] };
    await read('Decide', 'Which', call('request_clarification', question), { text: 'That, then.' });
    await line('The agent waits for your answer.');
    await line('  of the two?');
    await lens(page, 'Answer…');
    await page.keyboard.press('d');
    await editor.pick('That');
    await line('It is answered.');
    await until('the model to be told', () => told().includes('That'));
  });

  for (const [name, theme, kind] of [
    ['light', 'Default Light Modern', 'vs'],
    ['dark', 'Default Dark Modern', 'vs-dark'],
    ['high-contrast', 'Default High Contrast', 'hc-black'],
  ] as const) {
    it(`can be read in ${name}`, async () => {
      const { server, workbench } = conversation();
      const { page } = workbench;
      const path = `${name}.txt`;
      workbench.write({ [path]: APP });
      await read('Look', `Edit ${path}`, change(path), { text: 'Looked.' });
      workbench.configure({
        'workbench.colorTheme': theme,
        'countersign.baseUrl': server.baseUrl,
        'countersign.model': 'scripted',
      });
      await page.locator(`.monaco-workbench.${kind}`).waitFor();
      await lens(page, 'Approve');
      await workbench.screenshot(`text-review-${name}`);
      await page.keyboard.press('Alt+Backspace');
      await workbench.editor.answer('Seen');
      await line('It is rejected. Nothing was changed.');
    });
  }
});
