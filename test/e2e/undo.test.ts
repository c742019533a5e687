import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkbench, type Workbench } from '../support/workbench.ts';
import { card, say } from '../support/conversation.ts';
import { until } from '../support/until.ts';

describe('undo of an effect', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ files: { 'a.txt': 'one\n', 'old.txt': 'old\n' } });
  });

  after(async () => {
    await workbench.close();
  });

  it('takes an edit back, brings it back, and refuses once the user changed the file', async () => {
    const chat = await workbench.openChat();
    await say(chat, 'replace one with two in a.txt');
    const edit = card(chat, 'Edit a.txt');
    await edit.getByTestId('approve').click();
    await chat.getByRole('log').getByText('Done: you approved it').waitFor();
    await edit.getByTestId('undo').click();
    await until('the edit to be undone', () => workbench.read('a.txt') === 'one\n');
    await workbench.screenshot('undo-undone');
    await edit.getByTestId('redo').click();
    await until('the edit to be redone', () => workbench.read('a.txt') === 'two\n');
    await edit.getByTestId('undo').waitFor();
    workbench.write({ 'a.txt': 'mine\n' });
    await edit.getByTestId('undo').click();
    await edit.getByText('a.txt changed after').waitFor();
    assert.equal(workbench.read('a.txt'), 'mine\n');
    await workbench.screenshot('undo-refused');
  });

  it('deletes a file after approval and brings it back, without the panel, too', async () => {
    const { editor } = workbench;
    const chat = await workbench.openChat();
    await say(chat, 'delete old.txt');
    const deletion = card(chat, 'Delete old.txt');
    await deletion.getByTestId('approve').waitFor();
    await workbench.screenshot('delete-asked');
    await deletion.getByTestId('approve').click();
    const gone = (): boolean => !existsSync(join(workbench.folder, 'old.txt'));
    await until('the file to be gone', gone);
    await deletion.getByTestId('undo').click();
    await until('the file to be back', () => workbench.read('old.txt') === 'old\n');
    await editor.runCommand('Countersign: Redo an Undone Change…');
    await editor.pick('Delete old.txt');
    await until('the file to be gone again', gone);
    await editor.runCommand('Countersign: Undo an Applied Change…');
    await workbench.screenshot('undo-command');
    await editor.pick('Delete old.txt');
    await until('the file to be back again', () => workbench.read('old.txt') === 'old\n');
    await editor.runCommand('Countersign: Continue the Run');
    await editor.notification('No run is paused or was cut off.');
  });
});
