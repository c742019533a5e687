import assert from 'node:assert/strict';
import { checkEnd, checkSite } from './kill/checker.ts';
import type { Line, StopAt } from './kill/lines.ts';
import { scenarioOf, workOn } from './kill/scenario.ts';
import { Site, buildChild } from './kill/site.ts';

const NODES = ['guard', 'callModel', 'toolCall'];

/** More than a scenario takes; each life comes further. */
const MOST_LIVES = 60;

const pausesIn = (lines: readonly Line[]): string[] =>
  lines.flatMap((line) => (line.kind === 'paused' ? [line.at.join()] : []));

describe('a paused run whose process is killed', () => {
  let child: Awaited<ReturnType<typeof buildChild>>;
  before(async () => {
    child = await buildChild();
  });
  after(() => {
    child.remove();
  });

  const livesOf = async (stopAt: StopAt): Promise<Site> => {
    const { files, calls } = workOn('w', 'token');
    const some = calls.filter(({ id }) => ['w-edit', 'w-rejected', 'w-move'].includes(id));
    const [first, ...rest] = some;
    assert.ok(first !== undefined && rest.length === 2);
    const site = new Site(child.path, { ...scenarioOf(files, [[first], rest]), before: NODES });
    for (let life = 0; life < MOST_LIVES; life++) {
      const { lines } = await site.killAt(stopAt);
      checkSite(site);
      if (lines.at(-1)?.kind === 'finished') {
        checkEnd(site);
        return site;
      }
    }
    throw new Error(`It has not come to an end in ${MOST_LIVES} lives`);
  };

  it('at each pause, is paused there again', async () => {
    const site = await livesOf({ name: 'user.paused', callId: null, pass: 2 });
    let last: string | undefined;
    let pauses = 0;
    for (const { lines } of site.lives) {
      assert.ok(lines.every(({ kind }) => kind !== 'cutOff'));
      const at = pausesIn(lines);
      if (last !== undefined) assert.equal(at[0], last);
      last = at.at(-1);
      pauses += at.length;
    }
    assert.ok(site.lives.length > 6 && pauses > 12);
    site.remove();
  }).timeout(120_000);

  for (const pass of [3, 5]) {
    it(`at every ${pass}. write of a checkpoint, comes to the same end`, async () => {
      const site = await livesOf({ name: 'ckpt.before', callId: null, pass });
      assert.ok(site.lives.length > 3);
      site.remove();
    }).timeout(120_000);
  }
});
