import assert from 'node:assert/strict';
import { Flow, create, edit, write } from './support/flow.ts';
import { makeParts } from './support/parts.ts';
import { toReviewView } from '../../src/approval/review.ts';

type Bytes = string | Uint8Array;

describe('the facts of a proposal', () => {
  const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');
  const CASES: readonly [what: string, before: Bytes, after: Bytes, facts: readonly string[]][] = [
    ['only white space', 'a b\n', 'a  b\n\n', ['Only white space changes.']],
    ['a final newline', 'a\nb', 'a\nB\n', ['The last line gets an end.']],
    ['a final newline that goes', 'a\nb\n', 'a\nB', ['The last line loses its end.']],
    ['a byte order mark', 'a\n', '\ufeffb\n', ['It gets a byte order mark.']],
    [
      'nothing but a byte order mark that goes',
      '\ufeffa\n',
      'a\n',
      ['The text stays the same.', 'It loses its byte order mark.'],
    ],
    [
      'other line endings',
      'a\nb\n',
      'a\r\nb\r\n',
      ['Only line endings change.', 'Line endings change from LF to CRLF.'],
    ],
    ['mixed line endings', 'a\r\nb\r\n', 'a\r\nB\n', ['Line endings change from CRLF to mixed.']],
    [
      'another encoding',
      '\ufeffa\n',
      utf16('b\n'),
      ['The encoding changes from UTF-8 to UTF-16 LE.'],
    ],
    ['what a diff shows', 'a\n', 'b\n', []],
    ['no text', Uint8Array.of(0, 1), Uint8Array.of(0, 2), []],
  ];
  for (const [what, before, after, facts] of CASES) {
    it(`UI-16: ${what}: said on the card`, async () => {
      const parts = makeParts({ 'a.txt': before });
      const proposal = await parts.propose({ 'a.txt': after });
      assert.deepEqual(toReviewView(proposal, parts.ledger).facts, facts);
      parts.close();
    });
  }

  it('UI-16: a new file that can be run says so; a patch cannot make one that is there so', async () => {
    const parts = makeParts({});
    const change = await parts.change('run.sh', '#!/bin/sh\n');
    const call = { threadId: 't', toolCallId: 'c' };
    const proposal = await parts.ledger.freeze(call, 'edit', [{ ...change, mode: '100755' }]);
    assert.deepEqual(toReviewView(proposal, parts.ledger).facts, ['It becomes executable.']);
    parts.close();
    const patch = 'diff --git a/a.sh b/a.sh\nold mode 100644\nnew mode 100755\n';
    const calls = [{ id: 'c', name: 'apply_patch', args: { patch } }];
    const flow = await Flow.start({ 'a.sh': 'a\n' }, { calls });
    assert.match(flow.told('c'), /cannot set the mode/u);
    await flow.close();
  });

  it('are said of each file where there are several', async () => {
    const parts = makeParts({ 'a.txt': 'a', 'b.txt': 'b\n' });
    const proposal = await parts.propose({ 'a.txt': 'a\n', 'b.txt': 'B\n' });
    const { facts } = toReviewView(proposal, parts.ledger);
    assert.deepEqual(facts, [
      'a.txt: Only white space changes.',
      'a.txt: The last line gets an end.',
    ]);
    parts.close();
  });
});

describe('what changed since the rejected proposal', () => {
  it('is said for the same file of the same thread, and for no other', async () => {
    const flow = await Flow.start(
      { 'a.txt': 'a\n', 'b.txt': 'b\n' },
      { calls: [edit('c', 'a.txt', 'a', 'A')] },
      { calls: [write('d', 'a.txt', 'A, better\n'), create('e', { 'new.txt': 'x\n' })] },
    );
    const { core } = flow.bench;
    const first = await flow.proposal();
    assert.equal((await flow.review()).since, null);
    assert.equal(core.since(first.proposalId), null);
    await flow.takes({ kind: 'reject', reason: 'Better' });
    const review = await flow.review('d');
    assert.equal(review.since, first.proposalId);
    const [now] = (await flow.proposal('d')).operations;
    assert.deepEqual(core.since(review.proposalId), {
      proposalId: first.proposalId,
      files: [
        {
          ...{ operation: 0, path: 'a.txt', rejected: 0 },
          ...{ before: first.operations[0]?.newSha256, after: now?.newSha256 },
        },
      ],
    });
    assert.equal((await flow.review('e')).since, null);
    await flow.takes({ kind: 'approve' }, 'd');
    assert.equal((await flow.review('d')).since, null);
    await flow.takes({ kind: 'reject', reason: '' }, 'e');
    await flow.close();
  });
});
