import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { checkEnd, checkSite } from './kill/checker.ts';
import type { StopAt } from './kill/lines.ts';
import { scenarioOf, workOn } from './kill/scenario.ts';
import { Site, buildChild } from './kill/site.ts';

/** The editor's patience with an extension that ends, in milliseconds. */
const BUDGETS = [0, 1000, 5000];
/** Held up there for longer than the second budget, and shorter than the third. */
const HELD = 1500;
const MOMENTS: [what: string, stopAt: StopAt][] = [
  ['while a card is visible', { name: 'user.looking', callId: 'w-patch', pass: 1 }],
  ['while the model is asked', { name: 'model.asked', callId: null, pass: 2 }],
  ['before an answer is recorded', { name: 'decide.before', callId: 'w-patch', pass: 1 }],
  ['before a claim', { name: 'apply.beforeClaim', callId: 'w-patch', pass: 1 }],
  ['between two files', { name: 'apply.op#2', callId: 'w-patch', pass: 1 }],
  ['after the last file', { name: 'apply.afterEffect', callId: 'w-patch', pass: 1 }],
];

describe('K-22: a window that is closed', () => {
  let child: Awaited<ReturnType<typeof buildChild>>;
  let site: Site;
  before(async () => {
    child = await buildChild();
  });
  after(() => {
    child.remove();
  });
  afterEach(() => {
    site.remove();
  });

  for (const [what, stopAt] of MOMENTS) {
    it(`K-22: ${what} comes to the same end, whatever time it is given`, async () => {
      for (const budget of BUDGETS) {
        const { files, calls } = workOn('w', 'token');
        site = new Site(child.path, scenarioOf(files, [calls]));
        await site.run({ stopAt: { ...stopAt, milliseconds: HELD } }, (process, line) => {
          if (line.kind === 'at') close(process, budget);
        });
        checkSite(site);
        await site.finish();
        const { proposals } = checkEnd(site);
        assert.deepEqual(
          proposals.flatMap(({ callId, state }) => (state === 'applied' ? [] : [callId])),
          ['w-rejected'],
          `${budget} ms`,
        );
        site.remove();
      }
    }).timeout(120_000);
  }
});

/** Asks a process to end, and ends it once its time is up. */
function close(process: ChildProcess, budget: number): void {
  process.kill('SIGTERM');
  if (budget === 0) {
    process.kill('SIGKILL');
    return;
  }
  const timer = setTimeout(() => process.kill('SIGKILL'), budget);
  process.once('exit', () => {
    clearTimeout(timer);
  });
}
