import assert from 'node:assert/strict';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

describe('the chat view', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ files: { 'README.md': '# Hello\n' } });
  });

  after(async () => {
    await workbench.close();
  });

  it('opens from the activity bar', async () => {
    const chat = await workbench.openChat();
    await workbench.screenshot('chat-view');
    assert.equal(await chat.locator('cs-app').count(), 1);
  });
});
