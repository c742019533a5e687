import { type Conversation, openConversation, startAnew } from './conversation.ts';
import { type Reply, call } from './model-chunks.ts';
import type { WorkbenchOptions } from './workbench.ts';

/** A file, and what is proposed for it: a line replaced by two, two taken out, one put in. */
export const APP = `${Array.from({ length: 30 }, (_, line) => `line ${line + 1}`).join('\n')}\n`;
export const PROPOSED = APP.replace('line 3\n', 'LINE 3\nand more\n')
  .replace('line 10\nline 11\n', '')
  .replace('line 20\n', 'line 20\nput in\n');

export function change(path: string): Reply {
  return call('write_file', { path, content: PROPOSED });
}

/** One editor for all tests of a suite, each of which starts with a new thread and no tab open. */
export function useConversation(options: WorkbenchOptions = {}): () => Conversation {
  let conversation: Conversation;

  before(async () => {
    conversation = await openConversation(options);
  });

  beforeEach(async () => {
    await startAnew(conversation);
  });

  afterEach(async () => {
    const { editor } = conversation.workbench;
    await editor.runCommand('View: Close All Editors');
    await editor.runCommand('Notifications: Clear All Notifications');
  });

  after(async () => {
    await conversation.close();
  });

  return () => conversation;
}
