import type { Page } from 'playwright-core';
import type { StorageNotice } from '../../../src/shared/storage.ts';
import type { ReviewNotice, ReviewView, ToolItemState } from '../../../src/shared/thread-view.ts';
import { command } from './command-sample.ts';
import { decided, demo, edit, environment, file, question, read, thread, user } from './samples.ts';
import type { FakeHost } from './fake-host.ts';
import { SCENES, type Scene } from './scenes.ts';
import { drawn } from './wait.ts';

function press(testId: string, wait = 'card'): NonNullable<Scene['act']> {
  return async (page: Page) => {
    await page.locator('[data-armed="true"]').first().waitFor();
    await page.locator(`[data-testid="${testId}"]`).first().click();
    await page.locator(wait === 'card' ? '.card' : `[data-testid="${wait}"]`).waitFor();
  };
}

function fromMenu(testId: string, wait: string): NonNullable<Scene['act']> {
  return async (page) => {
    await page.locator('[data-testid="more"]').click();
    await page.locator(`[data-testid="${testId}"]`).click();
    await page.locator(`[data-testid="${wait}"]`).waitFor();
  };
}

function asked(over: Partial<ReviewView>, act?: Scene['act']): Scene {
  const view = thread([user('u1', 'Go on'), edit('e1', {}, over)], { status: 'waiting' });
  return act === undefined ? { view } : { view, act };
}

const ENDS: readonly ToolItemState[] = [
  ...(['approved', 'applied', 'rejected', 'stale', 'failed', 'cancelled', 'undone'] as const),
  ...(['rolledBack', 'kept', 'doneByHand', 'answered', 'running', 'done'] as const),
];

const NOTICES: readonly ReviewNotice['kind'][] = [
  ...(['rebased', 'conflict', 'interrupted', 'settling', 'arguments'] as const),
  ...(['stacked', 'stale', 'expired', 'again'] as const),
];

const lost: StorageNotice = {
  kind: 'closed',
  message: 'It is empty.',
  ways: [
    { way: 'restoreBackup', label: 'Restore' },
    { way: 'retry', label: 'Again' },
  ],
};

const several = [file(0), file(1, { change: 'create' }), file(2, { change: 'delete' })];

/** Every kind of card, line and notice, in every state. */
export const STATES: Readonly<Record<string, Scene>> = {
  ...SCENES,
  decisions: {
    view: thread(
      ENDS.flatMap((state, index) => [
        decided(edit(`e${index}`, {}, { undo: state === 'applied' ? 'undo' : null }), state, 'why'),
        decided(
          edit(`f${index}`, { toolKind: 'execute' }, { undo: state === 'undone' ? 'redo' : null }),
          state,
        ),
      ]),
    ),
  },
  decided: {
    view: thread([
      decided(
        edit(
          'e1',
          {},
          {
            ...{ files: several, evidence: ['src/app.ts: written 14:02'] },
            comments: [
              { path: 'src/app.ts', range: { start: 3, end: 4 }, quote: 'x', comment: 'no' },
            ],
          },
        ),
        'rejected',
      ),
    ]),
    act: (page) => page.locator('cs-decided .summary').click(),
  },
  notices: {
    view: thread(
      NOTICES.map((kind, index) =>
        edit(`e${index}`, {}, { notice: { kind, text: 'Because.' }, approvable: index % 2 === 0 }),
      ),
      { status: 'waiting' },
    ),
  },
  everything: asked({
    ...{ edited: true, irrecoverable: ['It cannot be undone.'], facts: ['Links to out/x'] },
    ...{ warnings: ['Not tracked.'], hiddenCharacters: 3, since: 'proposal-0', risk: 'high' },
    progress: { total: 4, open: 1, accepted: 1, edited: 1, rejected: 1 },
  }),
  note: asked({}, fromMenu('more-note', 'answer-box')),
  redirect: asked({}, fromMenu('more-redirect', 'answer-box')),
  byHand: asked({}, fromMenu('more-by-hand', 'answer-box')),
  arguments: asked({}, async (page) => {
    await fromMenu('more-arguments', 'answer-box')(page);
    await page.locator('[data-testid="answer-box"]').fill('no JSON');
    await page.locator('[data-armed="true"]').waitFor();
    await page.locator('[data-testid="send-answer"]').click();
    await page.locator('[data-testid="answer-fault"]').waitFor();
  }),
  confirm: asked({ files: several, risk: 'high' }, press('approve', 'unseen')),
  ticked: asked({ files: several }, press('accept-file', 'decline-reason')),
  binary: asked({ files: [file(0, { isText: false, diff: [], changes: 0, moreRows: 0 })] }),
  hidden: asked({ files: [file(0, { moreRows: 3, changes: 4 })] }, press('accept-change', 'part')),
  command: { view: thread([command()], { status: 'waiting' }) },
  commandEdit: {
    view: thread([command()], { status: 'waiting' }),
    act: press('edit-command', 'answer-box'),
  },
  shell: { view: thread([command({ shell: 'ls |\n wc', argv: [], file: null })]) },
  commandUnclear: { view: thread([command({}, { state: 'unknown' }, ['Begun 14:02'])]) },
  partly: {
    view: thread([edit('e1', { state: 'partial' }, { evidence: ['src/app.ts: written 14:02'] })]),
  },
  choices: { view: thread([question('q1', 'Which one?', ['This', 'That'])]) },
  unfinished: { view: thread([user('u1', 'Hello')], { status: 'unfinished' }) },
  retry: {
    view: thread([user('u1', 'Hello')], { failure: { message: 'It broke.', action: 'retry' } }),
  },
  elsewhere: {
    view: thread([user('u1', 'Hello'), read('r1', 'a.ts')], { elsewhere: true, status: 'running' }),
  },
  model: { view: null, environment: environment({ endpoint: null, keySet: false }) },
  noFolder: { view: null, environment: { ...demo, readiness: 'noFolder' } },
  tooOld: { view: null, environment: { ...demo, readiness: 'unsupported' } },
  closed: { view: null, environment: { ...demo, storage: lost } },
};

/** A scene from its beginning, on a page that is open: nothing is left of the one before. */
export async function play(page: Page, host: FakeHost, scene: Scene): Promise<void> {
  host.environment = scene.environment ?? environment();
  await host.emit('environment', host.environment);
  await host.show(null);
  await drawn(page);
  await host.show(scene.view);
  await drawn(page);
  await scene.act?.(page);
  await drawn(page);
}
