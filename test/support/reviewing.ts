import { A_AGENT, Changes, FILES } from './changes.ts';
import {
  type Conversation,
  openConversation,
  say,
  startAnew,
  toolMessages,
} from './conversation.ts';
import { type Reply, call } from './model-chunks.ts';
import { until } from './until.ts';

/** An editor in which a diff is opened from the notification, with the panel closed. */
export interface Reviewing extends Omit<Conversation, 'close'> {
  readonly changes: Changes;
  /** Has the agent propose something, closes the panel, and looks at it. */
  review(title: string, ...replies: Reply[]): Promise<void>;
  /** The five changes of `a.txt`. */
  reviewA(): Promise<void>;
  /** Presses a button of the title until it was taken: what has just changed is not taken as seen. */
  decide(label: string): Promise<string>;
}

/** One editor for all tests of a suite, each of which starts with a new thread and the files as they were. */
export function useReviewing(): () => Reviewing {
  let conversation: Conversation;
  let reviewing: Reviewing;

  before(async () => {
    conversation = await openConversation({ files: FILES });
  });
  beforeEach(async () => {
    const { workbench } = conversation;
    await workbench.editor.runCommand('View: Close All Editors');
    workbench.write(FILES);
    await startAnew(conversation);
    reviewing = reviewingIn(conversation);
  });
  after(async () => {
    await conversation.close();
  });
  return () => reviewing;
}

function reviewingIn({ server, workbench, configure }: Conversation): Reviewing {
  const { editor, page } = workbench;
  const review = async (title: string, ...replies: Reply[]): Promise<void> => {
    server.say(...replies, { text: 'As you like.' });
    await say(await workbench.openChat(), 'Do it');
    await page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    await (await editor.notification(title)).press('Review');
    await editor.tab('(proposed').waitFor();
  };
  return {
    server,
    workbench,
    configure,
    changes: new Changes(workbench),
    review,
    reviewA: () => review('Edit a.txt', call('write_file', { path: 'a.txt', content: A_AGENT })),
    async decide(label) {
      const { length } = server.requests;
      await until(`"${label}" to be taken`, async () => {
        if (server.requests.length > length) return true;
        const action = editor.editorAction(label);
        if ((await action.count()) > 0) {
          await action.click({ timeout: 2000 }).catch(() => undefined);
        }
        return false;
      });
      await editor.tab('(proposed').waitFor({ state: 'detached' });
      return String(toolMessages(server.lastRequest).at(-1)?.content);
    },
  };
}
