import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import {
  type Conversation,
  approve,
  card,
  openConversation,
  say,
  startAnew,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const TEXT = 'one\ntwo\nthree\n';

describe('files that are open in the editor', () => {
  let conversation: Conversation;
  let chat: FrameLocator;

  before(async () => {
    conversation = await openConversation({
      files: {
        'dirty.txt': TEXT,
        'clean.txt': TEXT,
        'data.json': '{\n  "a": 1\n}\n',
        '.vscode/settings.json': JSON.stringify({
          'editor.formatOnSave': true,
          'files.autoSave': 'off',
          'files.trimTrailingWhitespace': true,
          'files.insertFinalNewline': true,
        }),
      },
    });
  });

  beforeEach(async () => {
    chat = await startAnew(conversation);
  });

  after(async () => {
    await conversation.close();
  });

  async function propose(path: string, to: string, answer: string): Promise<Locator> {
    const { server } = conversation;
    const args = { path, old_text: 'two', new_text: to };
    server.say(call('replace_in_file', args), { text: answer });
    await say(chat, `Change ${path}`);
    const proposal = card(chat, `Edit ${path}`);
    await proposal.getByTestId('approve').waitFor();
    return proposal;
  }

  function told(): string {
    return String(toolMessages(conversation.server.lastRequest).at(-1)?.content);
  }

  function line(text: string): Locator {
    const { page } = conversation.workbench;
    return page.locator('.editor-instance .monaco-editor .view-line').getByText(text, {
      exact: true,
    });
  }

  it('FS-13: the preview of a file with unsaved changes is on top of them, and says so', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await editor.openFile('dirty.txt');
    await editor.goToLine(page.locator('.editor-instance .monaco-editor'), 'three');
    await page.keyboard.type(' typed');
    const proposal = await propose('dirty.txt', 'TWO', 'On top of what you typed.');
    await proposal.getByText('has unsaved changes').first().waitFor();
    await proposal.getByText('three typed').waitFor();
    await workbench.screenshot('open-dirty');
    assert.equal(workbench.read('dirty.txt'), TEXT);

    await approve(proposal);
    await chat.getByRole('log').getByText('On top of what you typed.').waitFor();
    assert.equal(workbench.read('dirty.txt'), 'one\nTWO\nthree typed\n');
    assert.match(told(), /^Applied\. The user approved the change/u);
    await line('TWO').waitFor();
    assert.equal(await editor.tab('dirty.txt').and(page.locator('.dirty')).count(), 0);
    await workbench.screenshot('open-dirty-done');

    await line('one').click();
    await page.keyboard.press('Control+Z');
    await line('two').waitFor();
    await line('three typed').waitFor();
    await page.keyboard.press('Control+Z');
    await line('three').waitFor();
    await editor.runCommand('File: Revert File');
  });

  it('an open file is changed in its editor, and one step of undo brings the text back', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await editor.openFile('clean.txt');
    const proposal = await propose('clean.txt', 'TWO\nand a half', 'There.');
    await approve(proposal);
    await chat.getByRole('log').getByText('There.').waitFor();
    assert.equal(workbench.read('clean.txt'), 'one\nTWO\nand a half\nthree\n');
    await line('and a half').waitFor();
    await line('one').click();
    await page.keyboard.press('Control+Z');
    await line('two').waitFor();
    await page.keyboard.press('Control+S');
    await until('the text as it was', () => workbench.read('clean.txt') === TEXT);
  });

  it('APR-23, FS-17: what a formatter makes of it on save is said, to the user and to the model', async () => {
    const { server, workbench } = conversation;
    const { editor } = workbench;
    await editor.openFile('data.json');
    await line('"a": 1').waitFor();
    const content = '{"a":1,\n"b":2}   \n';
    server.say(call('write_file', { path: 'data.json', content }), { text: 'Formatted.' });
    await say(chat, 'Write data.json');
    const proposal = card(chat, 'Edit data.json');
    await approve(proposal);
    await chat.getByRole('log').getByText('Formatted.').waitFor();
    assert.equal(workbench.read('data.json'), '{\n  "a": 1,\n  "b": 2\n}\n');
    assert.match(told(), /changed by a formatter/u);
    await proposal.getByText('changed by a formatter').waitFor();
    await workbench.screenshot('open-formatted');

    // Undo knows what the formatter left.
    await proposal.getByTestId('undo').click();
    await until('the data as it was', () => workbench.read('data.json') === '{\n  "a": 1\n}\n');
  });

  it('a file that is not open gets exactly the approved bytes, whatever formatters there are', async () => {
    const { server, workbench } = conversation;
    const content = '{"x":1}   ';
    server.say(call('write_file', { path: 'closed.json', content }), { text: 'To the byte.' });
    await say(chat, 'Write closed.json');
    await approve(card(chat, 'Write closed.json'));
    await chat.getByRole('log').getByText('To the byte.').waitFor();
    assert.equal(workbench.read('closed.json'), content);
    assert.equal(await workbench.editor.tab('closed.json').count(), 0);
  });
});
