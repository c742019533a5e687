import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { AcceptedFile, Decision } from '../../src/shared/decision.ts';
import { compose } from '../../src/workspace/changes.ts';
import { Flow, create, edit, patchLines, remove } from './support/flow.ts';
import { type Parts, makeParts, snapshot } from './support/parts.ts';
import { composeDecision } from '../../src/approval/answers.ts';

const partial = (files: readonly AcceptedFile[], reason = 'enough'): Decision => ({
  kind: 'partial',
  files,
  reason,
});
const whole = (operation: number): AcceptedFile => ({ operation, changes: 'all' });

describe('an approval of a part', () => {
  let flow: Flow;
  const start = async (...args: Parameters<typeof Flow.start>): Promise<void> => {
    flow = await Flow.start(...args);
  };
  afterEach(async () => {
    await flow.close();
  });

  const END = '\n\nend\n';
  const FIVE = ['1.txt', '2.txt', '3.txt', '4.txt', '5.txt'];
  const five = (): Parameters<typeof Flow.start> => [
    Object.fromEntries(FIVE.map((path) => [path, `old\n${END}`])),
    {
      calls: [patchLines('c', Object.fromEntries(FIVE.map((path) => [path, ['old', path]])))],
    },
  ];

  it('APR-13: 3 of 5 files: only those, under a new hash; the rest is said to be declined', async () => {
    await start(...five());
    const { effectHash } = await flow.review();
    await flow.takes(partial([whole(4), whole(0), whole(2)], 'the others are generated'));
    assert.deepEqual(
      FIVE.map((path) => flow.onDisk(path)),
      ['1.txt', 'old', '3.txt', 'old', '5.txt'].map((first) => `${first}\n${END}`),
    );
    const { approvedHash, operations, state } = await flow.proposal('c');
    assert.equal(state, 'applied');
    assert.notEqual(approvedHash, effectHash);
    assert.equal(operations.length, 3);
    const told = flow.told('c');
    assert.match(told, /^Applied in part\. .*because: the others are generated\./u);
    for (const path of ['1.txt', '3.txt', '5.txt']) {
      assert.ok(told.includes(`${path} now has exactly the approved content.`));
    }
    for (const path of ['2.txt', '4.txt']) {
      assert.ok(told.includes(`${path}: nothing of it was done.`));
    }
    const rows = flow.bench.core.audit.rows();
    const approved = rows.find(({ event }) => event === 'approved');
    assert.deepEqual(
      [approved?.edited, approved?.effectHash, approved?.files?.map(({ path }) => path)],
      [true, approvedHash, ['1.txt', '3.txt', '5.txt']],
    );
  });

  it('without a reason says so', async () => {
    await start(...five());
    await flow.takes(partial([whole(0)], ''));
    assert.match(flow.told('c'), /^Applied in part\. .*declined the rest without a reason\./u);
  });

  const OLD = Array.from({ length: 20 }, (_, line) => `line ${line}`);
  const NEW = OLD.map((text, line) => ([2, 10, 18].includes(line) ? `${text}!` : text));
  const rewrite = (path: string): Parameters<typeof Flow.start> => [
    { [path]: `${OLD.join('\n')}\n` },
    {
      calls: [
        { id: 'c', name: 'write_file', args: { path, content: `${NEW.join('\n')}\nmore\n` } },
      ],
    },
  ];

  it('by change: only these lines of a file, the rest told as a diff', async () => {
    await start(...rewrite('a.txt'));
    const [file] = (await flow.review()).files;
    assert.equal(file?.changes, 4);
    const changes = [{ change: 1, lines: 'all' as const }];
    await flow.takes(partial([{ operation: 0, changes }]));
    const expected = OLD.map((text, line) => (line === 10 ? `${text}!` : text));
    assert.equal(flow.onDisk('a.txt'), `${expected.join('\n')}\n`);
    const told = flow.told('c');
    assert.match(told, /^Applied in part/u);
    assert.match(told, /-line 2\n\+line 2!\n/u);
    assert.match(told, /\+more\n/u);
    assert.doesNotMatch(told, /\+line 10!/u);
  });

  it('by line: of a change, only some removals and additions', async () => {
    const edits = edit('c', 'a.txt', 'one\ntwo\n', 'ONE\nTWO\nTHREE\n');
    await start({ 'a.txt': 'zero\none\ntwo\nfour\n' }, { calls: [edits] });
    const lines = { removed: [1], added: [2] };
    await flow.takes(partial([{ operation: 0, changes: [{ change: 0, lines }] }]));
    assert.equal(flow.onDisk('a.txt'), 'zero\none\nTHREE\nfour\n');
  });

  it('of a new file: some of its lines', async () => {
    await start({}, { calls: [create('c', { 'x/new.txt': 'one\ntwo\nthree\n' })] });
    const lines = { removed: [], added: [0, 2] };
    await flow.takes(partial([{ operation: 0, changes: [{ change: 0, lines }] }]));
    assert.equal(flow.onDisk('x/new.txt'), 'one\nthree\n');
  });

  it('of a move with a change: the move alone', async () => {
    const patch =
      'rename from a.txt\nrename to b.txt\n--- a/a.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-a\n+A\n';
    await start({ 'a.txt': 'a\n' }, { calls: [{ id: 'c', name: 'apply_patch', args: { patch } }] });
    await flow.takes(partial([{ operation: 0, changes: [] }]));
    assert.equal(flow.onDisk('a.txt'), null);
    assert.equal(flow.onDisk('b.txt'), 'a\n');
    assert.match(flow.told('c'), /^Applied in part[^]*a\.txt is now b\.txt\.[^]*-a\n\+A\n/u);
  });

  it('refuses, with the reason, what is nothing, out of range or named twice', async () => {
    await start(...rewrite('a.txt'));
    const refused = (files: readonly AcceptedFile[], words: RegExp): Promise<void> =>
      flow.refuses(partial(files), words);
    const change = (at: number, lines: 'all' | { removed: number[]; added: number[] } = 'all') => ({
      operation: 0,
      changes: [{ change: at, lines }],
    });
    await refused([], /Nothing of it would be changed/u);
    await refused([{ operation: 0, changes: [] }], /Nothing of it would be changed/u);
    await refused([change(0, { removed: [], added: [] })], /Nothing of it would be changed/u);
    await refused([whole(1)], /no file number 2/u);
    await refused([whole(-1)], /no file number 0/u);
    await refused([whole(0), whole(0)], /named twice/u);
    await refused([change(4)], /no change or line 4/u);
    await refused([change(-1)], /no change or line -1/u);
    await refused([change(0, { removed: [1], added: [] })], /no change or line 1/u);
    await refused([change(0, { removed: [], added: [7] })], /no change or line 7/u);
    await refused([change(0, { removed: [0, 0], added: [] })], /named twice/u);
    const twice = [change(0).changes[0]!, change(0).changes[0]!];
    await refused([{ operation: 0, changes: twice }], /named twice/u);
    assert.deepEqual(flow.events(), ['shown']);
  });

  it('of a deletion, or of what is no text, is all or nothing', async () => {
    const files = { 'a.txt': 'a\n', 'b.bin': Uint8Array.of(0, 1), 'c.txt': 'c\n' };
    const calls = [remove('a', 'a.txt'), remove('b', 'b.bin')];
    await start(files, { calls });
    const some = partial([{ operation: 0, changes: [{ change: 0, lines: 'all' }] }]);
    await flow.refuses(some, /a\.txt can only be taken whole/u, 'a');
    await flow.refuses(some, /b\.bin can only be taken whole/u, 'b');
    await flow.refuses(partial([{ operation: 0, changes: [] }]), /only be taken whole/u, 'a');
    await flow.takes(partial([whole(0)], ''), 'a');
    assert.equal(flow.onDisk('a.txt'), null);
    await flow.takes({ kind: 'reject', reason: '' }, 'b');
    assert.match(flow.told('a'), /^Applied\. /u);
  });

  it('that has to be shown anew still tells the model what was left out', async () => {
    await start(...five());
    writeFileSync(flow.at('1.txt'), `old\n${END}mine\n`);
    await flow.takes(partial([whole(0), whole(2)]));
    assert.equal(flow.onDisk('3.txt'), `old\n${END}`, 'nothing of it was done yet');
    const review = await flow.review();
    assert.equal(review.notice?.kind, 'rebased');
    assert.deepEqual(
      review.files.map(({ path }) => path),
      ['1.txt', '3.txt'],
    );
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('1.txt'), `1.txt\n${END}mine\n`);
    assert.equal(flow.onDisk('2.txt'), `old\n${END}`);
    assert.match(flow.told('c'), /^Applied in part[^]*2\.txt: nothing of it/u);
  });
});

describe('an approval of a part of random texts', () => {
  let parts: Parts;
  before(() => {
    parts = makeParts({ 'a.txt': '' });
  });
  after(() => {
    parts.close();
  });

  it('is exactly what the composition of the accepted changes is, or a refusal', async () => {
    const line = fc.constantFrom('a', 'b', 'c', '');
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([lines, eol, ends]) => lines.join(eol) + (ends && lines.length > 0 ? eol : ''));
    const chosen = fc.array(
      fc.record({
        change: fc.integer({ min: -1, max: 4 }),
        lines: fc.oneof(
          fc.constant('all' as const),
          fc.record({
            removed: fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }),
            added: fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }),
          }),
        ),
      }),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(text, text, chosen, async (old, next, changes) => {
        fc.pre(old !== next);
        writeFileSync(parts.at('a.txt'), old);
        const untouched = snapshot(parts.folder);
        const proposal = await parts.freeze({ 'a.txt': next });
        const files = [{ operation: 0, changes }];
        const composed = composeDecision(proposal, parts.ledger, partial(files));
        assert.deepEqual(snapshot(parts.folder), untouched);
        let expected: string | null;
        try {
          expected = compose(old, next, changes);
        } catch {
          expected = null;
        }
        if (expected === null || expected === old) {
          assert.equal(composed.kind, 'refused');
        } else if (expected === next) assert.equal(composed.kind, 'asShown');
        else {
          assert.equal(composed.kind, 'changed');
          const [change] = composed.changes;
          assert.equal(Buffer.from(change?.next ?? []).toString(), expected);
        }
      }),
      { numRuns: 150 },
    );
  });
});
