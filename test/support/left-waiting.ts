import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { FILES, PATCH } from './changes.ts';
import { type Conversation, say, startAnew } from './conversation.ts';
import { commandIn, freezeCommand } from './frozen-command.ts';
import type { Hands } from './hands.ts';
import { type Reply, call } from './model-chunks.ts';
import { APP, PROPOSED } from './text-proposals.ts';

export const SMALL = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
/** Who decides: each has proposals and files of their own. */
export type Way = Hands['name'];

/** What is there before, for each of the two who decide. */
export const filesOf = (way: Way): Record<string, string> => {
  const files = {
    ...FILES,
    'old/one.txt': 'one\n',
    'old/two.txt': 'two\n',
    'old/three.txt': '3\n',
    'conflict.txt': SMALL,
    [`inline-${way}.txt`]: APP,
    'gone.txt': SMALL,
    'from.txt': SMALL,
    'note.txt': SMALL,
    'redirect.txt': SMALL,
    'hand.txt': SMALL,
    '.vscode/tasks.json': '{}\n',
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${way}/${path}`, text]));
};

const whole = (way: Way): string => `--- /dev/null
+++ b/${way}/deep/new/made.txt
@@ -0,0 +1,2 @@
+made
+here
--- a/${way}/old/one.txt
+++ /dev/null
@@ -1 +0,0 @@
-one
--- a/${way}/old/two.txt
+++ /dev/null
@@ -1 +0,0 @@
-two
diff --git a/${way}/old/three.txt b/${way}/other/four.txt
rename from ${way}/old/three.txt
rename to ${way}/other/four.txt
`;

/** What the agent asks for in each thread, by the words that the thread is about. */
export const calls = (way: Way): Record<string, Reply> => {
  const two = (path: string): Reply =>
    call('replace_in_file', { path: `${way}/${path}`, old_text: 'two', new_text: 'TWO' });
  return {
    whole: call('apply_patch', { patch: whole(way) }),
    parts: call('apply_patch', {
      patch: PATCH.replaceAll(/ ([ab])\/([ab])\.txt/gu, ` $1/${way}/$2.txt`),
    }),
    conflict: two('conflict.txt'),
    inline: call('write_file', { path: `${way}/inline-${way}.txt`, content: PROPOSED }),
    gone: call('delete_file', { path: `${way}/gone.txt` }),
    moved: call('move_file', { from: `${way}/from.txt`, to: `${way}/new/place/to.txt` }),
    note: two('note.txt'),
    redirect: two('redirect.txt'),
    hand: two('hand.txt'),
    modal: call('write_file', { path: `${way}/.vscode/tasks.json`, content: '{"a": 1}\n' }),
    command: call('write_file', { path: 'never.txt', content: '' }, `${way}-command`),
    unclear: call('write_file', { path: 'never.txt', content: '' }, `${way}-unclear`),
  };
};

/** Has the agent propose something in a thread of its own. */
export async function propose(
  conversation: Conversation,
  words: string,
  reply: Reply,
): Promise<void> {
  const { server, workbench } = conversation;
  const chat = await startAnew(conversation);
  const frozen = Promise.withResolvers<undefined>();
  const { length } = server.requests;
  server.say({ ...reply, pause: frozen.promise });
  await say(chat, words);
  await server.waitForRequest(length + 1);
  const toolCallId = reply.toolCalls?.[0]?.id;
  if (toolCallId !== undefined) {
    const expiresAt = Date.now() + 3_600_000;
    const command = commandIn(workbench.folder, { expiresAt });
    await freezeCommand(workbench.storageFolder, { toolCallId }, command);
  }
  frozen.resolve(undefined);
  await chat.locator('[data-item-id][data-kind="tool"]').getByTestId('approve').waitFor();
}

/** Has the commands that are unclear look as if they ran when everything stopped. */
export function claim(storage: string): void {
  const connection = new DatabaseSync(join(storage, 'countersign.sqlite'));
  connection.exec(
    `UPDATE proposals SET state = 'claimed', owner = 'gone', fence = 1
      WHERE tool_call_id LIKE '%-unclear'`,
  );
  connection.close();
}
