import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CrashSite } from './support/crash.ts';

describe('a process that is killed', () => {
  let site: CrashSite;
  beforeEach(() => {
    site = new CrashSite();
  });
  afterEach(() => {
    site.remove();
  });

  /** The point, the state that is found right after it, and the state once all is over. */
  const POINTS: [point: string, path: string, found: string, end: string][] = [
    ['asked 1.txt', '1.txt', 'proposed', 'applied'],
    ['deciding 1.txt', '1.txt', 'proposed', 'applied'],
    ['approved 1.txt', '1.txt', 'approved', 'applied'],
    ['taken 1.txt', '1.txt', 'claimed', 'failed'],
    ['written beside 1.txt', '1.txt', 'claimed', 'failed'],
    ['written beside new/2.txt', 'new/2.txt', 'claimed', 'failed'],
    ['written beside 3.txt', '3.txt', 'claimed', 'failed'],
    ['done but not recorded 1.txt', '1.txt', 'claimed', 'applied'],
    ['done but not recorded new/2.txt', 'new/2.txt', 'claimed', 'applied'],
    ['done but not recorded 3.txt', '3.txt', 'claimed', 'applied'],
    ['applied 1.txt', '1.txt', 'applied', 'applied'],
    ['rejected 4.txt', '4.txt', 'rejected', 'rejected'],
    ['rejected 5.txt', '5.txt', 'rejected', 'rejected'],
  ];
  for (const [point, path, found, end] of POINTS) {
    it(`at “${point}” loses nothing, and does nothing twice or unapproved`, async () => {
      await site.killAt(point);
      assert.equal(site.states[path], found);
      await site.finish();
      assert.equal(site.states[path], end);
      const asked = site.said.filter((line) => line === `asked ${path}`).length;
      assert.equal(asked, found === 'proposed' || found === 'approved' ? 2 : 1);
      await site.checkEnd();
    }).timeout(60_000);
  }

  it('over and over, anywhere, loses nothing, and does nothing twice or unapproved', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`      SEED=${seed}`);
    const kills = fc.sample(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat({ max: 200 })), {
      numRuns: 20,
      seed,
    });
    for (const [lines, turns] of kills) await site.killAfter(lines, turns);
    await site.finish();
    await site.checkEnd();
  }).timeout(180_000);
});
