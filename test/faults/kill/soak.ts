import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEnd, checkSite } from './checker.ts';
import { type Dice, makeDice } from './dice.ts';
import type { Line } from './lines.ts';
import { type Plan, type PlannedCall, type Scenario, scenarioOf, workOn } from './scenario.ts';
import { type Life, Site, buildChild } from './site.ts';

export interface SoakOptions {
  readonly kills: number;
  readonly seed: number;
  /** How many sites are worked on at once. */
  readonly parallel: number;
}

export interface SoakResult {
  kills: number;
  sites: number;
  /** How often a file was changed. */
  effects: number;
  /** How often the disk had something half done when a process was dead. */
  halves: number;
  /** By their states in the end. */
  readonly ends: Map<string, number>;
}

/** Kills processes at random moments until there were so many, and checks all after each. */
export async function soak({ kills, seed, parallel }: SoakOptions): Promise<SoakResult> {
  const child = await buildChild();
  const total: SoakResult = { kills: 0, sites: 0, effects: 0, halves: 0, ends: new Map() };
  const failures: string[] = [];
  const work = async (worker: number): Promise<void> => {
    const dice = makeDice(seed * 31 + worker);
    while (total.kills < kills && failures.length === 0) {
      const scenario = randomScenario(dice);
      const site = new Site(child.path, scenario);
      try {
        await workOnSite(site, dice, total, kills);
        site.remove();
      } catch (error) {
        const why = `after ${total.kills} kills: ${described(error)}`;
        failures.push(`${why}\nsee ${keepLog(site, scenario, why)}`);
      }
    }
  };
  try {
    // The others come to the end of their sites, for which they need the child.
    await Promise.all(Array.from({ length: parallel }, (_, worker) => work(worker)));
  } finally {
    child.remove();
  }
  if (failures.length > 0) throw new Error(`with seed ${seed}, ${failures.join('\n')}`);
  return total;
}

/** What failed, and where in the tests, as text: reporters leave the cause of an error out. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack = '', cause } = error;
  const own = stack.split('\n').filter((line) => /^\s+at .*\/(?:test|src)\//u.test(line));
  const because = cause === undefined ? [] : [`because of: ${described(cause)}`];
  return [message, ...own.slice(0, FRAMES), ...because].join('\n');
}

const FRAMES = 6;

/** So many kills at most, and then to the end. */
const KILLS_PER_SITE = 14;

async function workOnSite(site: Site, dice: Dice, total: SoakResult, kills: number): Promise<void> {
  total.sites++;
  for (let kill = 0; kill < KILLS_PER_SITE && total.kills < kills; kill++) {
    const before = site.effects.length;
    const { lines } = await killSomewhere(site, dice);
    total.effects += site.effects.length - before;
    if (lines.at(-1)?.kind === 'finished') break;
    total.kills++;
    const { proposals } = checkSite(site);
    if (proposals.some(({ state }) => state === 'claimed')) total.halves++;
    if (dice.below(5) === 0) userChangesOne(site, dice);
  }
  const before = site.effects.length;
  if (site.lives.at(-1)?.lines.at(-1)?.kind !== 'finished') await site.finish();
  total.effects += site.effects.length - before;
  for (const { state } of checkEnd(site).proposals) {
    total.ends.set(state, (total.ends.get(state) ?? 0) + 1);
  }
}

/** How long a process needs to begin, in milliseconds. */
const START = 400;
/** After these, something is about to be done. */
const BUSY: ReadonlySet<Line['kind']> = new Set(['act', 'acted', 'deciding', 'decided', 'undoing']);

/** At a failpoint, right after something was said, at any moment of its work, or while it starts. */
function killSomewhere(site: Site, dice: Dice): Promise<Life> {
  const way = dice.below(10);
  if (way < 4) return site.killAt({ name: null, callId: null, pass: 1 + dice.below(60) });
  const [wait, most, kinds] =
    way < 7 ? [dice.below(12), 5, BUSY] : way < 9 ? [dice.below(120), 20, null] : [0, START, null];
  const later = dice.below(most * 1000) / 1000;
  let seen = 0;
  return site.run({}, (process, line) => {
    const counts = kinds === null || kinds.has(line.kind);
    if (line.kind === 'finished' || !counts || seen++ !== wait) return;
    setTimeout(() => process.kill('SIGKILL'), later);
  });
}

/** Somebody else has worked on a file in the meantime. */
function userChangesOne(site: Site, dice: Dice): void {
  const paths = [...site.expected.keys()];
  const path = paths[dice.below(paths.length)];
  if (path !== undefined) site.userAppends(path, `and the user, ${site.lives.length}\n`);
}

function randomScenario(dice: Dice): Scenario {
  const turns: PlannedCall[][] = [];
  const files: Record<string, string> = {};
  for (let turn = 0; turn < 2; turn++) {
    const kinds = ['edit', 'create', 'delete', 'move', 'patch', 'edited', 'partial', 'rejected'];
    const plans = Object.fromEntries(kinds.map((kind) => [kind, randomPlan(kind, dice)]));
    const work = workOn(`w${turn}`, `token ${dice.below(1000)}`, plans);
    Object.assign(files, work.files);
    turns.push(work.calls.filter(() => dice.below(3) > 0));
  }
  return scenarioOf(files, turns, dice.below(2) === 0);
}

const USUAL: ReadonlyMap<string, Plan['decision']> = new Map([
  ['edited', 'edit'],
  ['partial', 'partial'],
  ['rejected', 'reject'],
]);

function randomPlan(kind: string, dice: Dice): Plan {
  return {
    decision: dice.below(8) === 0 ? 'reject' : (USUAL.get(kind) ?? 'approve'),
    settle: dice.of(['finish', 'rollBack', 'keep']),
    undo: dice.below(3) === 0,
  };
}

/** All that a site's processes said, for whoever looks into it. */
function keepLog(site: Site, scenario: Scenario, failure: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'countersign-soak-')), 'lives.json');
  const { folder, storage, headFile, lives, effects } = site;
  const expected = [...site.expected];
  const kept = { failure, folder, storage, headFile, expected, scenario, lives, effects };
  writeFileSync(path, JSON.stringify(kept, null, 1));
  return path;
}
