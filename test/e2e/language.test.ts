import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { root } from '../host/paths.js';
import { pseudo, pseudoBundle, untranslated, wordsIn } from '../support/pseudo.ts';
import { card, press, say } from '../support/conversation.ts';
import { textsIn } from '../support/texts.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

/** A language that VS Code knows and has no words of: all that is translated is ours. */
const LANGUAGE = 'eo';
const REQUEST = 'create notes.md with Hello';

/** What is the same in every language: names, keys, and what the user and the demo wrote. */
const OWN = new Set([
  ...[
    'Countersign',
    'Ctrl',
    'Enter',
    'Esc',
    'Alt',
    'Backspace',
    'write',
    'file',
    'to',
    'md',
    'git',
  ],
  ...wordsIn(REQUEST),
]);

describe('the editor in another language', () => {
  let workbench: Workbench;

  before(async () => {
    const english = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<
      string,
      string
    >;
    const manifest = Object.fromEntries(
      Object.entries(english).map(([key, text]) => [key, pseudo(text)]),
    );
    workbench = await openWorkbench({
      files: { 'README.md': '# Hello\n' },
      language: { id: LANGUAGE, manifest, bundle: pseudoBundle() },
      // What is asked while the panel is still open is announced, too.
      settings: { 'countersign.notifications.editor': 'always' },
    });
  });

  after(async () => {
    await workbench.close();
  });

  const strays = (texts: readonly string[]): string[] =>
    texts.filter((text) => wordsIn(untranslated(text)).some((word) => !OWN.has(word)));
  const all = async (found: Locator): Promise<string[]> => {
    await found.first().waitFor();
    return found.allInnerTexts();
  };

  it('says nothing of ours in English, from the first message to the change that is approved', async () => {
    const { editor, page } = workbench;
    const chat = await workbench.openChat();
    await chat.getByTestId('found').waitFor();
    await workbench.screenshot('language-empty');
    assert.equal(await chat.locator('html').getAttribute('lang'), LANGUAGE);
    assert.deepEqual(strays(await textsIn(await workbench.chatFrame())), []);
    await say(chat, REQUEST);
    const asked = card(chat, 'notes.md');
    await asked.getByTestId('approve').waitFor();
    await workbench.screenshot('language-card');
    assert.deepEqual(strays(await textsIn(await workbench.chatFrame())), []);

    await asked.getByTestId('open-diff').click();
    await editor.tab('notes.md').first().waitFor();
    const titled = page.locator('.editor-actions .action-item a[aria-label*="⟦"]');
    await titled.first().waitFor();
    await workbench.screenshot('language-diff');

    await page.keyboard.press('F1');
    await editor.quickInput().fill('>Countersign: ');
    const rows = page.locator('.quick-input-list .monaco-list-row .label-name');
    const commands = (await all(rows)).filter((row) => row.startsWith('Countersign:'));
    await workbench.screenshot('language-palette');
    assert.ok(commands.length > 5, commands.join());
    assert.deepEqual(strays(commands), []);
    await page.keyboard.press('Escape');

    await press(asked, 'approve');
    await until('the file to be written', () => workbench.read('notes.md').startsWith('Hello'));
    await chat.locator('[data-state="applied"]').first().waitFor();
    await chat.locator('cs-answer[aria-busy="false"]').first().waitFor();
    await workbench.screenshot('language-applied');
    assert.deepEqual(strays(await textsIn(await workbench.chatFrame())), []);
  });

  it('says so, too, where the panel is not open', async () => {
    const { editor, page } = workbench;
    const chat = await workbench.openChat();
    await say(chat, 'create notes.md with Hello, Hello');
    await page.keyboard.press('Control+b');
    const notification = await editor.notification('notes.md');
    await workbench.screenshot('language-notification');
    assert.deepEqual(strays([await notification.text()]), []);
    const titles = page.locator('.pane-header h3, .composite.title h2').filter({ hasText: '⟦' });
    assert.deepEqual(strays(await titles.allInnerTexts()), []);
  });
});
