import assert from 'node:assert/strict';
import { A, A_AGENT, PATCH } from '../support/changes.ts';
import { call } from '../support/model-chunks.ts';
import { useReviewing } from '../support/reviewing.ts';
import { until } from '../support/until.ts';

describe('changes in a diff', () => {
  const reviewing = useReviewing();

  it('is decided from menus; a comment is taken away; the status bar leads to what is open', async () => {
    const { changes, workbench } = reviewing();
    const { editor, page } = workbench;
    const proposed = editor.proposed();
    const choose = async (label: string): Promise<void> => {
      await workbench.screenshot(`changes-menu-${label}`);
      await page.locator('.monaco-menu .action-label', { hasText: label }).first().click();
    };
    await reviewing().reviewA();
    await changes.thread(1).waitFor();
    await proposed.locator('.view-line', { hasText: 'LINE 2' }).first().click({ button: 'right' });
    await choose('Accept Change');
    await changes.thread(1, ' · accepted').waitFor();
    await proposed.locator('.line-numbers', { hasText: /^8$/u }).first().click({ button: 'right' });
    await choose('Reject Change');
    await changes.thread(2, ' · rejected').waitFor();
    await changes.goTo(4);
    await proposed.locator('.view-line', { hasText: 'LINE 20' }).first().click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowDown');
    const line = proposed.locator('.view-line', { hasText: 'LINE 20' }).first();
    await line.click({ button: 'right', position: { x: 20, y: 8 } });
    await choose('Accept Selected Lines');
    await changes.thread(4, '.*').getByText('LINE 21').waitFor();
    await changes.comment(4, 'Never mind');
    const comment = changes.thread(4, '.*').locator('.review-comment', { hasText: 'Never mind' });
    await comment.hover();
    await comment.locator('.action-label[aria-label^="Remove Comment"]').click();
    await comment.waitFor({ state: 'detached' });
    for (const at of [26, 13, 26]) {
      await page.locator('.statusbar').getByText('accepted, 1 rejected').click();
      await changes.says(`Ln ${at}, Col 1`);
    }
    await reviewing().decide('Approve the Rest');
    const wanted = A_AGENT.replace('line 7\nnew 7a\nnew 7b\n', 'line 7\n').replace('LINE 21\n', '');
    assert.equal(workbench.read('a.txt'), wanted);
  });

  it("has the language's features on the side that is proposed", async () => {
    const { changes, workbench } = reviewing();
    const { editor, page } = workbench;
    workbench.write({ 'style.css': 'body {\n}\n' });
    const content = 'body {\n  color: red;\n}\n';
    await reviewing().review('Edit style.css', call('write_file', { path: 'style.css', content }));
    await changes.thread(1).waitFor();
    await editor.goToLine(editor.proposed(), 'color');
    await page.keyboard.press('Enter');
    await page.keyboard.type('backgr');
    const suggested = page.locator('.suggest-widget .monaco-list-row');
    await until('what the language knows', async () => {
      if ((await suggested.filter({ hasText: 'background-color' }).count()) > 0) return true;
      await page.keyboard.press('Control+Space');
      return false;
    });
    await workbench.screenshot('changes-suggest');
    await page.keyboard.press('Escape');
    const word = editor.proposed().locator('.view-line span').getByText('color', { exact: true });
    await word.first().hover();
    await page.locator('.monaco-hover').getByText('color of an element').waitFor();
    await workbench.screenshot('changes-language');
    await editor.editorAction('Reject').click();
    await editor.answer('');
    await editor.tab('(proposed').waitFor({ state: 'detached' });
  });

  const THEMES = {
    light: 'Default Light Modern',
    dark: 'Default Dark Modern',
    contrast: 'Default High Contrast',
  };

  it('are readable in every theme, side by side and in one column', async () => {
    const { changes, workbench } = reviewing();
    await reviewing().review('Change 2 files', call('apply_patch', { patch: PATCH }));
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
