import assert from 'node:assert/strict';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

describe('flow 5: the demo model, with no key and no server', () => {
  let workbench: Workbench;

  before(async () => {
    const settings = { 'countersign.notifications.editor': 'always' };
    workbench = await openWorkbench({ files: { 'README.md': '# Hello World\n' }, settings });
  });

  after(async () => {
    await workbench.close();
  });

  it('does an edit through every other line of the real thing', async () => {
    const chat = await workbench.openChat();
    await chat.getByTestId('demo-badge').waitFor();
    await chat.getByTestId('composer').fill('replace World with Countersign in README.md');
    await chat.getByTestId('composer').press('Enter');
    const notification = await workbench.editor.notification('Edit README.md (+1 −1)');
    await chat.getByTestId('approve').waitFor();
    assert.equal(workbench.read('README.md'), '# Hello World\n');
    await notification.press('Review');
    await workbench.editor.tab('README.md (proposed)').waitFor();
    await workbench.editor.editorAction('Approve').click();
    await chat.getByRole('log').getByText('Done: you approved it').waitFor();
    assert.equal(workbench.read('README.md'), '# Hello Countersign\n');
  });

  it('reads, lists and searches without asking', async () => {
    const chat = await workbench.openChat();
    await chat.getByTestId('composer').fill('list files\nsearch Countersign\nread README.md');
    await chat.getByTestId('composer').press('Enter');
    await chat.getByRole('log').getByText('README.md:1: # Hello Countersign').waitFor();
    assert.equal(await chat.getByTestId('approve').count(), 0);
    await workbench.screenshot('demo-reads');
  });
});
