import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { type Conversation, openConversation, say, toolMessages } from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const LINES = Array.from({ length: 30 }, (_, line) => `line ${line + 1}`);
const APP = `${LINES.join('\n')}\n`;
/** One line replaced by two, two lines taken out, one put in. */
const PROPOSED = APP.replace('line 3\n', 'LINE 3\nand more\n')
  .replace('line 10\nline 11\n', '')
  .replace('line 20\n', 'line 20\nput in\n');
const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
} as const;

describe('a proposal in the file itself', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({ files: { 'app.txt': APP, 'other.txt': 'other\n' } });
  });

  after(async () => {
    await conversation.close();
  });

  it('is shown', async () => {
    const { server, workbench } = conversation;
    const { editor, page } = workbench;
    await editor.openFile('app.txt');
    server.say(call('write_file', { path: 'app.txt', content: PROPOSED }), { text: 'Done.' });
    const chat = await workbench.openChat();
    await say(chat, 'Change it');
    await page.locator('.codelens-decoration').filter({ hasText: 'Proposed +2' }).waitFor();
    await workbench.screenshot('inline-first');
    console.log(await page.locator('.codelens-decoration').allInnerTexts());
    for (const [name, theme] of Object.entries(THEMES)) {
      workbench.configure({
        'workbench.colorTheme': theme,
        'countersign.baseUrl': server.baseUrl,
        'countersign.model': 'scripted',
      });
      await new Promise((r) => setTimeout(r, 3000));
      await workbench.screenshot(`inline-${name}`);
    }
    await page.locator('.view-line', { hasText: 'line 3' }).first().hover();
    await new Promise((r) => setTimeout(r, 3000));
    await workbench.screenshot('inline-hover');
    await editor.runCommand('Countersign: Review as Plain Text');
    await new Promise((r) => setTimeout(r, 3000));
    await workbench.screenshot('text-first');
    await page.keyboard.press('j');
    await page.keyboard.press('y');
    await page.keyboard.press('j');
    await page.keyboard.press('n');
    await new Promise((r) => setTimeout(r, 3000));
    await workbench.screenshot('text-second');
    await editor.tab('app.txt').first().click();
    await new Promise((r) => setTimeout(r, 2000));
    await workbench.screenshot('inline-second');
  });
});
