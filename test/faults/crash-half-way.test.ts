import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEnd, checkSite } from './kill/checker.ts';
import { type Plan, type PlannedCall, scenarioOf, workOn } from './kill/scenario.ts';
import { Site, buildChild } from './kill/site.ts';

/** Before each of the five files but the first, and after each but the last. */
const POINTS = [1, 2, 3, 4].map((index) => `apply.op#${index}`);
/**
 * Where it is killed, a file that the user changes then, and where the finishing or the rolling back
 * is killed, too, if it is. Nothing is done yet, some of it, the one name of a move, or all.
 */
const CHANGED: [name: string, pass: number, path: string, again: string | null][] = [
  ['fs.beforeTemp', 1, 'p1.txt', null],
  ['fs.beforeTemp', 1, 'p3.txt', null],
  ['fs.beforeTemp', 1, 'p4.txt', null],
  ['apply.op#2', 1, 'p1.txt', null],
  ['apply.op#2', 1, 'p3.txt', null],
  ['apply.op#2', 1, 'p5.txt', 'apply.opDone#0'],
  ['apply.op#4', 1, 'p4-moved.txt', null],
  ['apply.afterEffect', 1, 'p1.txt', 'apply.opDone#0'],
  ['apply.afterEffect', 1, 'p5.txt', null],
];
/** At which the finishing or the rolling back is killed, too. */
const AGAIN = [
  'decide.recorded',
  'apply.beforeClaim',
  'apply.claimed',
  'apply.op#1',
  'fs.beforeRename',
  'apply.afterEffect',
  'audit.append',
];

describe('a change of five files that was killed half-way', () => {
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

  /** One such change for each name, each with files of its own. */
  const start = (names: readonly string[], plan: Plan): void => {
    const works = names.map((_, index) => workOn(`w${index}`, 'token', { patch: plan }));
    const calls = works.flatMap((work): PlannedCall[] =>
      work.calls.filter(({ id }) => id.endsWith('-patch')),
    );
    const files = Object.assign({}, ...works.map((work) => work.files)) as Record<string, string>;
    site = new Site(child.path, scenarioOf(files, [calls]));
  };
  const read = (path: string): string | null => {
    const full = join(site.folder, path);
    return existsSync(full) ? readFileSync(full, 'utf8') : null;
  };
  const filesOf = (folder: string): (boolean | null)[] =>
    ['p1.txt', 'p2/made.txt', 'p3.txt', 'p4.txt', 'p4-moved.txt', 'p5.txt'].map(
      (name) => read(`${folder}/${name}`)?.includes('by token') ?? null,
    );
  const DONE = [true, true, null, null, true, true];
  const NOT_DONE = [false, null, false, false, null, false];
  const end = { finish: ['applied', DONE], rollBack: ['rolledBack', NOT_DONE] } as const;
  const stateOf = (index: number): string | undefined =>
    checkSite(site).proposals.find(({ callId }) => callId === `w${index}-patch`)?.state;

  for (const settle of ['finish', 'rollBack'] as const) {
    it(`K-11: waits as partial, says of each file what it is, and is ${end[settle][0]} when asked`, async () => {
      start(POINTS, { decision: 'approve', settle });
      for (const [index, name] of POINTS.entries()) {
        await site.killAt({ name, callId: `w${index}-patch`, pass: 1 });
        assert.equal(stateOf(index), 'claimed');
        const files = filesOf(`w${index}`);
        assert.notDeepEqual(files, DONE);
        assert.notDeepEqual(files, NOT_DONE);
        const before = site.effects.length;
        const opened = await site.run({}, (process, line) => {
          if (line.kind === 'ready') process.kill('SIGKILL');
        });
        assert.ok(opened.lines.some(({ kind }) => kind === 'ready'));
        assert.equal(stateOf(index), 'partial');
        assert.equal(site.effects.length, before, 'opening it changes nothing');
      }
      await site.finish();
      checkEnd(site);
      const lines = site.lives.flatMap((life) => life.lines);
      for (const index of POINTS.keys()) {
        const shown = lines.filter((line) => line.kind === 'shown');
        const own = shown.filter(({ callId }) => callId === `w${index}-patch`);
        assert.ok(own.some(({ state, evidence }) => state === 'partial' && evidence.length === 6));
        assert.ok(own.some(({ notice }) => notice === 'settling'));
        assert.equal(stateOf(index), end[settle][0]);
        assert.deepEqual(filesOf(`w${index}`), end[settle][1]);
      }
    }).timeout(120_000);

    it(`K-11: ${settle}, killed itself, comes to the same end`, async () => {
      start(AGAIN, { decision: 'approve', settle });
      for (const [index, name] of AGAIN.entries()) {
        const callId = `w${index}-patch`;
        await site.killAt({ name: 'apply.op#2', callId, pass: 1 });
        assert.equal(stateOf(index), 'claimed');
        const life = await site.killAt({ name, callId, pass: 1 });
        assert.equal(life.lines.at(-1)?.kind, 'at', name);
        checkSite(site);
      }
      await site.finish();
      checkEnd(site);
      for (const [index, name] of AGAIN.entries()) {
        assert.equal(stateOf(index), end[settle][0], name);
        assert.deepEqual(filesOf(`w${index}`), end[settle][1], name);
      }
    }).timeout(120_000);

    it(`K-11: ${settle} over what the user has changed then, keeping that, comes to the same end`, async () => {
      start(
        CHANGED.map(([name]) => name),
        { decision: 'approve', settle },
      );
      const typed: string[] = [];
      for (const [index, [name, pass, path, again]] of CHANGED.entries()) {
        const callId = `w${index}-patch`;
        const life = await site.killAt({ name, callId, pass });
        assert.equal(life.lines.at(-1)?.kind, 'at', name);
        assert.equal(stateOf(index), 'claimed');
        const full = join(site.folder, `w${index}`, path);
        site.userAppends(full, 'and the user\n');
        typed.push(site.expected.get(full) ?? '');
        if (again === null) continue;
        await site.killAt({ name: again, callId, pass: 1 });
        checkSite(site);
        await site.run({}, (process, line) => {
          if (line.kind === 'ready') process.kill('SIGKILL');
        });
        checkSite(site);
      }
      await site.finish();
      const stored = checkEnd(site);
      for (const [index, [name, , path]] of CHANGED.entries()) {
        assert.equal(stateOf(index), end[settle][0], `${name} ${path}`);
        assert.deepEqual(filesOf(`w${index}`), end[settle][1], `${name} ${path}`);
        assert.match(String(stored.bytes(typed[index] ?? '')), /and the user\n$/u);
      }
    }).timeout(120_000);
  }
});
