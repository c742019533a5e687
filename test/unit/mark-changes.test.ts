import assert from 'node:assert/strict';
import type { Decision } from '../../src/shared/decision.ts';
import { Flow, edit, remove, write } from './support/flow.ts';
import { Marks } from './support/marks.ts';
import { change as changeFile, type } from './support/waiting.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const BASE = Array.from({ length: 15 }, (_, at) => `line ${at}`);
/** Three changes: of line 2, of line 7, and one after the last. */
const AGENTS = lines(...BASE.map((line, at) => (at === 2 || at === 7 ? `${line}!` : line)), 'more');

describe('deciding change by change', () => {
  let flow: Flow;
  const start = async (...args: Parameters<typeof Flow.start>): Promise<void> => {
    flow = await Flow.start(...args);
  };
  const startOne = (): Promise<void> =>
    start({ 'a.txt': lines(...BASE) }, { calls: [write('c', 'a.txt', AGENTS)] });
  afterEach(async () => {
    await flow.close();
  });

  const marks = new Marks(() => flow);
  const shownText = async (): Promise<string> => (await marks.shown()).toString();
  const acceptedPart = async (): Promise<Decision> => {
    const decision = flow.bench.core.threads.acceptedPart((await flow.review()).proposalId);
    assert.ok(decision !== null);
    return decision;
  };

  it('begins with every change open, and its place on both sides', async () => {
    await startOne();
    const { files, progress } = await marks.changes();
    assert.deepEqual(progress, { total: 3, accepted: 0, rejected: 0, edited: 0, open: 3 });
    assert.deepEqual((await flow.review()).progress, progress);
    const [file] = files;
    assert.deepEqual(
      [file?.path, file?.kind, file?.isText, file?.own],
      ['a.txt', 'edit', true, []],
    );
    const [, , third] = file?.changes ?? [];
    assert.match(third?.key ?? '', /^[0-9a-f]{64}$/u);
    assert.deepEqual(third, {
      ...{ operation: 0, change: 2, key: third?.key, state: 'open', whole: false, comment: '' },
      ...{ base: { start: 15, end: 15 }, shown: { start: 15, end: 16 } },
      ...{ removed: [], added: ['more'] },
    });
  });

  it('takes a rejected change out of what is shown and approved, and puts it back', async () => {
    await startOne();
    const first = await flow.review();
    assert.equal(await marks.mark(1, 'rejected'), true);
    const without = AGENTS.replace('line 7!', 'line 7');
    assert.equal(await shownText(), without);
    assert.deepEqual(await marks.states(), ['open', 'rejected', 'open']);
    const place = { operation: 0, change: 0 };
    const { threads } = flow.bench.core;
    assert.equal(
      await threads.markChange(first.proposalId, first.effectHash, place, 'rejected'),
      false,
      'something else is shown by now',
    );
    assert.deepEqual(await marks.states(), ['open', 'rejected', 'open']);
    await marks.mark(1, 'accepted');
    assert.deepEqual(await marks.states(), ['open', 'accepted', 'open']);
    await marks.mark(1, 'open');
    assert.deepEqual(await marks.states(), ['open', 'open', 'open']);
    const again = await flow.review();
    assert.deepEqual([again.edited, again.files], [false, first.files]);
    await marks.mark(0, 'rejected');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), AGENTS.replace('line 2!', 'line 2'));
    const told = flow.told('c');
    assert.match(told, /^Applied in part\./u);
    assert.match(told, /What was declined[^]*-line 2\n\+line 2!\n/u);
    assert.doesNotMatch(told, /How the user changed|line 7/u);
  });

  it('tells apart what is declined, what is typed, and what is said to a change', async () => {
    await startOne();
    await marks.comment(1, 'Seven must stay');
    await marks.mark(1, 'rejected');
    await type(
      flow,
      (await shownText()).replace('line 12', 'my own').replace('more', 'more of it'),
    );
    assert.deepEqual(await marks.states(), ['open', 'rejected', 'edited']);
    assert.deepEqual((await marks.changes()).files[0]?.own, [{ start: 12, end: 13 }]);
    await marks.comment(0, ' Good \n');
    await flow.takes({ kind: 'approve' });
    const told = flow.told('c');
    const [declined = '', typed = ''] = told
      .split(/^What was declined.*$|^How the user changed.*$|^What the user says.*$/mu)
      .slice(1);
    assert.match(declined, /-line 7\n\+line 7!\n/u);
    assert.doesNotMatch(declined, /my own|line 2!|[-+]more/u);
    assert.match(typed, /-line 12\n\+my own\n[^]*-more\n\+more of it\n/u);
    assert.doesNotMatch(typed, /line 7!|line 2!/u);
    assert.match(told, /a\.txt, line 8: Seven must stay\n-line 7\n\+line 7!/u);
    assert.match(told, /a\.txt, line 3: Good\n-line 2\n\+line 2!/u);
    const { decision } = await flow.proposal('c');
    assert.deepEqual(decision?.comments, [
      {
        ...{ path: 'a.txt', range: { start: 2, end: 3 } },
        ...{ quote: '-line 2\n+line 2!', comment: 'Good' },
      },
      {
        ...{ path: 'a.txt', range: { start: 7, end: 8 } },
        ...{ quote: '-line 7\n+line 7!', comment: 'Seven must stay' },
      },
    ]);
  });

  it('sends the comments with whatever is decided, and takes none from who answers', async () => {
    await start(
      { 'a.txt': lines(...BASE), 'b.txt': 'b\n' },
      { calls: [write('c', 'a.txt', AGENTS)] },
      { calls: [edit('d', 'b.txt', 'b', 'B')] },
    );
    await marks.comment(2, 'No more');
    await marks.comment(0, 'Never mind');
    await marks.comment(0, '');
    await flow.takes({ kind: 'reject', reason: '' });
    assert.match(
      flow.told('c'),
      /^Rejected by the user\. [^]*\na\.txt, line 16: No more\n\+more$/u,
    );
    assert.doesNotMatch(flow.told('c'), /Never mind|without a reason/u);
    const path = 'b.txt';
    const forged = { path, range: { start: 0, end: 1 }, quote: 'b', comment: 'forged' };
    await flow.takes({ kind: 'approve', comments: [forged] });
    assert.doesNotMatch(flow.told('d'), /forged/u);
    assert.equal((await flow.proposal('d')).decision?.comments, undefined);
  });

  it('refuses to approve what has nothing left in it', async () => {
    await startOne();
    for (const change of [0, 1, 2]) await marks.mark(change, 'rejected');
    assert.equal(await shownText(), lines(...BASE));
    await flow.refuses({ kind: 'approve' }, /Nothing of it would be changed. Reject it instead/u);
    assert.equal(flow.bench.core.threads.acceptedPart((await flow.review()).proposalId), null);
    for (const change of [0, 1, 2]) await marks.mark(change, 'accepted');
    assert.equal((await flow.review()).edited, false);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), AGENTS);
    assert.match(flow.told('c'), /^Applied\. The user approved the change\./u);
  });

  it('leaves out whole files that are rejected, under another hash, and all of a new one', async () => {
    const files = { 'a.txt': 'a\n', 'gone.txt': 'x\n', 'b.txt': 'b\n' };
    const patch =
      '--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n' +
      'rename from b.txt\nrename to c.txt\n' +
      '--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n' +
      '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-a\n+A\n';
    await start(files, { calls: [{ id: 'c', name: 'apply_patch', args: { patch } }] });
    const at = new Map(
      (await marks.changes()).files.map(({ path, operation }) => [path, operation]),
    );
    const wholes = (await marks.views()).filter(({ whole }) => whole);
    assert.equal(wholes.length, 2);
    const { effectHash } = await flow.review();
    await marks.mark(0, 'rejected', at.get('gone.txt'));
    assert.notEqual((await flow.review()).effectHash, effectHash, 'less of it is approved');
    await marks.mark(0, 'rejected', at.get('b.txt'));
    await marks.mark(0, 'open', at.get('b.txt'));
    await marks.comment(0, 'Still needed', at.get('gone.txt'));
    await marks.mark(0, 'rejected', at.get('new.txt'));
    await flow.takes({ kind: 'approve' });
    assert.deepEqual(
      ['a.txt', 'gone.txt', 'b.txt', 'c.txt', 'new.txt'].map((path) => flow.onDisk(path)),
      ['A\n', 'x\n', null, 'b\n', null],
    );
    const told = flow.told('c');
    assert.match(told, /^gone\.txt: nothing of it was done\.$/mu);
    assert.match(told, /^new\.txt: nothing of it was done\.$/mu);
    assert.match(told, /^gone\.txt: Still needed$/mu);
  });

  it('of two marks on what was seen once, only the first is kept where it changes what is done', async () => {
    const patch = ['a.txt', 'b.txt'].map((path) => `rename from ${path}\nrename to new/${path}\n`);
    const args = { patch: patch.join('') };
    await start(
      { 'a.txt': 'a\n', 'b.txt': 'b\n' },
      { calls: [{ id: 'c', name: 'apply_patch', args }] },
    );
    const both = [marks.mark(0, 'rejected', 0), marks.mark(0, 'rejected', 1)];
    assert.deepEqual(await Promise.all(both), [true, false]);
    assert.deepEqual(await marks.states(), ['rejected', 'open']);
  });

  it('approves only what is accepted, if that is asked for', async () => {
    await startOne();
    assert.equal(flow.bench.core.threads.acceptedPart((await flow.review()).proposalId), null);
    await marks.mark(0, 'accepted');
    await marks.mark(2, 'rejected');
    await flow.takes(await acceptedPart());
    assert.equal(flow.onDisk('a.txt'), lines(...BASE).replace('line 2', 'line 2!'));
    assert.match(flow.told('c'), /^Applied in part[^]*line 7!\n[^]*\+more/u);
  });

  it('keeps marks and comments over a restart, and over a change of the file', async () => {
    await startOne();
    await marks.mark(0, 'accepted');
    await marks.mark(1, 'rejected');
    await marks.comment(1, 'Why?');
    await flow.restart();
    assert.deepEqual(await marks.states(), ['accepted', 'rejected', 'open']);
    await changeFile(flow, 'a.txt', lines('new', ...BASE));
    assert.deepEqual(await marks.states(), ['accepted', 'rejected', 'open']);
    assert.equal((await marks.views())[1]?.comment, 'Why?');
    await marks.mark(1, 'accepted');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), `new\n${AGENTS}`);
  });

  it('finds a change by what it is, wherever it is by now', async () => {
    const files = { 'a.txt': lines(...BASE), 'b.txt': lines(...BASE) };
    const hunk =
      '@@ -3 +3 @@\n-line 2\n+line 2!\n@@ -8 +8 @@\n-line 7\n+line 7!\n@@ -13 +13 @@\n-line 12\n+line 12!\n';
    const patch = ['a.txt', 'b.txt']
      .map((path) => `--- a/${path}\n+++ b/${path}\n${hunk}`)
      .join('');
    await start(files, { calls: [{ id: 'c', name: 'apply_patch', args: { patch } }] });
    const { threads } = flow.bench.core;
    const seven = (await marks.views()).find((one) => one.operation === 1 && one.change === 1);
    assert.ok(seven !== undefined);
    await marks.mark(1, 'rejected', 1);
    const done = (all: readonly string[]): string =>
      lines(...BASE.map((line) => (all.includes(line) ? `${line}!` : line)));
    await changeFile(flow, 'a.txt', done(['line 2', 'line 7', 'line 12']));
    await changeFile(flow, 'b.txt', done(['line 2']));
    assert.deepEqual(await marks.states(), ['rejected', 'open'], 'the others are done already');
    const { proposalId, effectHash } = await flow.review();
    assert.ok(await threads.commentChange(proposalId, seven, 'Not here'));
    assert.equal((await marks.views())[0]?.comment, 'Not here');
    assert.ok(await threads.markChange(proposalId, effectHash, seven, 'accepted'));
    assert.deepEqual(await marks.states(), ['accepted', 'open']);
    const gone = { operation: 0, change: 0, key: 'another' };
    assert.equal(await threads.commentChange(proposalId, gone, 'lost'), false);
  });

  it('goes on from what the user made of a conflict', async () => {
    await startOne();
    await changeFile(flow, 'a.txt', lines(...BASE).replace('line 7', 'mine'));
    const typed = AGENTS.replace('line 7!', 'both');
    await type(flow, typed);
    assert.deepEqual(
      [(await flow.review()).approvable, (await flow.review()).edited],
      [true, true],
    );
    assert.deepEqual(await marks.states(), ['open', 'open', 'open']);
    await marks.mark(0, 'rejected');
    await marks.mark(2, 'rejected');
    assert.deepEqual(await marks.states(), ['rejected', 'open', 'rejected']);
    await marks.mark(0, 'accepted');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), typed.replace('more\n', ''));
    assert.match(flow.told('c'), /^Applied, with changes by the user[^]*\+both\n[^]*-more\n/u);
  });

  it('is one for each change of several calls, and of none that is decided', async () => {
    const calls = [edit('c', 'a.txt', 'a', 'A'), remove('d', 'b.txt')];
    await start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, { calls });
    assert.deepEqual([await marks.states('c'), await marks.states('d')], [['open'], ['open']]);
    await flow.takes({ kind: 'approve' }, 'c');
    const { proposalId, effectHash } = await flow.review('c');
    const { core } = flow.bench;
    assert.equal(core.changes(proposalId), null);
    const place = { operation: 0, change: 0 };
    for (const taken of [
      core.threads.markChange(proposalId, effectHash, place, 'rejected'),
      core.threads.markLines(proposalId, effectHash, 0, { start: 0, end: 1 }, 'rejected'),
      core.threads.commentChange(proposalId, place, 'late'),
    ]) {
      assert.equal(await taken, false);
    }
    await flow.takes({ kind: 'reject', reason: '' }, 'd');
  });
});
