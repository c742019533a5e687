import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import {
  type Conversation,
  approve,
  card,
  openConversation,
  say,
  startAnew,
  startRejecting,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const replace = (path: string, from: string, to: string): Record<string, string> => ({
  path,
  old_text: from,
  new_text: to,
});

const CONFIG = '# Settings\n\nlevel = 1\n\nname = x\n';

describe('flow 4: stale proposals, and siblings in the opposite order', () => {
  let conversation: Conversation;
  let chat: FrameLocator;

  before(async () => {
    const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'config.ini': CONFIG, 'gone.txt': 'here\n' };
    conversation = await openConversation({ files });
  });

  beforeEach(async () => {
    conversation.workbench.write({ 'config.ini': CONFIG });
    chat = await startAnew(conversation);
  });

  after(async () => {
    await conversation.close();
  });

  /** Has the agent propose an edit of config.ini, and answers its card. */
  async function raise(to: string, answer: string): Promise<Locator> {
    const { server } = conversation;
    server.say(call('replace_in_file', replace('config.ini', 'level = 1', `level = ${to}`)), {
      text: answer,
    });
    await say(chat, `Raise it to ${to}`);
    const proposal = card(chat, 'Edit config.ini');
    await proposal.getByTestId('approve').waitFor();
    return proposal;
  }

  function told(): string {
    return String(toolMessages(conversation.server.lastRequest).at(-1)?.content);
  }

  it('APR-01, FS-08: what changed on disk is kept; the proposal is shown anew, on top of it', async () => {
    const { server, workbench } = conversation;
    const proposal = await raise('2', 'Both are in.');
    await proposal.and(chat.locator('[data-armed="true"]')).waitFor();
    workbench.write({ 'config.ini': `${CONFIG}mine = yes\n` });
    // At once, whatever the card says by then.
    await proposal.getByTestId('approve').click({ force: true });
    await proposal.getByTestId('notice').getByText('changed after the proposal').waitFor();
    await workbench.screenshot('flow-4-stale');
    assert.equal(workbench.read('config.ini'), `${CONFIG}mine = yes\n`);
    assert.equal(server.left, 1);

    await approve(proposal);
    await chat.getByRole('log').getByText('Both are in.').waitFor();
    assert.equal(
      workbench.read('config.ini'),
      `${CONFIG.replace('level = 1', 'level = 2')}mine = yes\n`,
    );
    assert.match(told(), /^Applied/u);
  });

  it('APR-02, FS-14: what is typed after the preview stays, on the disk and in the editor', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await editor.openFile('config.ini');
    const proposal = await raise('3', 'With what was typed.');
    const file = page.locator('.editor-instance .monaco-editor').first();
    await editor.goToLine(file, 'name = x');
    await page.keyboard.type('yz');
    await proposal.and(chat.locator('[data-armed="true"]')).waitFor();
    // At once, whatever the card says by then.
    await proposal.getByTestId('approve').click({ force: true });
    await proposal.getByTestId('notice').getByText('changed after the proposal').waitFor();
    assert.equal(workbench.read('config.ini'), CONFIG);
    assert.equal(await file.locator('.view-line', { hasText: 'name = xyz' }).count(), 1);
    assert.equal(await file.locator('.view-line', { hasText: 'level = 1' }).count(), 1);
    await workbench.screenshot('flow-4-typed');

    // The undo history is as it was: what was typed can be taken back.
    await editor.goToLine(file, 'name = xyz');
    await page.keyboard.press('Control+Z');
    await file.locator('.view-line', { hasText: /^name.=.x$/u }).waitFor();
    await page.keyboard.press('Control+Y');
    await file.locator('.view-line', { hasText: 'name = xyz' }).waitFor();

    await approve(proposal);
    await chat.getByRole('log').getByText('With what was typed.').waitFor();
    assert.equal(
      workbench.read('config.ini'),
      CONFIG.replace('level = 1', 'level = 3').replace('name = x', 'name = xyz'),
    );
  });

  it('FS-10: a file that is deleted meanwhile is not made again', async () => {
    const { server, workbench } = conversation;
    server.say(call('replace_in_file', replace('gone.txt', 'here', 'there')), { text: 'I see.' });
    await say(chat, 'Change gone.txt');
    const proposal = card(chat, 'Edit gone.txt');
    await proposal.getByTestId('approve').waitFor();
    rmSync(join(workbench.folder, 'gone.txt'));
    await proposal.getByTestId('notice').getByText('does not fit the files').waitFor();
    assert.equal(await proposal.getByTestId('approve').isEnabled(), false);
    await workbench.screenshot('flow-4-gone');
    await (await startRejecting(proposal)).press('Enter');
    await chat.getByRole('log').getByText('I see.').waitFor();
    assert.ok(!existsSync(join(workbench.folder, 'gone.txt')));
  });

  it('decides two calls of one reply in the opposite order, each applied at once', async () => {
    const { server, workbench } = conversation;
    server.say({
      toolCalls: [
        { name: 'replace_in_file', args: replace('a.txt', 'a', 'A') },
        { name: 'replace_in_file', args: replace('b.txt', 'b', 'B') },
      ],
    });
    server.say({ text: 'Only the second one.' });
    await say(chat, 'Both in capitals');
    await workbench.editor.notification('2 approvals wait for you');
    await approve(card(chat, 'Edit b.txt'));
    await until('b.txt to be written', () => workbench.read('b.txt') === 'B\n');
    assert.equal(workbench.read('a.txt'), 'a\n');
    const before = server.requests.length;
    await (await startRejecting(card(chat, 'Edit a.txt'))).press('Enter');
    await chat.getByRole('log').getByText('Only the second one.').waitFor();
    assert.equal(server.requests.length, before + 1);
    const results = toolMessages(server.lastRequest).slice(-2);
    assert.match(String(results[0]?.content), /^Rejected by the user, without a reason/u);
    assert.match(String(results[1]?.content), /^Applied/u);
    assert.equal(workbench.read('a.txt'), 'a\n');
    await workbench.screenshot('flow-4-siblings');
  });
});
