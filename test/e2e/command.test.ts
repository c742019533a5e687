import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import {
  type Conversation,
  approve,
  card,
  openConversation,
  press,
  say,
  startAnew,
  toolMessages,
} from '../support/conversation.ts';
import { commandIn, freezeCommand } from '../support/frozen-command.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

describe('a command that waits', () => {
  let conversation: Conversation;
  let calls = 0;

  before(async () => {
    conversation = await openConversation({ files: { 'a.txt': 'a\n' } });
  });
  after(async () => {
    await conversation.close();
  });

  /** No tool proposes commands yet: it is frozen for a call while the model still speaks. */
  async function propose(): Promise<Locator> {
    const { server, workbench } = conversation;
    const chat = await startAnew(conversation);
    const toolCallId = `command-${++calls}`;
    const frozen = Promise.withResolvers<undefined>();
    const one = call('write_file', { path: 'a.txt', content: 'never' }, toolCallId);
    server.say({ ...one, pause: frozen.promise }, { text: 'I see.' });
    const { length } = server.requests;
    await say(chat, `Run the tests, number ${calls}`);
    await server.waitForRequest(length + 1);
    await freezeCommand(workbench.storageFolder, { toolCallId }, commandIn(workbench.folder));
    frozen.resolve(undefined);
    const proposal = card(chat, 'Run npm test');
    await proposal.getByTestId('argument').first().waitFor();
    return proposal;
  }

  async function told(): Promise<string> {
    const { server } = conversation;
    await until('the answer to be told', () => server.left === 0);
    return String(toolMessages(server.lastRequest).at(-1)?.content);
  }

  it('is on a card, is asked about in a dialog with all of it, and is not run by anything', async () => {
    const proposal = await propose();
    const { workbench } = conversation;
    assert.deepEqual(await proposal.getByTestId('argument').allInnerTexts(), ['npm', 'test']);
    await workbench.screenshot('command-card');
    await approve(proposal);
    const dialog = workbench.editor.dialog('Run npm test?');
    await dialog.getByText('Argument 1: "test"').waitFor();
    await dialog.getByText(`Folder: ${workbench.folder}`).waitFor();
    assert.ok(!(await dialog.innerText()).includes('hush'));
    await workbench.screenshot('command-dialog');
    await workbench.editor.pressInDialog('Approve');
    assert.match(await told(), /^Failed: .*nothing was run/u);
    assert.equal(workbench.read('a.txt'), 'a\n');
  });

  it('is edited on the card', async () => {
    const proposal = await propose();
    const { editor } = conversation.workbench;
    await proposal.getByTestId('edit-command').click();
    await proposal.getByTestId('answer-box').fill('["npm", "run", "lint"]');
    await press(proposal, 'send-answer');
    await editor.dialog('Run npm run lint?').waitFor();
    await editor.pressInDialog('Cancel');
    assert.equal(await proposal.getByTestId('answer-box').inputValue(), '["npm", "run", "lint"]');
    await proposal.getByTestId('cancel-answer').click();
    await press(proposal, 'reject');
    await proposal.getByTestId('reason').fill('not today');
    await proposal.getByTestId('reason').press('Enter');
    assert.match(await told(), /^Rejected by the user\. It was not run\. The reason: not today/u);
  });

  it('is listed by the notification with all of it, and answered there', async () => {
    await propose();
    const { editor, page } = conversation.workbench;
    await page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    const notification = await editor.notification('Run npm test, in ');
    const buttons = await notification.item.locator('.monaco-button').allInnerTexts();
    assert.deepEqual(
      buttons.map((one) => one.trim()),
      ['Review', 'Reject…'],
    );
    await notification.press('Review');
    await page.locator('.quick-input-list').getByText('Argument 0: "npm"').waitFor();
    await conversation.workbench.screenshot('command-quick-pick');
    await editor.pick('Approve…');
    await editor.dialog('Run npm test?').waitFor();
    await editor.pressInDialog('Cancel');
    await editor.runCommand('Countersign: Review Pending Approval');
    await editor.pick('Reject…');
    await editor.answer('later');
    assert.match(await told(), /The reason: later/u);
  });
});
