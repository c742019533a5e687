import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEnd, checkSite } from './kill/checker.ts';
import { type Plan, scenarioOf, workOn } from './kill/scenario.ts';
import { Site, buildChild } from './kill/site.ts';

const UNDO: Plan = { decision: 'approve', settle: 'finish', undo: true };
const KINDS = ['edit', 'create', 'delete', 'move', 'patch'];
/** Where an undo is killed, and what the ledger says of it then, and once the thread is opened. */
const POINTS: [failpoint: string, kinds: readonly string[], found: string, then: string][] = [
  ['decide.before', ['edit', 'move'], 'proposed', 'cancelled'],
  ['decide.recorded', ['edit', 'patch'], 'proposed', 'cancelled'],
  ['apply.beforeClaim', KINDS, 'approved', 'cancelled'],
  ['apply.claimed', KINDS, 'claimed', 'failed'],
  ['fs.beforeRename', KINDS.filter((kind) => kind !== 'create'), 'claimed', 'failed'],
  ['apply.op#2', ['patch'], 'claimed', 'failed'],
  ['apply.afterEffect', KINDS, 'claimed', 'applied'],
];

describe('an undo that is killed', () => {
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

  for (const [name, kinds, found, then] of POINTS) {
    it(`at ${name} is ${then}, and done once when the user asks again`, async () => {
      const plans = Object.fromEntries(KINDS.map((kind) => [kind, UNDO]));
      const { files, calls } = workOn('w', 'token', plans);
      const chosen = calls.filter(({ id }) => kinds.includes(id.slice(2)));
      site = new Site(child.path, scenarioOf(files, [chosen]));
      const callOf = (kind: string): string => `w-${kind}`;
      await site.killAt({ name: 'user.looking', callId: callOf(kinds[0] ?? ''), pass: 2 });
      const undos = (): string[] =>
        checkSite(site)
          .proposals.filter(({ undoes }) => undoes !== null)
          .map(({ state }) => state);
      for (const kind of kinds) {
        const life = await site.killAt({ name, callId: callOf(kind), pass: 1 });
        assert.equal(life.lines.at(-1)?.kind, 'at', kind);
        assert.equal(undos().at(-1), found, kind);
      }
      await site.finish();
      checkEnd(site);
      const count = (state: string): number => undos().filter((one) => one === state).length;
      assert.equal(count('applied'), kinds.length);
      assert.equal(count(then), kinds.length);
      for (const [path, content] of Object.entries(files)) {
        assert.equal(readFileSync(join(site.folder, path), 'utf8'), content, path);
      }
      for (const path of ['new/deep/made.txt', 'moved/new-name.txt', 'p2/made.txt']) {
        assert.equal(existsSync(join(site.folder, 'w', path)), false, path);
      }
    }).timeout(120_000);
  }
});
