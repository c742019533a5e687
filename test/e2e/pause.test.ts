import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import {
  type Conversation,
  card,
  openConversation,
  say,
  startAnew,
  toolMessages,
} from '../support/conversation.ts';
import { watchMouse } from '../support/hands.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const THEMES = [
  ['light', 'Default Light Modern', 'vs'],
  ['high-contrast', 'Default High Contrast', 'hc-black'],
  ['dark', 'Default Dark Modern', 'vs-dark'],
] as const;

const write = (id: string) => call('write_file', { path: 'a.txt', content: 'new\n' }, id);

describe('a run that pauses', () => {
  let conversation: Conversation;
  const page = () => conversation.workbench.page;
  const editor = () => conversation.workbench.editor;
  const keyboard = () => page().keyboard;
  const pane = (): Locator =>
    page()
      .locator('.pane')
      .filter({ has: page().locator('.pane-header[aria-label^="Run"]') });
  const rows = (): Locator => pane().locator('.monaco-list-row');
  const row = (name: string | RegExp): Locator =>
    rows().filter({ has: page().locator('.label-name').getByText(name, { exact: true }) });
  const lines = (): Locator => page().locator('.editor-instance .monaco-editor').first();
  const problem = (): Locator => lines().locator('.squiggly-error').first();

  before(async () => {
    conversation = await openConversation({ files: { 'a.txt': 'old\n' } });
  });
  after(async () => {
    await conversation.close();
  });

  const configure = (settings: Readonly<Record<string, unknown>>): void => {
    const { server, workbench } = conversation;
    const model = { 'countersign.baseUrl': server.baseUrl, 'countersign.model': 'scripted' };
    workbench.configure({ ...model, 'countersign.notifications.editor': 'always', ...settings });
  };
  const pausesBefore = async (node: string): Promise<FrameLocator> => {
    const chat = await conversation.workbench.openChat();
    await chat.getByTestId('paused').getByText(`Paused before ${node}.`).waitFor();
    return chat;
  };
  const focusRun = async (): Promise<void> => {
    await editor().runCommand('Countersign: Focus on Run');
    await pane().locator('.monaco-list:focus').waitFor();
    await rows().first().waitFor();
  };
  const goTo = async (name: string | RegExp): Promise<void> => {
    await keyboard().press('Home');
    await until(`the row ${String(name)}`, async () => {
      if ((await row(name).and(page().locator('.focused')).count()) > 0) return true;
      await keyboard().press('ArrowDown');
      return false;
    });
  };
  const ticked = (name: string): Promise<string | null> =>
    row(name).locator('.custom-view-tree-node-item-checkbox').getAttribute('aria-checked');
  const tick = async (name: string, key = 'Space'): Promise<void> => {
    await goTo(name);
    await keyboard().press(key);
    await until(`a tick at ${name}`, async () => (await ticked(name)) === 'true');
  };
  const editState = async (): Promise<void> => {
    await editor().runCommand('Countersign: Edit the State');
    await editor().tab('state.json').waitFor();
    await lines().and(page().locator('.focused')).waitFor();
  };
  const isDirty = async (): Promise<boolean> =>
    (await editor().tab('state.json').and(page().locator('.dirty')).count()) > 0;
  const apply = async (): Promise<void> => {
    await keyboard().press('Control+Enter');
    await until('the state to be applied', async () => !(await isDirty()));
  };
  /** Replaces the end of a line of the state. */
  const retype = async (line: string, old: string, text: string): Promise<void> => {
    await editor().goToLine(lines(), line);
    for (let left = old.length; left > 0; left--) await keyboard().press('Backspace');
    await keyboard().insertText(text);
  };
  const approveByKeys = async (): Promise<void> => {
    await page().locator('.statusbar').getByText('1 approval').waitFor();
    await editor().runCommand('Countersign: Review Pending Approval');
    await editor().tab('a.txt (proposed)').waitFor();
    await editor().proposedFocused().waitFor();
    await until('Approve', () => editor().isApprovable());
    await keyboard().press('Control+Enter');
  };
  const told = (): string => String(toolMessages(conversation.server.lastRequest).at(-1)?.content);

  it('stops at three breakpoints, is changed at the second and redirected at the third, over restarts', async () => {
    const { server, workbench } = conversation;
    await workbench.openChat();
    await focusRun();
    const presses = await watchMouse(workbench);
    await tick('guard');
    await tick('toolCall', 'Enter');
    await tick('after toolCall');
    assert.equal(await presses(), 0);
    server.say(write('w'));
    await say(await workbench.openChat(), 'Write it');
    await pausesBefore('guard');
    assert.equal(server.requests.length, 0);
    await page().locator('.statusbar').getByText('1 thread is paused').waitFor();
    await focusRun();
    await goTo('guard');
    for (const [name, theme, kind] of THEMES) {
      configure({ 'workbench.colorTheme': theme });
      await page().locator(`.monaco-workbench.${kind}`).waitFor();
      await workbench.screenshot(`pause-${name}`);
    }
    await workbench.restart();
    await pausesBefore('guard');
    await focusRun();
    await row('guard').getByText('comes next').waitFor();
    await keyboard().press('F5');
    await pausesBefore('toolCall');

    await workbench.restart();
    await pausesBefore('toolCall');
    await editState();
    await retype('"content": "new', 'new\\n"', 'mine\\n"');
    await keyboard().insertText(' x');
    await keyboard().press('Control+Enter');
    await until('what is wrong to be said', async () =>
      (await editor().notifications()).some((one) =>
        one.includes('The state cannot be used: not valid JSON'),
      ),
    );
    await problem().waitFor();
    assert.ok(await isDirty());
    await workbench.screenshot('pause-state-refused');
    await keyboard().press('Backspace');
    await keyboard().press('Backspace');
    await apply();
    await problem().waitFor({ state: 'detached' });
    await pausesBefore('toolCall');
    assert.equal(workbench.read('a.txt'), 'old\n');
    await workbench.screenshot('pause-state-applied');

    await workbench.restart();
    await pausesBefore('toolCall');
    await editState();
    await lines().getByText('mine').first().waitFor();
    await focusRun();
    await keyboard().press('F5');
    const chat = await workbench.openChat();
    await card(chat, 'Edit a.txt').getByText('mine').first().waitFor();
    await row('toolCall').getByText('waits for you').waitFor();
    assert.equal(workbench.read('a.txt'), 'old\n');
    await approveByKeys();
    await workbench.becomes('a.txt', 'mine\n');
    await pausesBefore('callModel');

    await workbench.restart();
    await pausesBefore('callModel');
    assert.equal(server.requests.length, 1);
    server.say({ text: 'As you wish.' });
    await editor().runCommand('Countersign: Redirect the Run…');
    await editor().answer('Leave it at that');
    await page().getByText('In which mode?').waitFor();
    await editor().pick('Act');
    await pausesBefore('guard');
    await focusRun();
    await keyboard().press('F10');
    await pausesBefore('callModel');
    await keyboard().press('F10');
    const log = (await workbench.openChat()).getByRole('log');
    await log.getByText('As you wish.').waitFor();
    assert.match(told(), /^Applied/u);
    assert.match(String(server.lastRequest.messages.at(-1)?.content), /Leave it at that/u);
  });

  it('forks from a checkpoint, and does not do again what was done', async () => {
    const { server, workbench } = conversation;
    await focusRun();
    await goTo('History');
    await keyboard().press('ArrowRight');
    // The steps of a turn that has ended are merged once nothing runs.
    const place = /^(?:callModel|message) → toolCall/u;
    await goTo(place);
    await workbench.screenshot('pause-history');
    await keyboard().press('Enter');
    await editor().tab('checkpoint.json').waitFor();
    await editor().runCommand('Countersign: Fork from a Checkpoint…');
    await page().getByText('Checkpoints, newest first').waitFor();
    const listed = page().locator('.quick-input-list .monaco-list-row');
    await listed.first().waitFor();
    await until(`the focus on ${String(place)}`, async () => {
      if (place.test(await listed.and(page().locator('.focused')).innerText())) return true;
      await keyboard().press('ArrowDown');
      return false;
    });
    await keyboard().press('Enter');
    await pausesBefore('toolCall');
    server.say({ text: 'It was done before.' });
    await focusRun();
    await keyboard().press('F5');
    await pausesBefore('callModel');
    await keyboard().press('F5');
    const log = (await workbench.openChat()).getByRole('log');
    await log.getByText('It was done before.').waitFor();
    assert.match(told(), /^Not done again/u);
    assert.equal(workbench.read('a.txt'), 'mine\n');
  });

  describe('before the tools in every thread', () => {
    before(() => {
      const breakpoints = { before: ['toolCall'], after: [] };
      configure({ 'countersign.breakpoints': breakpoints });
    });
    beforeEach(async () => {
      const { server, workbench } = conversation;
      await editor().runCommand('View: Close All Editors');
      workbench.write({ 'a.txt': 'old\n' });
      const chat = await startAnew(conversation);
      server.say(write('w'), { text: 'Very well.' });
      await say(chat, 'Write it');
      await pausesBefore('toolCall');
    });
    const ends = async (): Promise<void> => {
      const chat = await conversation.workbench.openChat();
      await chat.getByRole('log').getByText('Very well.').waitFor();
    };

    it('is approved by going on', async () => {
      const chat = await conversation.workbench.openChat();
      await chat.getByTestId('paused').getByRole('button', { name: 'Continue' }).click();
      await card(chat, 'Edit a.txt').getByTestId('approve').waitFor();
      await approveByKeys();
      await ends();
      assert.equal(conversation.workbench.read('a.txt'), 'new\n');
    });

    it('is rejected by a tool message', async () => {
      await editState();
      await keyboard().press('Control+End');
      for (let up = 0; up < 3; up++) await keyboard().press('ArrowUp');
      await keyboard().press('End');
      await keyboard().insertText(',{"type": "tool", "tool_call_id": "w", "content": "No."}');
      await apply();
      await pausesBefore('callModel');
      await keyboard().press('F5');
      await ends();
      assert.equal(told(), 'No.');
      assert.equal(conversation.workbench.read('a.txt'), 'old\n');
    });

    it('is modified, and what it is now is asked about', async () => {
      await editState();
      await retype('"content": "new', 'new\\n"', 'other\\n"');
      await apply();
      await pausesBefore('toolCall');
      await keyboard().press('F10');
      await approveByKeys();
      // A step is a step, also over an approval.
      await pausesBefore('callModel');
      await editor().runCommand('Countersign: Continue the Run');
      await ends();
      assert.equal(conversation.workbench.read('a.txt'), 'other\n');
    });

    it('is ended, with one answer for the call', async () => {
      const { server } = conversation;
      await editor().runCommand('Countersign: End the Run');
      const chat = await conversation.workbench.openChat();
      await chat.getByTestId('paused').waitFor({ state: 'detached' });
      await say(chat, 'And now?');
      await ends();
      assert.equal(toolMessages(server.lastRequest).length, 1);
      assert.match(told(), /^Cancelled/u);
    });
  });
});
