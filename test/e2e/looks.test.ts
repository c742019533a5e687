import assert from 'node:assert/strict';
import { type Conversation, card, openConversation, say } from '../support/conversation.ts';
import { violationsIn } from '../support/axe.ts';
import { call } from '../support/model-chunks.ts';
import { THEMES } from '../support/themes.ts';

const WIDTHS = { narrow: 640, wide: 1600 } as const;

describe('the panel in the real editor', () => {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation({
      files: { 'src/app.ts': 'export const greeting = "Hello";\n' },
    });
    const { server, workbench } = conversation;
    const edit = { path: 'src/app.ts', old_text: '"Hello"', new_text: '"Good morning, world"' };
    server.say(call('read_file', { path: 'src/app.ts' }));
    server.say({ text: 'The greeting is in `src/app.ts`.', ...call('replace_in_file', edit) });
    const chat = await workbench.openChat();
    await say(chat, 'Make the greeting friendlier');
    await card(chat, 'Edit src/app.ts').getByTestId('open-diff').click();
    await workbench.editor.tab('src/app.ts (proposed)').waitFor();
  });

  after(async () => {
    await conversation.close();
  });

  for (const [name, theme] of Object.entries(THEMES)) {
    for (const [size, width] of Object.entries(WIDTHS)) {
      it(`fits ${name}, ${size}`, async () => {
        const { workbench } = conversation;
        await workbench.page.setViewportSize({ width, height: 900 });
        conversation.configure({ 'workbench.colorTheme': theme });
        const chat = await workbench.openChat();
        await chat.locator(`body.vscode-${name}`).waitFor();
        await card(chat, 'Edit src/app.ts').getByTestId('approve').waitFor();
        await workbench.screenshot(`looks-${name}-${size}`);
        const frame = await workbench.chatFrame();
        if (size === 'narrow') return;
        // The page lets the side bar behind it show through, which axe does not see.
        await frame.evaluate(
          `document.documentElement.style.background = 'var(--vscode-sideBar-background)'`,
        );
        assert.deepEqual(await violationsIn(frame), []);
        const [content, room] = await frame.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        );
        assert.ok(content <= room, `${content} px of content in ${room} px`);
      });
    }
  }
});
