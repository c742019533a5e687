import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
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

const SETTINGS = '.vscode/settings.json';
const TITLE = `Edit ${SETTINGS}`;

describe('what could not be taken back is asked about in a dialog of the editor', () => {
  let conversation: Conversation;
  let changes = 0;
  const old = (): string => `{"editor.tabSize": ${changes}}\n`;
  const next = (): string => `{"editor.tabSize": ${changes + 1}}\n`;

  before(async () => {
    conversation = await openConversation({ files: { [SETTINGS]: old() } });
  });
  after(async () => {
    await conversation.close();
  });

  /** Proposes the next edit of the settings; its card. */
  async function propose(): Promise<Locator> {
    const { server } = conversation;
    const chat = await startAnew(conversation);
    server.say(
      call('replace_in_file', {
        path: SETTINGS,
        old_text: `"editor.tabSize": ${changes}`,
        new_text: `"editor.tabSize": ${changes + 1}`,
      }),
      { text: 'Done.' },
    );
    await say(chat, `Change the settings once more, number ${changes}`);
    const proposal = card(chat, TITLE);
    await proposal.getByTestId('irrecoverable').waitFor();
    return proposal;
  }

  async function cancel(): Promise<void> {
    const { editor } = conversation.workbench;
    const dialog = editor.dialog(`Change ${SETTINGS}?`);
    await dialog.waitFor();
    await conversation.workbench.screenshot(`confirm-dialog-${changes}`);
    assert.equal(conversation.workbench.read(SETTINGS), old());
    await editor.pressInDialog('Cancel');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(conversation.workbench.read(SETTINGS), old());
  }

  /** Answers the dialog with yes, and waits until it is done and told. */
  async function confirm(): Promise<void> {
    const { server, workbench } = conversation;
    const { length } = server.requests;
    await workbench.editor.dialog(`Change ${SETTINGS}?`).waitFor();
    await workbench.editor.pressInDialog('Approve');
    const told = toolMessages(await server.waitForRequest(length + 1)).at(-1);
    assert.match(String(told?.content), /^Applied/u);
    assert.equal(workbench.read(SETTINGS), next());
    changes++;
  }

  it('from the card: Cancel leaves everything as it was, and the card can be answered again', async () => {
    const proposal = await propose();
    await approve(proposal);
    await cancel();
    await until('the card to be open again', () => proposal.getByTestId('approve').isEnabled());
    assert.equal(await proposal.getByTestId('error').count(), 0);
    await approve(proposal);
    await confirm();
  });

  it('from the title of the diff', async () => {
    const proposal = await propose();
    const { editor } = conversation.workbench;
    await proposal.getByTestId('open-diff').click();
    await editor.tab('settings.json (proposed)').waitFor();
    await until('Approve to be there', () => editor.isApprovable());
    await editor.editorAction('Approve').click();
    await cancel();
    assert.equal(await editor.isApprovable(), true);
    await editor.editorAction('Approve').click();
    await confirm();
  });

  it('by the keyboard alone', async () => {
    const proposal = await propose();
    const { editor, page } = conversation.workbench;
    await proposal.getByTestId('open-diff').click();
    await editor.tab('settings.json (proposed)').waitFor();
    await until('Approve to be there', () => editor.isApprovable());
    await editor.proposed().locator('.view-lines').first().click();
    await page.keyboard.press('Control+Enter');
    const dialog = editor.dialog(`Change ${SETTINGS}?`);
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(conversation.workbench.read(SETTINGS), old());
    await page.keyboard.press('Control+Enter');
    await confirm();
  });

  it('is never offered for approval by a notification', async () => {
    await propose();
    const { editor, page } = conversation.workbench;
    await page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    const notification = await editor.notification(TITLE);
    assert.deepEqual(
      (await notification.item.locator('.monaco-button').allInnerTexts()).map((one) => one.trim()),
      ['Review', 'Reject…'],
    );
  });
});
