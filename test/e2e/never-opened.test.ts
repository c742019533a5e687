import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { A, B, Changes } from '../support/changes.ts';
import { type Conversation, openConversation, toolMessages } from '../support/conversation.ts';
import { lens, pressLens } from '../support/file-preview.ts';
import { type Hands, keys, mouse, watchMouse } from '../support/hands.ts';
import { SMALL, type Way, calls, claim, filesOf, propose } from '../support/left-waiting.ts';
import { PROPOSED } from '../support/text-proposals.ts';
import { until } from '../support/until.ts';

const WAYS = { mouse, keys };

describe('in a window in which the panel was never opened', () => {
  let conversation: Conversation;

  before(async () => {
    const files = { ...filesOf('mouse'), ...filesOf('keys') };
    conversation = await openConversation({ files });
    for (const way of ['mouse', 'keys'] as const) {
      for (const [words, reply] of Object.entries(calls(way)))
        await propose(conversation, `${way} ${words}`, reply);
    }
    const { page } = conversation.workbench;
    await page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    await page.locator('.explorer-folders-view').waitFor();
    // As if the power had gone while the command ran.
    await conversation.workbench.restart(() => {
      claim(conversation.workbench.storageFolder);
    });
    // Until then, the palette has no commands for what waits.
    await conversation.workbench.page.getByText('24 approvals', { exact: true }).waitFor();
  });
  after(async () => {
    await conversation.close();
  });

  for (const [way, handsOf] of Object.entries(WAYS) as [Way, typeof mouse][]) {
    describe(way === 'mouse' ? 'with the mouse' : 'by keyboard only', () => {
      let hands: Hands;
      let pressed: () => Promise<number>;
      let requests = 0;

      before(() => {
        // Both layouts have everything.
        const look = {
          'workbench.colorTheme': way === 'keys' ? 'Default High Contrast' : 'Default Light Modern',
          'diffEditor.renderSideBySide': way === 'mouse',
        };
        conversation.workbench.write({ '.vscode/settings.json': JSON.stringify(look) });
      });
      beforeEach(async () => {
        const { server, workbench } = conversation;
        hands = handsOf(workbench);
        requests = server.requests.length;
        server.say({ text: 'As you like.' });
        await workbench.editor.runCommand('View: Close All Editors');
        await workbench.editor.runCommand('Notifications: Clear All Notifications');
        pressed = await watchMouse(workbench);
      });
      afterEach(async () => {
        const { workbench } = conversation;
        if (way === 'keys') assert.equal(await pressed(), 0);
        assert.equal(await workbench.page.locator('iframe.webview').count(), 0);
      });

      const read = (path: string): string => conversation.workbench.read(`${way}/${path}`);
      const there = (path: string): boolean =>
        existsSync(join(conversation.workbench.folder, way, path));
      async function told(): Promise<string> {
        const request = await conversation.server.waitForRequest(requests + 1);
        return String(toolMessages(request).at(-1)?.content);
      }

      /** Chooses a thread's proposal among all that wait. */
      async function choose(words: string): Promise<void> {
        await hands.run('Countersign: Review Pending Approval');
        const { editor, page } = conversation.workbench;
        // The last one that waits is opened at once.
        const list = page.getByText('Approvals that wait');
        await list.or(editor.tab('(proposed')).first().waitFor();
        if ((await list.count()) === 0) return;
        await conversation.workbench.screenshot(`never-pending-${way}`);
        await hands.pick(`${way} ${words}`);
      }
      async function review(words: string): Promise<void> {
        const { editor } = conversation.workbench;
        await choose(words);
        await editor.tab('(proposed').waitFor();
        await until('Approve', () => editor.isApprovable());
      }

      it('takes or leaves whole files: created in new folders, deleted, moved', async () => {
        const changes = new Changes(conversation.workbench);
        await review('whole');
        await changes.thread(4).waitFor();
        await conversation.workbench.screenshot(`never-whole-${way}`);
        await hands.mark(1, 'Accept', 'accepted', 0);
        await hands.mark(2, 'Reject', 'rejected', 1);
        await hands.mark(4, 'Accept', 'accepted', 2);
        await changes.says('2 of 4 accepted, 1 rejected');
        await hands.approve();
        await told();
        assert.equal(read('deep/new/made.txt'), 'made\nhere\n');
        assert.equal(read('old/one.txt'), 'one\n');
        assert.equal(there('old/two.txt'), false);
        assert.equal(there('old/three.txt'), false);
        assert.equal(read('other/four.txt'), '3\n');
      });

      it('writes two of five and one of three changes, one of them typed over', async () => {
        const { editor, page } = conversation.workbench;
        const changes = new Changes(conversation.workbench);
        await review('parts');
        await changes.thread(1).waitFor();
        await hands.mark(1, 'Accept', 'accepted', 0);
        if (way === 'mouse') {
          await editor.goToLine(editor.diffOf('a.txt').locator('.editor.modified'), 'LINE 2');
        }
        await page.keyboard.press('End');
        await page.keyboard.type(' by hand');
        await changes.thread(1, ' · edited by you').waitFor();
        await hands.mark(2, 'Accept', 'accepted', 1);
        await hands.mark(7, 'Accept', 'accepted', 5);
        await changes.says('3 of 8 accepted');
        if (way === 'mouse') await editor.editorAction('Approve Accepted').click();
        else {
          await page.keyboard.press('Control+K');
          await page.keyboard.press('Enter');
        }
        const answer = await told();
        const wanted = A.replace('line 2\n', 'LINE 2 by hand\n');
        assert.equal(read('a.txt'), wanted.replace('line 7\n', 'line 7\nnew 7a\nnew 7b\n'));
        assert.equal(read('b.txt'), B.replace('row 10\n', 'ROW 10\n'));
        assert.match(answer, /\+LINE 28\n[^]*\+LINE 2 by hand\n/u);
      });

      it('is put on top of what changes; a conflict is resolved by typing', async () => {
        const { workbench } = conversation;
        const { editor, page } = workbench;
        const path = `${way}/conflict.txt`;
        const changes = new Changes(workbench);
        await review('conflict');
        await changes.thread(1).waitFor();
        workbench.write({ [path]: SMALL.replace('seven', 'SEVEN') });
        await changes.thread(1).getByText('shown anew, on top of that').waitFor();
        workbench.write({ [path]: SMALL.replace('two', 'zwei') });
        await editor.proposed().getByText('>>>>>>> the proposal').waitFor();
        await until('Approve to be off', async () => !(await editor.isApprovable()));
        await changes.thread(2).waitFor();
        await workbench.screenshot(`never-conflict-${way}`);
        await changes.isBelow(1, '<<<<<<<');
        await changes.isBelow(2, '>>>>>>>');
        if (way === 'mouse') await editor.goToLine(editor.proposed(), 'one');
        await page.keyboard.press('Control+Home');
        await page.keyboard.press('ArrowDown');
        for (let line = 0; line < 5; line++) await page.keyboard.press('Shift+ArrowDown');
        await page.keyboard.type('zwei and TWO\n');
        await until('Approve to be on', () => editor.isApprovable());
        await hands.approve();
        await told();
        assert.equal(read('conflict.txt'), SMALL.replace('two', 'zwei and TWO'));
      });

      it('deletes a file, and moves one into new folders', async () => {
        const { server, workbench } = conversation;
        await review('gone');
        await new Changes(workbench).thread(1).getByText('Deletes the file').waitFor();
        await workbench.screenshot(`never-gone-${way}`);
        await hands.approve();
        assert.match(await told(), /^Applied/u);
        assert.equal(there('gone.txt'), false);
        await workbench.editor.tab('(proposed').waitFor({ state: 'detached' });
        server.say({ text: 'As you like.' });
        requests++;
        await review('moved');
        await new Changes(workbench).thread(1).getByText('Moves the file').waitFor();
        await workbench.screenshot(`never-moved-${way}`);
        await hands.approve();
        assert.match(await told(), /^Applied/u);
        assert.deepEqual([there('from.txt'), read('new/place/to.txt')], [false, SMALL]);
      });

      it('is decided in the file, and its diff opens at the change', async () => {
        const { editor, page } = conversation.workbench;
        const line = (number: number): Promise<void> =>
          page.locator('.statusbar').getByText(`Ln ${number}, Col 1`, { exact: true }).waitFor();
        await hands.openFile(`inline-${way}.txt`);
        await until('the preview', () => lens(page, 'Proposed +2 −1 (1 of 3)'));
        if (way === 'mouse') {
          await pressLens(page, 'Proposed +2 −1', 'Reject');
          await pressLens(page, 'Proposed +0 −2', 'Comment');
        } else {
          await page.keyboard.press('Alt+F5');
          await line(3);
          await page.keyboard.press('Control+K');
          await page.keyboard.press('n');
          await lens(page, 'Rejected +2 −1');
          await page.keyboard.press('Alt+F5');
          await line(10);
          await page.keyboard.press('Control+K');
          await page.keyboard.press('t');
        }
        await page.getByText('Comment on the change').waitFor();
        await conversation.workbench.screenshot(`never-comment-${way}`);
        await editor.answer('Are both to go?');
        await lens(page, 'Proposed +0 −2 (2 of 3) | Accept | Reject | Change Comment');
        if (way === 'mouse') await pressLens(page, 'Proposed +1 −0', 'Open Diff');
        else {
          await page.keyboard.press('Alt+F5');
          await line(21);
          await hands.run('Countersign: Open the Diff of the Change');
        }
        await editor.tab(`inline-${way}.txt (proposed)`).waitFor();
        // One line is as it was, two are gone, and one has come.
        await line(19);
        await until('Approve', () => editor.isApprovable());
        await hands.approve();
        assert.match(await told(), /Are both to go\?/u);
        assert.equal(read(`inline-${way}.txt`), PROPOSED.replace('LINE 3\nand more\n', 'line 3\n'));
      });

      it('is asked about natively where it could not be taken back', async () => {
        const { editor } = conversation.workbench;
        const dialog = editor.dialog('tasks.json?');
        await review('modal');
        await hands.approve();
        await dialog.waitFor();
        await conversation.workbench.screenshot(`never-modal-${way}`);
        await hands.pressInDialog('Cancel');
        await dialog.waitFor({ state: 'detached' });
        assert.equal(read('.vscode/tasks.json'), '{}\n');
        await hands.approve();
        await dialog.waitFor();
        await hands.pressInDialog('Approve');
        await told();
        assert.equal(read('.vscode/tasks.json'), '{"a": 1}\n');
      });

      it('a command is read, asked about and rejected', async () => {
        const { editor } = conversation.workbench;
        await choose('command');
        await editor.page.getByText('Argument 1: "test"').waitFor();
        await hands.pick('Approve…');
        await editor.dialog('Run npm test?').waitFor();
        await hands.pressInDialog('Cancel');
        await choose('command');
        await editor.page.getByText('Argument 1: "test"').waitFor();
        await conversation.workbench.screenshot(`never-command-${way}`);
        await hands.pick('Reject…');
        await editor.answer('not today');
        assert.match(await told(), /^Rejected by the user\. It was not run/u);
      });

      it('a command of which it is not known whether it ran is asked about', async () => {
        const { editor } = conversation.workbench;
        const dialog = editor.dialog('did this run?');
        if (way === 'mouse') {
          await hands.run('Countersign: Review as Plain Text');
          await hands.pick('mouse unclear');
          await pressLens(editor.page, 'Propose It Again', 'It Did Not Run');
          assert.match(await told(), /did not run: the user has looked/u);
          return;
        }
        await choose('unclear');
        await dialog.waitFor();
        await conversation.workbench.screenshot(`never-unclear-${way}`);
        await hands.pressInDialog('Propose It Again');
        await editor.page.getByText('Argument 1: "test"').waitFor();
        await hands.pick('Reject…');
        await editor.answer('never mind');
        assert.match(await told(), /never mind/u);
      });

      it('is approved with a note, redirected, done by hand', async () => {
        const { server, workbench } = conversation;
        server.say({ text: 'As you like.' }, { text: 'As you like.' });
        await review('note');
        await hands.run('Countersign: Approve with a Note…');
        await workbench.editor.answer('Only this once');
        assert.match(await told(), /^Applied\..*The user's note: Only this once/su);
        assert.equal(read('note.txt'), SMALL.replace('two', 'TWO'));
        requests++;
        await review('redirect');
        await hands.run('Countersign: Redirect…');
        await workbench.editor.answer('Leave it alone');
        await hands.pick('Keep the mode: Act');
        assert.match(await told(), /^Cancelled by the user, who wants something else/u);
        assert.equal(read('redirect.txt'), SMALL);
        requests++;
        await review('hand');
        workbench.write({ [`${way}/hand.txt`]: 'by hand\n' });
        await hands.run('Countersign: I Did It Myself…');
        await workbench.editor.answer('In my own way');
        assert.match(await told(), /In my own way/u);
        assert.equal(read('hand.txt'), 'by hand\n');
      });
    });
  }
});
