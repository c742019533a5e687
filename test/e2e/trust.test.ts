import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

describe('a folder that is not trusted', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({
      trust: false,
      files: {
        'a.txt': 'a\n',
        '.vscode/settings.json': '{"countersign.baseUrl": "http://127.0.0.1:9/v1"}',
      },
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
    });
  });

  after(async () => {
    await workbench.close();
  });

  it('keeps the agent off until it is trusted, and no setting of its own counts', async () => {
    const chat = await workbench.openChat();
    await chat.getByRole('button', { name: 'Manage Trust' }).waitFor();
    await workbench.page.locator('.pane-header', { hasText: 'Approvals' }).click();
    await workbench.page.getByText('What waits is kept until then.').waitFor();
    await workbench.screenshot('trust-off');
    assert.equal(await chat.getByTestId('send').isEnabled(), false);

    await chat.getByRole('button', { name: 'Manage Trust' }).click();
    await workbench.page
      .locator('.workspace-trust-editor')
      .getByText('Trust', { exact: true })
      .click();
    await chat.getByTestId('demo-badge').waitFor();
    await chat.getByTestId('composer').fill('create b.txt with b');
    await chat.getByTestId('composer').press('Enter');
    await chat.getByTestId('approve').waitFor();
    assert.deepEqual(readdirSync(workbench.folder).sort(), ['.vscode', 'a.txt']);
  });

  it('stores nothing in the workspace', () => {
    assert.deepEqual(readdirSync(join(workbench.folder, '.vscode')), ['settings.json']);
  });
});
