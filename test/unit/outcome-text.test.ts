import assert from 'node:assert/strict';
import { outcomeText } from '../../src/agent/outcome-text.ts';
import type { Proposal } from '../../src/approval/proposal.ts';
import type { Decision, ProposalState } from '../../src/shared/decision.ts';
import { type Parts, makeParts } from './support/parts.ts';

describe('what the model is told became of its proposal', () => {
  let parts: Parts;
  beforeEach(() => {
    parts = makeParts({
      ...{ 'a.txt': 'old\n', 'b.txt': 'b\n', 'c.txt': 'c\n', 'd.txt': 'd\n' },
      'bin.dat': Uint8Array.of(0, 1),
    });
  });
  afterEach(() => {
    parts.close();
  });
  const tell = (proposal: Proposal, change: Partial<Proposal> = {}): string =>
    outcomeText({ ...proposal, ...change }, parts.ledger);
  const ENDED: [state: ProposalState, reason: string, words: RegExp, never: RegExp][] = [
    ['applied', '', /^Applied\. .*\na\.txt now has exactly the approved/u, /not changed/u],
    [
      'rejected',
      '',
      /^Rejected by the user, without a reason\. a\.txt was not changed/u,
      /Applied/u,
    ],
    ['rejected', 'no tabs', /^Rejected by the user\. .*The reason: no tabs\n/u, /without/u],
    ['stale', 'it changed', /^Refused as stale: it changed\. Nothing was written/u, /Applied/u],
    ['stale', 'Why?', /^Refused as stale: Why\? Nothing was written/u, /\?\./u],
    ['failed', 'no room', /^Failed: no room\. .*a\.txt was not changed/u, /Applied/u],
    ['rolledBack', '', /^Rolled back: .*a\.txt was not changed in the end/u, /Applied/u],
    [
      'kept',
      'x\na.txt is new',
      /^Unclear outcome: [^]*:\nx\na\.txt is new\nRead a\.txt/u,
      /Applied/u,
    ],
    ['cancelled', '', /^Cancelled before it was decided\. a\.txt was not changed/u, /Applied/u],
    [
      'doneByHand',
      'my way',
      /^Not applied: .*by hand\. The user's note: my way\nRead/u,
      /Applied\./u,
    ],
    ['answered', 'yes', /^The user answered: yes$/u, /approved/u],
  ];
  for (const [state, reason, words, never] of ENDED) {
    it(`${state}${reason === '' ? '' : ` (${reason.split('\n')[0] ?? ''})`}`, async () => {
      const proposal = await parts.freeze({ 'a.txt': 'new\n' });
      const text = tell(proposal, { state, reason });
      assert.match(text, words);
      assert.doesNotMatch(text, never);
      assert.doesNotMatch(text, /undefined|null|\[object/u);
    });
  }

  for (const state of ['proposed', 'approved', 'claimed', 'partial', 'unknown'] as const) {
    it(`nothing, while it is ${state}`, async () => {
      const proposal = await parts.freeze({ 'a.txt': 'new\n' });
      assert.throws(() => tell(proposal, { state }), /no outcome yet/u);
    });
  }

  it('of a question: no file is named', async () => {
    const call = { threadId: 't', toolCallId: 'q' };
    const question = { text: 'Which?', choices: [] };
    const proposal = await parts.ledger.freeze(call, 'other', [], { question });
    assert.equal(
      tell(proposal, { state: 'rejected' }),
      'The user does not want to answer. Go on without it, or stop.',
    );
    assert.equal(
      tell(proposal, { state: 'rejected', reason: 'guess' }),
      'The user does not answer, and says: guess',
    );
    assert.equal(tell(proposal, { state: 'cancelled' }), 'Cancelled before it was decided.');
    const decision: Decision = { kind: 'redirect', instruction: 'Do X' };
    assert.equal(
      tell(proposal, { state: 'cancelled', decision }),
      'Cancelled by the user, who wants something else. Instead: Do X',
    );
  });

  it('of several files, each with what was done with it', async () => {
    const to = { realPath: parts.at('m.txt'), displayPath: 'm.txt' };
    const changes = [
      await parts.change('a.txt', 'new\n'),
      await parts.change('b.txt', null),
      { ...(await parts.change('c.txt', 'c\n')), to },
      { ...(await parts.change('d.txt', 'D\n')), to: { realPath: '/n', displayPath: 'n.txt' } },
    ];
    const call = { threadId: 't', toolCallId: 'c' };
    const proposal = await parts.ledger.freeze(call, 'edit', changes);
    const lines = tell(proposal, { state: 'applied' }).split('\n');
    assert.deepEqual(lines.slice(1), [
      'a.txt now has exactly the approved content.',
      'b.txt is deleted.',
      'c.txt is now m.txt.',
      'd.txt is now n.txt, with the approved content.',
    ]);
    assert.match(
      tell(proposal, { state: 'stale', reason: 'x' }),
      /a\.txt, b\.txt, c\.txt and 3 more/u,
    );
  });

  it('names the files that a formatter changed, moved ones, too', async () => {
    const to = { realPath: parts.at('m.txt'), displayPath: 'm.txt' };
    const changes = [
      await parts.change('a.txt', 'new\n'),
      { ...(await parts.change('c.txt', 'C\n')), to },
    ];
    const call = { threadId: 't', toolCallId: 'c' };
    const proposal = await parts.ledger.freeze(call, 'edit', changes);
    const operations = proposal.operations.map((one) => ({ ...one, finalSha256: one.newSha256 }));
    const reason = 'Applied, then changed by a formatter on save: a.txt, c.txt';
    const text = tell(proposal, { state: 'applied', operations, reason });
    assert.match(text, /a\.txt was written, and then changed by a formatter\./u);
    assert.match(text, /c\.txt is now m\.txt, and was then changed by a formatter\./u);
    assert.match(text, /on save: a\.txt, c\.txt\. Read it before you edit it again/u);
  });

  it('keeps a long difference short, whatever its shape, and says what is left out', async () => {
    const shapes: [string, string][] = [
      ['x\n'.repeat(20_000), 'y\n'.repeat(20_000)],
      ['x'.repeat(200_000), 'y'.repeat(200_000)],
      ['', 'line\n'.repeat(50_000)],
    ];
    for (const [proposed, typed] of shapes) {
      const shown = await parts.propose({ 'a.txt': proposed });
      const changes = [await parts.change('a.txt', typed)];
      const files = [{ operation: 0, text: typed }];
      const hash = shown.shown?.effectHash ?? '';
      const decision: Decision = { kind: 'edit', files, note: 'shorter' };
      await parts.ledger.decide(shown.proposalId, hash, decision, changes);
      const text = tell(parts.find(shown.proposalId), { state: 'applied' });
      assert.ok(text.length < 13_000, `${text.length}`);
      assert.match(text, /^Applied, with changes by the user\. Keep them\. .*shorter\n/u);
      assert.match(text, /more lines of this diff|characters\]/u);
    }
  });

  it('keeps the difference of many files short as a whole', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => `many/${index}.txt`);
    const wanted = (words: string): Record<string, string> =>
      Object.fromEntries(paths.map((path) => [path, `${words}\n`.repeat(100)]));
    const shown = await parts.propose(wanted('proposed'));
    const changes = await Promise.all(
      Object.entries(wanted('typed')).map(([path, next]) => parts.change(path, next)),
    );
    const decision: Decision = { kind: 'edit', files: [] };
    await parts.ledger.decide(shown.proposalId, shown.shown!.effectHash, decision, changes);
    const text = tell(parts.find(shown.proposalId), { state: 'applied' });
    assert.ok(text.length < 30_000, `${text.length}`);
    assert.ok(text.includes('many/99.txt now has exactly the approved content.'));
  });

  it('says that what is no text is another content, without its bytes', async () => {
    const shown = await parts.propose({ 'bin.dat': Uint8Array.of(0, 2), 'a.txt': 'A\n' });
    const changes = [await parts.change('bin.dat', Uint8Array.of(0, 3))];
    const decision: Decision = { kind: 'edit', files: [] };
    await parts.ledger.decide(shown.proposalId, shown.shown!.effectHash, decision, changes);
    const text = tell(parts.find(shown.proposalId), { state: 'applied' });
    assert.match(text, /bin\.dat: another content, which is no text/u);
    assert.match(text, /a\.txt: nothing of it was done/u);
    assert.ok(!text.includes('\0'));
  });
});
