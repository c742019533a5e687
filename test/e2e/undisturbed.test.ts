import assert from 'node:assert/strict';
import { type Conversation, openConversation, say } from '../support/conversation.ts';
import { until } from '../support/until.ts';

const COUNT = 20;
const LINES = Array.from({ length: 200 }, (_, at) => `note ${at + 1}`);
const NOTES = LINES.join('\n') + '\n';
const TYPED = 'Every single key that somebody presses has to arrive where it was meant to go. ';

describe('somebody who types in another file', () => {
  let conversation: Conversation;

  before(async () => {
    const files = Object.fromEntries(
      Array.from({ length: COUNT }, (_, at) => [`file-${at}.txt`, 'a\nb\nc\n']),
    );
    conversation = await openConversation({ files: { ...files, 'notes.txt': NOTES } });
  });
  after(async () => {
    await conversation.close();
  });

  it('loses no key, focus, selection or scroll position while twenty proposals come in', async () => {
    const { server, workbench } = conversation;
    const { editor, page } = workbench;
    let come = (): void => undefined;
    const pause = new Promise<void>((resolve) => {
      come = resolve;
    });
    server.say({
      text: 'Twenty files at once.',
      pause,
      toolCalls: Array.from({ length: COUNT }, (_, at) => ({
        name: 'write_file',
        args: { path: `file-${at}.txt`, content: 'a\nB\nc\n' },
      })),
    });
    const chat = await workbench.openChat();
    await say(chat, 'Change them all');
    await server.waitForRequest(1);
    await editor.openFile('notes.txt');
    const text = page.locator('.editor-instance .monaco-editor');
    await text.locator('.view-line').first().click();
    await page.keyboard.press('Control+G');
    await editor.answer(':100');
    await page.keyboard.press('End');
    await page.locator('.statusbar').getByText('Ln 100, Col 9').waitFor();
    const scroll = async (): Promise<string> => {
      const shown = (await text.locator('.line-numbers').allInnerTexts()).map(Number);
      return shown.toSorted((a, b) => a - b).join(' ');
    };
    const before = await scroll();
    const tabs = await page.locator('.tabs-container .tab').allInnerTexts();

    const typing = page.keyboard.type(TYPED, { delay: 60 });
    come();
    await typing;
    // Looking for it behind the bell would take the focus.
    await page.locator('.notification-list-item', { hasText: 'approvals wait' }).waitFor();
    const cards = chat.locator('[data-item-id][data-kind="tool"]');
    await until('all proposals', async () => (await cards.count()) === COUNT);
    await workbench.screenshot('undisturbed');
    assert.equal(await scroll(), before);
    assert.deepEqual(await page.locator('.tabs-container .tab').allInnerTexts(), tabs);
    await page
      .locator('.statusbar')
      .getByText(`Ln 100, Col ${9 + TYPED.length}`)
      .waitFor();
    await page.keyboard.type('end');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Control+C');
    await page
      .locator('.statusbar')
      .getByText(/selected/u)
      .waitFor();
    await page.keyboard.press('Control+S');
    const wanted = LINES.with(99, `note 100${TYPED}end`).join('\n') + '\n';
    await workbench.becomes('notes.txt', wanted);
  });
});
