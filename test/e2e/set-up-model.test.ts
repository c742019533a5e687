import assert from 'node:assert/strict';
import { say } from '../support/conversation.ts';
import { ModelServer } from '../support/model-server.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

describe('setting up a model', () => {
  let workbench: Workbench;
  let server: ModelServer;

  before(async () => {
    server = await ModelServer.start({ models: ['small', 'large'] });
    workbench = await openWorkbench({ files: { 'a.txt': 'a\n' } });
  });

  after(async () => {
    await workbench.close();
    await server.close();
  });

  it('asks for the server and its model, and the next message goes there', async () => {
    const { editor } = workbench;
    const chat = await workbench.openChat();
    await chat.getByTestId('found').getByText('Demo model, built in and offline').waitFor();
    await workbench.screenshot('first-run');
    await chat.getByTestId('found').getByRole('button', { name: 'Set up a model' }).click();
    await editor.pick('Another OpenAI-compatible server…');
    await editor.quickInput().fill('localhost');
    await workbench.page.getByText('An address begins with').waitFor();
    await editor.answer(server.baseUrl);
    await editor.pick('large');
    await chat
      .getByText(`large · ${new URL(server.baseUrl).host}`)
      .first()
      .waitFor();
    server.say({ text: 'At your service.' });
    await say(chat, 'Hello');
    await chat.getByRole('log').getByText('At your service.').waitFor();
    assert.equal(server.lastRequest.model, 'large');
    assert.equal(await chat.getByTestId('demo-badge').count(), 0);
  });

  it('leaves everything as it was when it is dismissed', async () => {
    const { editor, page } = workbench;
    const chat = await workbench.openChat();
    await editor.runCommand('Countersign: Set Up a Model…');
    await page.getByText('Set up a model (1 of 3)').waitFor();
    await page.keyboard.press('Escape');
    await editor.quickInput().waitFor({ state: 'hidden' });
    await chat
      .getByText(`large · ${new URL(server.baseUrl).host}`)
      .first()
      .waitFor();
  });
});
