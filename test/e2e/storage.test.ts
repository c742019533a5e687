import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { backupDatabase } from '../../src/checkpoint/backup.ts';
import { DATABASE_FILE } from '../../src/checkpoint/files.ts';
import { type Conversation, openConversation, say } from '../support/conversation.ts';

describe('something happens to the conversations', () => {
  let conversation: Conversation;
  const setAside = (): string[] =>
    readdirSync(conversation.workbench.storageFolder).filter((name) =>
      /^countersign\.damaged-.*Z\.sqlite$/u.test(name),
    );

  before(async () => {
    conversation = await openConversation();
  });

  after(async () => {
    await conversation.close();
  });

  it('SQL-01: an emptied file is told and never shown as an empty history; its backup is restored', async () => {
    const { server, workbench } = conversation;
    server.say({ text: 'Two and two are four.' });
    const before = await workbench.openChat();
    await say(before, 'What is two and two?');
    await before.getByRole('log').getByText('Two and two are four.').waitFor();
    await workbench.restart(async () => {
      await backupDatabase(workbench.storageFolder);
      truncateSync(join(workbench.storageFolder, DATABASE_FILE), 0);
    });

    const notification = await workbench.editor.notification('is empty');
    assert.match(
      await notification.text(),
      /conversations of this folder are lost.*There is a backup of/su,
    );
    const chat = await workbench.openChat();
    const banner = chat.getByTestId('storage');
    await banner.getByText('is empty').waitFor();
    await chat.getByTestId('closed').waitFor();
    assert.equal(await chat.getByTestId('found').count(), 0);
    assert.equal(await chat.getByTestId('composer').isDisabled(), true);
    await workbench.screenshot('storage-lost');

    await banner.getByRole('button', { name: 'Restore Backup' }).click();
    await workbench.editor.dialog('Nothing is deleted').waitFor();
    await workbench.screenshot('storage-restore');
    assert.deepEqual(setAside(), []);
    await workbench.editor.pressInDialog('Restore Backup', 'Nothing is deleted');
    await chat.getByRole('log').getByText('Two and two are four.').waitFor();
    await banner.waitFor({ state: 'detached' });
    const [kept = '', ...others] = setAside();
    assert.deepEqual(others, []);
    assert.equal(statSync(join(workbench.storageFolder, kept)).size, 0);
    await workbench.screenshot('storage-restored');
  });

  it('SQL-02: a missing file is told; a chat that is not saved, and a fresh start, go on from there', async () => {
    const { server, workbench } = conversation;
    await workbench.restart(() => {
      rmSync(join(workbench.storageFolder, DATABASE_FILE));
    });
    const notification = await workbench.editor.notification('does not exist any more');
    const chat = await workbench.openChat();
    const banner = chat.getByTestId('storage');
    await banner.getByRole('button', { name: 'Chat Without Saving' }).click();
    await banner.getByText('This conversation is not saved').waitFor();
    server.say({ text: 'Nobody will know.' });
    await say(chat, 'Keep this to yourself');
    await chat.getByRole('log').getByText('Nobody will know.').waitFor();
    await workbench.screenshot('storage-unsaved');
    assert.ok(!readdirSync(workbench.storageFolder).includes(DATABASE_FILE));

    await notification.dismiss();
    await banner.getByRole('button', { name: 'Start Fresh' }).click();
    await workbench.editor.pressInDialog('Start Fresh', 'Nothing is deleted');
    await chat.getByTestId('found').waitFor();
    await banner.waitFor({ state: 'detached' });
    assert.equal(await chat.getByTestId('composer').isDisabled(), false);
    const names = readdirSync(workbench.storageFolder);
    assert.ok(names.includes(DATABASE_FILE));
    assert.ok(names.some((name) => name.endsWith('.countersign.backup.sqlite')));
    await workbench.screenshot('storage-fresh');
  });
});
