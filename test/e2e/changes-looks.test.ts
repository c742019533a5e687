import assert from 'node:assert/strict';
import { A, Changes, FILES, PATCH } from '../support/changes.ts';
import { type Conversation, openConversation, say } from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

describe('the looks of changes in a diff', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: FILES });
  });
  after(async () => {
    await conversation.close();
  });

  const THEMES = {
    light: 'Default Light Modern',
    dark: 'Default Dark Modern',
    contrast: 'Default High Contrast',
  };

  it('are readable in every theme, side by side and in one column', async () => {
    const { server, workbench } = conversation;
    const { editor } = workbench;
    const changes = new Changes(workbench);
    server.say(call('apply_patch', { patch: PATCH }));
    await say(await workbench.openChat(), 'Do it');
    await workbench.page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    await (await editor.notification('Change 2 files')).press('Review');
    await changes.press(1, 'Reject', 'rejected');
    await changes.press(2, 'Accept', 'accepted');
    await changes.comment(2, 'Are both needed?');
    for (const [name, theme] of Object.entries(THEMES)) {
      for (const sideBySide of [true, false]) {
        const look = {
          'workbench.colorTheme': theme,
          'diffEditor.renderSideBySide': sideBySide,
          'diffEditor.hideUnchangedRegions.enabled': true,
        };
        workbench.write({ '.vscode/settings.json': JSON.stringify(look) });
        const themed = workbench.page.locator(
          name === 'contrast'
            ? '.monaco-workbench.hc-black'
            : `.monaco-workbench.vs${name === 'dark' ? '-dark' : ''}`,
        );
        await themed.waitFor();
        const old = workbench.page.locator('.monaco-diff-editor .editor.original').first();
        await until('the layout', async () => {
          const width = (await old.boundingBox())?.width ?? 0;
          return width > 200 === sideBySide;
        });
        await changes.thread(2, ' · accepted').waitFor();
        await workbench.screenshot(`changes-${name}-${sideBySide ? 'split' : 'column'}`);
      }
    }
    assert.equal(workbench.read('a.txt'), A);
  });
});
