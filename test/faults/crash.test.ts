import assert from 'node:assert/strict';
import type { Line } from './kill/lines.ts';
import { checkEnd, checkSite } from './kill/checker.ts';
import { type PlannedCall, scenarioOf, workOn } from './kill/scenario.ts';
import { type Life, Site, buildChild } from './kill/site.ts';
import type { Stored } from './kill/stored.ts';

type Shown = Extract<Line, { kind: 'shown' }>;

const KINDS = ['edit', 'create', 'delete', 'move', 'patch', 'edited', 'partial', 'rejected'];
const APPROVED = KINDS.filter((kind) => kind !== 'rejected');
const SOME = ['edit', 'create', 'patch', 'partial'];
/** Those of one file. */
const SINGLE = APPROVED.filter((kind) => kind !== 'patch');

interface Case {
  readonly title: string;
  readonly failpoint: string;
  readonly pass?: number;
  readonly after?: string;
  readonly kinds: readonly string[];
  /** The state that is found in the database then. */
  readonly found: string;
  /** What the next process shows: the same card, a question anew, or none, for it is done. */
  readonly next: 'same' | 'anew' | 'done';
}

const CASES: readonly Case[] = [
  {
    title: 'K-05: while its card is visible: the same card comes again, under the same hash',
    ...{ failpoint: 'user.looking', kinds: KINDS, found: 'proposed', next: 'same' },
  },
  {
    title: 'before its answer is recorded: the same card comes again',
    ...{ failpoint: 'decide.before', kinds: SOME, found: 'proposed', next: 'same' },
  },
  {
    title: 'while its answer is recorded: the same card comes again',
    ...{ failpoint: 'decide.recorded', kinds: KINDS, found: 'proposed', next: 'same' },
  },
  {
    title: 'K-07: between approval and claim: it asks anew, and nothing is applied by itself',
    ...{ failpoint: 'apply.beforeClaim', kinds: APPROVED, found: 'approved', next: 'anew' },
  },
  {
    title: 'K-08: between claim and first write: it asks anew, no byte is changed',
    ...{ failpoint: 'apply.claimed', kinds: APPROVED, found: 'claimed', next: 'anew' },
  },
  {
    title: 'K-08: before the preimages are kept: it asks anew, no byte is changed',
    ...{ failpoint: 'apply.preimages', kinds: SOME, found: 'claimed', next: 'anew' },
  },
  {
    title: 'K-08: before its first file: it asks anew, no byte is changed',
    ...{ failpoint: 'apply.op#0', kinds: SOME, found: 'claimed', next: 'anew' },
  },
  {
    title: 'K-10: before it writes beside the file: it asks anew',
    ...{ failpoint: 'fs.beforeTemp', kinds: SOME, found: 'claimed', next: 'anew' },
  },
  {
    title: 'K-10: once it has written beside the file: the file is as it was, the rest is swept',
    ...{ failpoint: 'fs.tempWritten', kinds: SOME, found: 'claimed', next: 'anew' },
  },
  {
    title: 'K-10: before the rename: the file is as it was, the rest is swept',
    ...{
      failpoint: 'fs.beforeRename',
      kinds: APPROVED.filter((kind) => kind !== 'delete'),
      found: 'claimed',
      next: 'anew',
    },
  },
  {
    title: 'K-13: right after the file is changed: it is done, once',
    ...{ failpoint: 'apply.opDone#0', kinds: SINGLE, found: 'claimed', next: 'done' },
  },
  {
    title: 'K-13: after the last write, before that is recorded: it is done, once',
    ...{ failpoint: 'apply.afterEffect', kinds: APPROVED, found: 'claimed', next: 'done' },
  },
  {
    title: 'K-14: after that is recorded, before the graph knows: it is done, once',
    ...{ failpoint: 'ckpt.before', after: 'apply.afterEffect', kinds: APPROVED },
    ...{ found: 'applied', next: 'done' },
  },
  {
    title: 'K-19: while the approval is appended to the audit: the same card comes again',
    ...{ failpoint: 'audit.append', kinds: SOME, found: 'proposed', next: 'same' },
  },
  {
    title: 'K-19: while the claim is appended to the audit: it asks anew',
    ...{ failpoint: 'audit.append', pass: 2, kinds: SOME, found: 'approved', next: 'anew' },
  },
  {
    title: 'K-19: while the end is appended to the audit: it is done, once',
    ...{ failpoint: 'audit.append', pass: 3, kinds: SOME, found: 'claimed', next: 'done' },
  },
];

describe('a process that is killed', () => {
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

  const start = (files: Record<string, string>, calls: readonly PlannedCall[]): void => {
    site = new Site(child.path, scenarioOf(files, [calls]));
  };
  const stateOf = (stored: Stored, callId: string): string | undefined =>
    stored.proposals.find((one) => one.callId === callId)?.state;
  const shownIn = ({ lines }: Life, callId: string): Shown | undefined =>
    lines.find((line) => line.kind === 'shown' && line.callId === callId) as Shown | undefined;

  for (const { title, kinds, found, next, ...point } of CASES) {
    it(title, async () => {
      const stopAt = { pass: 1, ...point, name: point.failpoint };
      const { files, calls } = workOn('w', 'token');
      start(
        files,
        calls.filter(({ id }) => kinds.includes(id.slice(2))),
      );
      let before: Shown | undefined;
      let last = '';
      for (const kind of [...kinds, null]) {
        const callId = `w-${kind ?? ''}`;
        const life = kind === null ? await site.finish() : await site.killAt({ ...stopAt, callId });
        const stored = checkSite(site);
        if (before !== undefined) assertShown(shownIn(life, last), before, next);
        if (kind === null) break;
        assert.equal(life.lines.at(-1)?.kind, 'at', `${kind} was not stopped there`);
        assert.equal(stateOf(stored, callId), found, kind);
        before = shownIn(life, callId);
        last = callId;
      }
      checkEnd(site);
    }).timeout(180_000);
  }
});

function assertShown(now: Shown | undefined, before: Shown, next: Case['next']): void {
  if (next === 'done') {
    assert.equal(now, undefined, 'it was shown again');
    return;
  }
  assert.ok(now !== undefined, 'it was not shown again');
  assert.equal(now.proposalId, before.proposalId);
  assert.equal(now.interruptId, before.interruptId);
  if (next === 'same') assert.equal(now.effectHash, before.effectHash);
  else {
    assert.notEqual(now.effectHash, before.effectHash);
    assert.equal(now.notice, 'interrupted');
  }
}
