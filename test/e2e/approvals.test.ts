import assert from 'node:assert/strict';
import { ApprovalsView, editEach } from '../support/approvals.ts';
import { type Conversation, approve, card, openConversation } from '../support/conversation.ts';
import { until } from '../support/until.ts';

const THEMES = [
  ['light', 'Default Light Modern', 'vs'],
  ['high-contrast', 'Default High Contrast', 'hc-black'],
  ['dark', 'Default Dark Modern', 'vs-dark'],
] as const;

const ICON = '$(check)Approved.txt';
const NAMES = ['a.txt', 'b.txt', 'src/c.txt', 'd.txt', 'e.txt', 'f.txt', 'g.txt', ICON];
const MANY = Array.from({ length: 50 }, (_, file) => `many/${String(file).padStart(2, '0')}.txt`);

/** A key that is held, faster than any browser is told to press it. */
const HOLD = `for (let repeat = 0; repeat < 8; repeat++) {
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {
    ...{ key: 'Enter', code: 'Enter', keyCode: 13, ctrlKey: true, repeat: repeat > 0 },
    ...{ bubbles: true, cancelable: true },
  }));
}`;

type Styles = (element: unknown, pseudo: string) => { readonly content: string };

describe('the Approvals view', () => {
  let conversation: Conversation;

  before(async () => {
    const files = Object.fromEntries([...NAMES, ...MANY].map((name) => [name, `${name}\n`]));
    conversation = await openConversation({ files });
    conversation.server.respond(editEach);
    view = new ApprovalsView(conversation);
  });

  after(async () => {
    await conversation.close();
  });

  let view: ApprovalsView;
  const page = () => conversation.workbench.page;
  const picked = () => page().locator('.quick-input-list .monaco-list-row');
  const explorer = () =>
    page().locator('.activitybar a.action-label[aria-label^="Explorer"]').first();

  /** What the Explorer writes beside a file or folder. */
  async function mark(name: string): Promise<string> {
    const label = page()
      .locator('.explorer-folders-view .monaco-list-row .monaco-icon-label')
      .filter({ has: page().getByText(name, { exact: true }) });
    const content = await label.evaluate((found) => {
      const page = globalThis as unknown as Record<'getComputedStyle', Styles>;
      return page.getComputedStyle(found, '::after').content;
    });
    return content.replaceAll('"', '');
  }

  it('counts what waits in three threads before it was ever opened', async () => {
    await view.ask('Edit a.txt', 'Edit b.txt', 'Edit src/c.txt');
    await view.waits(3);
    assert.equal(await view.rows().count(), 0);
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
    await view.focus();
    await until('all rows', async () => (await view.rows().count()) === 3);
    await workbench.screenshot('approvals-tree');
    await view.goTo('b.txt');
    await view.press('Control+Enter');
    await until('the edit of b.txt', () => workbench.read('b.txt') === 'B.TXT\n');
    await view.waits(2);
    await view.row('b.txt').waitFor({ state: 'detached' });
    assert.equal(workbench.read('a.txt'), 'a.txt\n');
    assert.equal(await workbench.editor.tab('b.txt (proposed)').count(), 0);

    await view.goTo('c.txt');
    await view.press('Alt+Backspace');
    await page().getByText('Why? The agent reads the reason').waitFor();
    await workbench.editor.answer('Not that one');
    await view.waits(1);
    const shown = await workbench.openChat();
    const rejected = card(shown, 'Edit src/c.txt');
    await until('the card', async () => (await rejected.getAttribute('data-state')) === 'rejected');
    assert.equal(await rejected.getByTestId('approve').count(), 0);

    await view.focus();
    await view.goTo('a.txt');
    await view.press('Enter');
    await workbench.editor.tab('a.txt (proposed)').waitFor();
    await workbench.editor.editorAction('Approve').waitFor();
    await workbench.editor.proposedFocused().waitFor();
    await view.focus();
    await view.press('Control+Enter');
    await until('the edit of a.txt', () => workbench.read('a.txt') === 'A.TXT\n');
    await workbench.editor.tab('a.txt (proposed)').waitFor({ state: 'detached' });
    await view.waits(0);
    await view.pane().getByText('No approval is waiting.').waitFor();
    await workbench.screenshot('approvals-none');
  });

  it('has nothing left of what is answered in the card or the notification', async () => {
    const { workbench } = conversation;
    await view.ask('Edit h.txt');
    await view.row('h.txt').waitFor();
    await approve(card(await workbench.openChat(), 'Write h.txt'));
    await view.row('h.txt').waitFor({ state: 'detached' });
    await view.waits(0);
    await view.ask('Edit i.txt');
    await view.row('i.txt').waitFor();
    await (await workbench.editor.notification('Write i.txt')).press('Approve');
    await view.row('i.txt').waitFor({ state: 'detached' });
    await view.waits(0);
  });

  it('answers several at once, each as it was listed, with the chat closed', async () => {
    const { workbench } = conversation;
    await view.ask('Edit d.txt e.txt', 'Edit f.txt g.txt');
    await view.waits(4);
    await page().locator('.pane-header', { hasText: 'Chat' }).click();
    await view.focus();
    await view.press('Control+a');
    await view.press('Control+Enter');
    await page().getByText('Approve these 4?').waitFor();
    await until('the list', async () => (await picked().count()) === 4);
    await workbench.screenshot('approvals-several');
    await picked().first().hover();
    await picked().first().getByRole('button', { name: 'Open Diff' }).click();
    await workbench.editor.tab('d.txt (proposed)').waitFor();
    // What it is about is another thing by the time of the answer.
    workbench.write({ 'e.txt': 'typed meanwhile\n' });
    await until('the conflict', async () =>
      (await view.row('Edit e.txt').innerText()).includes('conflict'),
    );
    await workbench.editor.quickInput().press('Enter');
    const left = await workbench.editor.notification('3 of 4 are decided');
    assert.match(await left.text(), /e\.txt: something else is proposed by now/u);
    await view.waits(1);
    await until('the three edits', () =>
      ['d', 'f', 'g'].every(
        (name) => workbench.read(`${name}.txt`) === `${name.toUpperCase()}.TXT\n`,
      ),
    );
    assert.equal(workbench.read('e.txt'), 'typed meanwhile\n');
    await page().locator('.pane-header', { hasText: 'Chat' }).click();
    await view.ask('Edit k.txt');
    await view.waits(2);

    await view.focus();
    await view.press('Control+a');
    await view.press('Alt+Backspace');
    await page().getByText('Reject these 2?').waitFor();
    await workbench.editor.quickInput().press('Enter');
    await page().getByText('Why? The agent reads the reason').waitFor();
    await workbench.editor.answer('Enough');
    await view.waits(0);
    assert.equal(workbench.read('e.txt'), 'typed meanwhile\n');
  });

  it('UI-19: shows a name as it is; questions are answered, what is irrecoverable is asked', async () => {
    const { workbench } = conversation;
    await view.ask(`Edit ${ICON}`, 'Ask Which way?', 'Edit .vscode/settings.json');
    await view.waits(3);
    await view.focus();
    const first = view.rows().and(page().locator('[data-index="0"]'));
    assert.match(await first.innerText(), /settings\.json/u);
    const named = view.row('Approved.txt');
    assert.match(await named.innerText(), /\$\u200B?\(check\)Approved\.txt/u);
    assert.equal(await named.locator('.label-name .codicon-check').count(), 0);
    await named.locator('.monaco-icon-label').hover();
    const hover = page().locator('.monaco-hover', { hasText: 'waits for your approval' });
    await hover.waitFor();
    assert.match(await hover.innerText(), /Edit \$\(check\)Approved\.txt/u);
    assert.match(await hover.innerText(), /\+\$\(CHECK\)APPROVED\.TXT/u);
    await workbench.screenshot('approvals-tooltip');

    await view.goTo('settings.json');
    await view.press('Control+Enter');
    await workbench.editor.tab('settings.json (proposed)').waitFor();
    await workbench.editor.proposedFocused().waitFor();
    await view.focus();
    await view.press('Control+a');
    await view.press('Control+Enter');
    // A question is not approved with others.
    await page().getByText('Approve these 2?').waitFor();
    await workbench.editor.quickInput().press('Enter');
    await workbench.editor.dialog('Change .vscode/settings.json?').waitFor();
    await view.press('Escape');
    await workbench.editor.notification('settings.json: not confirmed');

    await view.focus();
    await view.goTo('Which way?');
    await view.press('Enter');
    await workbench.editor.pick('Answer in my own words…');
    await workbench.editor.answer('Left');
    await until('the answer', async () => (await view.row('Which way?').count()) === 0);
  });

  it('lists by thread, if wanted; counts at once after the editor was killed', async () => {
    const { server, workbench } = conversation;
    await workbench.editor.runCommand('Countersign: Group Approvals by Thread');
    await view.row('Edit .vscode/settings.json').first().waitFor();
    await view.ask('Edit j.txt');
    await view.row('Write j.txt').waitFor();
    await workbench.screenshot('approvals-grouped');
    const { length } = await view.rows().all();
    const waiting = await view.badge();
    await workbench.killHard();
    await workbench.reopen();
    await view.waits(Number(waiting));
    await view.focus();
    await until('the same list', async () => (await view.rows().count()) === length);
    for (const [name, theme, kind] of THEMES) {
      workbench.configure({
        'workbench.colorTheme': theme,
        'countersign.baseUrl': server.baseUrl,
        'countersign.model': 'scripted',
      });
      await page().locator(`.monaco-workbench.${kind}`).waitFor();
      await workbench.screenshot(`approvals-${name}`);
    }
    await workbench.editor.runCommand('Countersign: List Approvals by Risk');
    await until('no threads', async () => (await view.rows().count()) === Number(waiting));
  });

  it('50 over 10 threads: right after each change, and one answer for all', async () => {
    const { workbench } = conversation;
    const before = Number(await view.badge());
    for (let thread = 0; thread < 10; thread++) {
      await view.ask(`Edit ${MANY.slice(thread * 5, thread * 5 + 5).join(' ')}`);
    }
    await view.waits(before + 50);
    await view.focus();
    await view.goTo('00.txt');
    const took: number[] = [];
    for (let left = before + 49; left >= before + 45; left--) {
      const pressed = performance.now();
      await view.press('Control+Enter');
      await view.waits(left);
      took.push(performance.now() - pressed);
      // The next row has the keys by then.
      const next = `${String(before + 50 - left).padStart(2, '0')}.txt`;
      await until(next, async () => (await view.focused().innerText()).includes(next));
    }
    console.log(`      badge after ${took.map((ms) => Math.round(ms)).join(', ')} ms`);
    await workbench.screenshot('approvals-many');
    // A key that is held approves what had the keys, and nothing that nobody has read yet.
    await page().evaluate(HOLD);
    await view.waits(before + 44);
    const listed = page().getByText('The same answer for these 44');
    const item = page().locator('.monaco-menu').getByText('Same Answer for All Like This…');
    await until('the list', async () => {
      if (await listed.isVisible()) return true;
      // A menu goes away where the list is drawn anew below it.
      if (await item.isVisible()) await item.click({ timeout: 2000 }).catch(() => undefined);
      else
        await view
          .focused()
          .click({ button: 'right', timeout: 2000 })
          .catch(() => undefined);
      return false;
    });
    await workbench.screenshot('approvals-same-answer');
    await workbench.editor.quickInput().press('Enter');
    await workbench.editor.dialog('What do you answer to these 44?').waitFor();
    await workbench.screenshot('approvals-same-answer-confirm');
    await workbench.editor.pressInDialog('Approve 44');
    await view.waits(before);
    await until('all edits', () =>
      MANY.every((name) => workbench.read(name) === `${name.toUpperCase()}\n`),
    );
  });
});
