import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import {
  type Conversation,
  card,
  openConversation,
  say,
  startAnew,
} from '../support/conversation.ts';
import type { ChatRequest } from '../support/model-server.ts';
import type { Reply, ToolCall } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

/** "Edit a.txt b.txt": proposes to write each name in capitals into its file. */
function scripted({ messages }: ChatRequest): Reply {
  const last = messages.at(-1);
  const [verb, ...paths] = String(last?.content).split(' ');
  if (last?.role !== 'user') return { text: 'As you wish.' };
  if (verb === 'Ask') {
    return { toolCalls: [{ name: 'request_clarification', args: { question: paths.join(' ') } }] };
  }
  const write = (path: string): ToolCall => ({
    name: 'write_file',
    args: { path, content: `${path.toUpperCase()}\n` },
  });
  return { toolCalls: paths.map(write) };
}

const ICON = '$(check)Approved.txt';
const NAMES = ['a.txt', 'b.txt', 'src/c.txt', 'd.txt', 'e.txt', 'f.txt', 'g.txt', ICON];
const MANY = Array.from({ length: 50 }, (_, file) => `many/${String(file).padStart(2, '0')}.txt`);

describe('the Approvals view', () => {
  let conversation: Conversation;

  before(async () => {
    const files = Object.fromEntries([...NAMES, ...MANY].map((name) => [name, `${name}\n`]));
    conversation = await openConversation({ files });
    conversation.server.respond(scripted);
  });

  after(async () => {
    await conversation.close();
  });

  const page = () => conversation.workbench.page;
  const press = (key: string) => page().keyboard.press(key);
  const pane = () =>
    page().locator('.pane', { has: page().locator('.pane-header', { hasText: 'Approvals' }) });
  const rows = () => pane().locator('.monaco-list-row');
  const row = (label: string): Locator => rows().filter({ hasText: label });
  const focused = () => pane().locator('.monaco-list-row.focused');

  async function badge(): Promise<string> {
    const item = page()
      .locator('.activitybar .action-item')
      .filter({
        has: page().locator('a.action-label[aria-label^="Countersign"]'),
      });
    const content = item.locator('.badge-content');
    return (await content.count()) === 0 ? '' : content.innerText();
  }

  const status = () => page().locator('.statusbar-item[id$="countersign"]').innerText();

  /** Waits until so many are said to wait, everywhere. */
  async function waits(count: number): Promise<void> {
    const words = count === 1 ? '1 approval' : `${count} approvals`;
    await until(`${words} in badge and status`, async () => {
      const counted = (await badge()) === (count === 0 ? '' : String(count));
      const said = (await status()).trim();
      return counted && (count === 0 ? !said.includes('approval') : said === words);
    });
  }

  async function ask(...messages: string[]): Promise<void> {
    for (const words of messages) {
      const chat = await startAnew(conversation);
      await say(chat, words);
      await chat.locator('[data-item-id][data-kind="tool"]').first().waitFor();
    }
  }

  async function focusTree(): Promise<void> {
    await press('Control+k');
    await press('a');
    await pane().locator('.monaco-list:focus').waitFor();
    await rows().first().waitFor();
    await press('Home');
    await focused().waitFor();
  }

  /** Goes down to a row by the keyboard. */
  async function goTo(label: string): Promise<void> {
    await press('Home');
    await until(`the focus on ${label}`, async () => {
      if ((await focused().innerText()).includes(label)) return true;
      await press('ArrowDown');
      return false;
    });
  }

  const picked = () => page().locator('.quick-input-list .monaco-list-row');
  const explorer = () =>
    page().locator('.activitybar a.action-label[aria-label^="Explorer"]').first();

  /** What the Explorer writes beside a file or folder. */
  async function mark(name: string): Promise<string> {
    const label = page()
      .locator('.explorer-folders-view .monaco-list-row .monaco-icon-label')
      .filter({ has: page().getByText(name, { exact: true }) });
    const content = await label.evaluate<unknown, unknown>(
      `(found) => getComputedStyle(found, '::after').content`,
    );
    return String(content).replaceAll('"', '');
  }

  it('counts what waits in three threads before it was ever opened', async () => {
    await ask('Edit a.txt', 'Edit b.txt', 'Edit src/c.txt');
    await waits(3);
    assert.equal(await rows().count(), 0);
    await conversation.workbench.screenshot('approvals-collapsed');
  });

  it('marks the files in the Explorer, and the folders that they are in', async () => {
    await explorer().click();
    await until('the marks', async () => {
      return (await mark('b.txt')) === 'P' && (await mark('d.txt')) === 'none';
    });
    await until('the mark of a folder', async () => !['', 'none'].includes(await mark('src')));
    await conversation.workbench.screenshot('approvals-explorer');
  });

  it('is decided by keyboard alone, in another order than asked, and inert elsewhere', async () => {
    const { workbench } = conversation;
    await focusTree();
    await until('all rows', async () => (await rows().count()) === 3);
    await workbench.screenshot('approvals-tree');
    await goTo('b.txt');
    await press('Control+Enter');
    await until('the edit of b.txt', () => workbench.read('b.txt') === 'B.TXT\n');
    await waits(2);
    await row('b.txt').waitFor({ state: 'detached' });
    assert.equal(workbench.read('a.txt'), 'a.txt\n');
    assert.equal(await workbench.editor.tab('b.txt (proposed)').count(), 0);

    await goTo('c.txt');
    await press('Alt+Backspace');
    await page().getByText('Why? The agent reads the reason').waitFor();
    await workbench.editor.answer('Not that one');
    await waits(1);
    const shown = await workbench.openChat();
    const rejected = card(shown, 'Edit src/c.txt');
    await until('the card', async () => (await rejected.getAttribute('data-state')) === 'rejected');
    assert.equal(await rejected.getByTestId('approve').count(), 0);

    await focusTree();
    await goTo('a.txt');
    await press('Enter');
    await workbench.editor.tab('a.txt (proposed)').waitFor();
    await workbench.editor.editorAction('Approve').waitFor();
    await focusTree();
    await press('Control+Enter');
    await until('the edit of a.txt', () => workbench.read('a.txt') === 'A.TXT\n');
    await workbench.editor.tab('a.txt (proposed)').waitFor({ state: 'detached' });
    await waits(0);
    await pane().getByText('No approval is waiting.').waitFor();
    await workbench.screenshot('approvals-none');
  });

  it('answers several at once, each as it was listed, with the chat closed', async () => {
    const { workbench } = conversation;
    await ask('Edit d.txt e.txt', 'Edit f.txt g.txt');
    await waits(4);
    await page().locator('.pane-header', { hasText: 'Chat' }).click();
    await focusTree();
    await press('Shift+ArrowDown');
    await press('Shift+ArrowDown');
    await press('Control+Enter');
    await page().getByText('Approve these 3?').waitFor();
    await until('the list', async () => (await picked().count()) === 3);
    await workbench.screenshot('approvals-several');
    await picked().first().hover();
    await picked().first().getByRole('button', { name: 'Open Diff' }).click();
    await workbench.editor.tab('d.txt (proposed)').waitFor();
    // What it is about is another thing by the time of the answer.
    workbench.write({ 'e.txt': 'typed meanwhile\n' });
    await until('the conflict', async () => (await row('e.txt').innerText()).includes('conflict'));
    await workbench.editor.quickInput().press('Enter');
    const left = await workbench.editor.notification('2 of 3 are decided');
    assert.match(await left.text(), /e\.txt: something else is proposed by now/u);
    await waits(2);
    assert.equal(workbench.read('d.txt'), 'D.TXT\n');
    assert.equal(workbench.read('e.txt'), 'typed meanwhile\n');
    assert.equal(workbench.read('f.txt'), 'F.TXT\n');

    await focusTree();
    await press('Shift+ArrowDown');
    await press('Alt+Backspace');
    await page().getByText('Reject these 2?').waitFor();
    await workbench.editor.quickInput().press('Enter');
    await page().getByText('Why? The agent reads the reason').waitFor();
    await workbench.editor.answer('Enough');
    await waits(0);
    assert.equal(workbench.read('g.txt'), 'g.txt\n');
    await page().locator('.pane-header', { hasText: 'Chat' }).click();
  });

  it('UI-19: shows a name as it is; questions are answered, what is irrecoverable is asked', async () => {
    const { workbench } = conversation;
    await ask(`Edit ${ICON}`, 'Ask Which way?', 'Edit .vscode/settings.json');
    await waits(3);
    await focusTree();
    const first = rows().and(page().locator('[data-index="0"]'));
    assert.match(await first.innerText(), /settings\.json/u);
    const named = row('Approved.txt');
    assert.match(await named.innerText(), /\$\u200B?\(check\)Approved\.txt/u);
    assert.equal(await named.locator('.label-name .codicon-check').count(), 0);
    await named.locator('.monaco-icon-label').hover();
    const hover = page().locator('.monaco-hover', { hasText: 'waits for your approval' });
    await hover.waitFor();
    assert.match(await hover.innerText(), /Edit \$\(check\)Approved\.txt/u);
    assert.match(await hover.innerText(), /\+\$\(CHECK\)APPROVED\.TXT/u);
    await workbench.screenshot('approvals-tooltip');

    await goTo('settings.json');
    await press('Control+Enter');
    await workbench.editor.tab('settings.json (proposed)').waitFor();
    await focusTree();
    await goTo('settings.json');
    await press('Shift+ArrowDown');
    await press('Control+Enter');
    await page().getByText('Approve these 2?').or(page().getByText('Approve these 1?')).waitFor();
    await workbench.editor.quickInput().press('Enter');
    await workbench.editor.dialog('Change .vscode/settings.json?').waitFor();
    await press('Escape');
    await workbench.editor.notification('settings.json: not confirmed');

    await focusTree();
    await goTo('Which way?');
    await press('Enter');
    await workbench.editor.pick('Answer in my own words…');
    await workbench.editor.answer('Left');
    await until('the answer', async () => (await row('Which way?').count()) === 0);
  });

  it('lists by thread, if wanted; counts at once after the editor was killed', async () => {
    const { workbench } = conversation;
    await workbench.editor.runCommand('Countersign: Group Approvals by Thread');
    await row('Edit .vscode/settings.json').first().waitFor();
    await workbench.screenshot('approvals-grouped');
    const { length } = await rows().all();
    const waiting = await badge();
    await workbench.killHard();
    await workbench.reopen();
    await waits(Number(waiting));
    await workbench.screenshot('approvals-after-restart');
    await focusTree();
    await until('the same list', async () => (await rows().count()) === length);
    await workbench.editor.runCommand('Countersign: List Approvals by Risk');
    await until('no threads', async () => (await rows().count()) === Number(waiting));
  });

  it('50 over 10 threads: right after each change, and one answer for all', async () => {
    const { workbench } = conversation;
    const before = Number(await badge());
    for (let thread = 0; thread < 10; thread++) {
      await ask(`Edit ${MANY.slice(thread * 5, thread * 5 + 5).join(' ')}`);
    }
    await waits(before + 50);
    await focusTree();
    await goTo('00.txt');
    const took: number[] = [];
    for (let left = before + 49; left >= before + 45; left--) {
      const pressed = performance.now();
      await press('Control+Enter');
      await waits(left);
      took.push(performance.now() - pressed);
      await goTo(`${String(before + 50 - left).padStart(2, '0')}.txt`);
    }
    console.log(`      badge after ${took.map((ms) => Math.round(ms)).join(', ')} ms`);
    await workbench.screenshot('approvals-many');
    await focused().click({ button: 'right' });
    await page().locator('.monaco-menu').getByText('Same Answer for All Like This…').click();
    await page().getByText('The same answer for these 45').waitFor();
    await workbench.screenshot('approvals-same-answer');
    await workbench.editor.quickInput().press('Enter');
    await workbench.editor.dialog('What do you answer to these 45?').waitFor();
    await workbench.screenshot('approvals-same-answer-confirm');
    await workbench.editor.pressInDialog('Approve 45');
    await waits(before);
    await until('all edits', () =>
      MANY.every((name) => workbench.read(name) === `${name.toUpperCase()}\n`),
    );
  });
});
