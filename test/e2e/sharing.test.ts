import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Conversation, card, openConversation, press, say } from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { SharingHosts, listed, sees } from '../support/sharing-hosts.ts';

describe('conversations that are shared in PostgreSQL', () => {
  let postgres: PostgresServer;
  let hosts: SharingHosts;
  let conversation: Conversation;

  before(async () => {
    postgres = await startPostgres();
    hosts = new SharingHosts(postgres, await postgres.createDatabase());
    conversation = await openConversation({
      files: { 'a.txt': 'old\n' },
      // The editor in a browser forgets its secrets when it is loaded anew.
      env: { COUNTERSIGN_POSTGRES_URL: hosts.url },
    });
  });
  after(async () => {
    await conversation.close();
    await hosts.close();
    await postgres.close();
  });

  const share = 'Countersign: Share Conversations in PostgreSQL…';
  const reload = async (): Promise<void> => {
    const { editor, page } = conversation.workbench;
    const loaded = page.waitForEvent('load');
    await (await editor.notification('when the window is loaded anew')).press('Reload Window');
    await loaded;
  };

  it('are shared by a command, which tries the connection and says why it does not work', async () => {
    const { workbench } = conversation;
    const { editor, page } = workbench;
    await editor.runCommand(share);
    await page.getByText('Kept in the editor’s secret storage').waitFor();
    await editor.answer(hosts.url.replace(/:[^:@]+@/u, ':not-the-password@'));
    await page.locator('.quick-input-widget').getByText('password authentication failed').waitFor();
    await workbench.screenshot('sharing-refused');
    await editor.answer(hosts.url);
    await editor.notification('New conversations will be shared');
    await workbench.screenshot('sharing-begins');
    await reload();
    await workbench.openChat();
  });

  it('are taken over by another host and taken back, and each has its own files', async () => {
    const { server, workbench } = conversation;
    const chat = await workbench.openChat();
    server.say(call('write_file', { path: 'a.txt', content: 'new\n' }), { text: 'Written here.' });
    await say(chat, 'Write it');
    await press(card(chat, 'Edit a.txt'), 'approve');
    await chat.getByRole('log').getByText('Written here.').waitFor();
    assert.equal(workbench.read('a.txt'), 'new\n');

    const other = await hosts.open([{ text: 'Said elsewhere.' }]);
    const [thread] = other.core.threads.list();
    const id = (await listed(other, thread?.threadId ?? '')).threadId;
    assert.equal((await other.view(id)).elsewhere, true);
    await other.core.threads.takeOver(id);
    await other.core.threads.send(id, 'Go on there');
    await other.reaches(id, 'idle');
    await chat.getByRole('log').getByText('Said elsewhere.').waitFor();
    await workbench.screenshot('sharing-elsewhere');

    await workbench.editor.runCommand('Countersign: Continue the Conversation in This Window');
    await sees(other, id, ({ elsewhere }) => elsewhere);
    server.say({ text: 'And here again.' });
    await say(chat, 'And here');
    await chat.getByRole('log').getByText('And here again.').waitFor();
    assert.equal(server.lastRequest.messages.filter(({ role }) => role === 'tool').length, 1);
  });

  it('are not shown as lost while the server is away; the password is in no file', async () => {
    const { workbench } = conversation;
    await workbench.restart(() => postgres.kill());
    const chat = await workbench.openChat();
    await chat.getByText('does not answer').first().waitFor();
    await chat.getByText('countersign.history.postgres').first().waitFor();
    await workbench.screenshot('sharing-away');
    await postgres.start();
    await chat.getByRole('button', { name: 'Retry' }).click();
    await chat.getByRole('log').getByText('And here again.').waitFor();

    const { password } = new URL(hosts.url);
    assert.ok(!workbench.log(10_000).includes(password));
    const files = readdirSync(workbench.dataFolder, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      assert.ok(!readFileSync(path, 'latin1').includes(password), path);
    }
  });

  it('stay where they are when nothing is shared any more', async () => {
    const { workbench } = conversation;
    await workbench.editor.runCommand(share);
    await workbench.editor.pick('Share No More');
    await reload();
    const chat = await workbench.openChat();
    await chat.getByTestId('found').waitFor();
    assert.equal(await chat.getByText('And here again.').count(), 0);
  });
});
