import type { Page } from 'playwright-core';
import type { Environment } from '../../../src/shared/protocol.ts';
import type { ThreadView } from '../../../src/shared/thread-view.ts';
import {
  answer,
  decided,
  demo,
  edit,
  file,
  fileOfChanges,
  question,
  read,
  refusal,
  thread,
  user,
} from './samples.ts';

const TO_TOP = `document.querySelector('.scroller').scrollTop = 0`;
/** Class names of all that has to scroll sideways. */
export const TOO_WIDE = `[...document.querySelectorAll('.scroller, .foot, body, .card, .entry, .files, .actions')]
  .filter((element) => element.scrollWidth > element.clientWidth + 2)
  .map((element) => element.className)`;

const ANSWER = `## What I found

The greeting is **fixed** in \`src/app.ts\`, see [app.ts](src/app.ts:12) and [the guide](https://example.com/guide).

1. Take the name as an argument
2. Keep the old words as default

\`\`\`ts
export function greet(name = 'World'): string {
  return \`Hello \${name}\`; // a long line that has to scroll sideways in a narrow side bar
}
\`\`\`

| File | Lines |
|---|---:|
| src/app.ts | 120 |
| README.md | 34 |

> Nothing was changed yet.`;

function conversation(): ThreadView {
  return thread(
    [
      user('u1', 'Greet people by their name, please.\nAnd keep the tests green.'),
      read('r1', 'src/app.ts'),
      read('r2', 'README.md'),
      read('r3', 'test/app.test.ts'),
      read('s1', '', { toolKind: 'search', title: 'Search "Hello World"', detail: '3 matches' }),
      answer('a1', ANSWER),
      decided(edit('e1', {}, { undo: 'undo' }), 'applied'),
      decided(
        edit('e2', { title: 'Create docs/greeting-guide-for-new-people.md' }),
        'rejected',
        'We keep the docs elsewhere',
      ),
      decided(edit('e3', { title: 'Edit README.md' }), 'stale', 'The file changed meanwhile'),
      decided(edit('e4', { title: 'Edit src/other.ts' }), 'failed', 'EACCES: permission denied'),
      user('u2', 'Now the greeting itself.'),
      edit('e5', {}, { files: [file(0, { moreRows: 12 })] }),
    ],
    { status: 'waiting' },
  );
}

export interface Scene {
  readonly view: ThreadView | null;
  readonly environment?: Environment;
  readonly act?: (page: Page) => Promise<void>;
}

/** What is looked at in every theme and width. */
export const SCENES: Readonly<Record<string, Scene>> = {
  empty: { view: null, environment: demo },
  card: { view: conversation(), environment: demo },
  top: {
    view: conversation(),
    act: async (page) => {
      await page.evaluate(TO_TOP);
      await page.locator('cs-reads button').click();
      await page.locator('[data-testid="show-waiting"]').waitFor();
    },
  },
  risky: {
    view: thread([
      user('u1', 'Go on'),
      edit(
        'e1',
        { title: 'Create .vscode/settings.json' },
        {
          files: [
            file(0, {
              change: 'create',
              path: '.vscode/settings.json',
              added: 1,
              removed: 0,
              diff: [{ kind: 'added', line: 1, text: 'if (admin\u202e) { // all', change: 0 }],
            }),
          ],
          risk: 'high',
          why: 'built-in: files that control the editor always ask',
          hiddenCharacters: 1,
        },
      ),
    ]),
    act: async (page) => {
      await page.locator('[data-testid="reject"]').click();
      await page.locator('[data-testid="reason"]').fill('Not my settings');
    },
  },
  blocked: {
    view: thread([
      user('u1', 'Go on'),
      refusal(
        'u1',
        'I am sorry, the agent did not get this message: it is too long to check.',
        true,
      ),
    ]),
  },
  partial: {
    view: thread([user('u1', 'Go on'), edit('e1', {}, { files: [fileOfChanges(0, 3)] })]),
    act: async (page) => {
      await page.locator('[data-testid="accept-change"]').nth(1).click();
      await page.locator('[data-testid="choose-lines"]').first().click();
      await page.locator('[data-testid="accept-line"]').nth(1).click();
      await page.locator('[data-testid="decline-reason"]').fill('One at a time, please');
    },
  },
  files: {
    view: thread([
      edit(
        'e1',
        { title: 'Move the parts to lib' },
        {
          risk: 'high',
          warnings: ['src/part-2.ts is not tracked by git.'],
          notice: { kind: 'conflict', text: 'src/app.ts changed. 2 places contradict each other.' },
          approvable: false,
          files: [
            file(0),
            file(1, { change: 'create', added: 12, removed: 0 }),
            file(2, { change: 'delete', added: 0, removed: 120 }),
            file(3, {
              change: 'move',
              to: 'src/a-folder-with-a-long-name/part-3-with-a-long-name.ts',
            }),
            file(4, { path: 'media/icon.png', isText: false, diff: [], changes: 0 }),
          ],
        },
      ),
    ]),
    act: async (page) => {
      await page.locator('[data-testid="more"]').click();
    },
  },
  question: {
    view: thread([
      user('u1', 'Make a release'),
      question('q1', 'Which version should this be?', ['1.4.3', '2.0.0, as the interface changes']),
    ]),
  },
  unclear: {
    view: thread([
      edit(
        'e1',
        { state: 'unknown' },
        { files: [file(0), file(1)], evidence: ['src/app.ts: as approved, written 14:02'] },
      ),
    ]),
  },
  failure: {
    view: thread([user('u1', 'Hello'), answer('a1', 'I was about to', true)], {
      failure: { message: 'The model did not answer: 401 Unauthorized', action: 'setApiKey' },
    }),
  },
  running: {
    view: thread(
      [user('u1', 'Hello'), read('r1', 'src/app.ts', { state: 'running', detail: '' })],
      {
        status: 'running',
      },
    ),
    act: async (page) => {
      await page.locator('[data-testid="composer"]').fill('and then\nthe next');
    },
  },
  untrusted: { view: null, environment: { ...demo, readiness: 'untrusted' } },
};
