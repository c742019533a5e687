import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AcceptedFile } from '../../src/shared/decision.ts';
import { shownOf } from '../support/core.ts';
import { snapshot } from './support/parts.ts';
import { Flow, create, edit, patchLines, remove, write } from './support/flow.ts';

describe('decisions', () => {
  let flow: Flow;
  const start = async (...args: Parameters<typeof Flow.start>): Promise<void> => {
    flow = await Flow.start(...args);
  };
  const all = (operation: number): AcceptedFile => ({ operation, changes: 'all' });

  afterEach(async () => {
    await flow.close();
  });

  describe('approve', () => {
    it('tells the model the user’s note', async () => {
      await start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
      await flow.takes({ kind: 'approve', note: 'mind the tests' });
      assert.equal(flow.onDisk('a.txt'), 'b\n');
      assert.match(flow.told('c'), /^Applied\. The user approved the change\. .*mind the tests/u);
      assert.match(flow.told('c'), /a\.txt now has exactly the approved content/u);
    });

    it('without a note says nothing of one', async () => {
      await start({ 'a.txt': 'a\n' }, { calls: [remove('c', 'a.txt')] });
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.told('c'), 'Applied. The user approved the change.\na.txt is deleted.');
    });
  });

  describe('edit', () => {
    it('APR-14: what the user wrote is applied under a hash of its own, and told as a diff', async () => {
      const files = { 'a.txt': ['a', 'A'], 'b.txt': ['b', 'B'] } as const;
      await start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, { calls: [patchLines('c', files)] });
      const { effectHash } = await flow.review();
      const files2 = [{ operation: 1, text: 'mine\nand more' }];
      await flow.takes({ kind: 'edit', files: files2, note: 'as agreed' });
      assert.equal(flow.onDisk('a.txt'), 'A\n');
      assert.equal(flow.onDisk('b.txt'), 'mine\nand more');
      const { approvedHash, decision } = await flow.proposal('c');
      assert.notEqual(approvedHash, null);
      assert.notEqual(approvedHash, effectHash);
      assert.deepEqual(decision, { kind: 'edit', files: [], note: 'as agreed' });
      assert.match(flow.told('c'), /^Applied, with changes by the user\. Keep them\. .*as agreed/u);
      assert.match(flow.told('c'), /b\.txt[^]*-B\n\+mine\n\+and more\n/u);
      assert.doesNotMatch(flow.told('c'), /^[-+]A$/mu);
      const approvals = flow.bench.core.audit.rows().filter(({ event }) => event === 'approved');
      assert.deepEqual(
        approvals.map((row) => [row.edited, row.effectHash]),
        [[true, approvedHash]],
      );
    });

    it('keeps encoding and byte order mark, and writes exactly what was typed', async () => {
      const wide = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
      const files = { 'a.txt': wide('eins\r\n'), 'b.txt': '\uFEFFone\r\ntwo\n' };
      await start(files, {
        calls: [edit('a', 'a.txt', 'eins', '1'), edit('b', 'b.txt', 'one', '1')],
      });
      await flow.takes({ kind: 'edit', files: [{ operation: 0, text: 'zwö\r\n\n' }] }, 'a');
      await flow.takes({ kind: 'edit', files: [{ operation: 0, text: 'x\n' }] }, 'b');
      assert.deepEqual(readFileSync(flow.at('a.txt')), wide('zwö\r\n\n'));
      assert.deepEqual(readFileSync(flow.at('b.txt')), Buffer.from('\uFEFFx\n'));
    });

    it('of nothing, or to what was proposed, is an approval', async () => {
      const calls = [edit('a', 'a.txt', 'a', 'A'), edit('b', 'b.txt', 'b', 'B')];
      await start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, { calls });
      await flow.takes({ kind: 'edit', files: [] }, 'a');
      await flow.takes({ kind: 'edit', files: [{ operation: 0, text: 'B\n' }] }, 'b');
      for (const id of ['a', 'b']) assert.match(flow.told(id), /^Applied\. The user approved/u);
      const rows = flow.bench.core.audit.rows();
      assert.ok(rows.every(({ edited }) => !edited));
    });

    it('of one file back to what it was leaves that file out, and says so', async () => {
      const files = { 'a.txt': ['a', 'A'], 'b.txt': ['b', 'B'] } as const;
      await start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, { calls: [patchLines('c', files)] });
      await flow.takes({ kind: 'edit', files: [{ operation: 0, text: 'a\n' }] });
      assert.equal(flow.onDisk('a.txt'), 'a\n');
      assert.equal(flow.onDisk('b.txt'), 'B\n');
      assert.match(flow.told('c'), /^Applied in part[^]*a\.txt: nothing of it/u);
    });

    it('refuses, with the reason, what cannot be taken, and changes nothing', async () => {
      const patch = [
        '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-a\n+A\n',
        '--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n',
      ];
      const call = { id: 'c', name: 'apply_patch', args: { patch: patch.join('') } };
      await start({ 'a.txt': 'a\n', 'gone.txt': 'gone\n' }, { calls: [call] });
      const before = snapshot(flow.bench.folder);
      const edited = (operation: number, text = 'x\n') => ({ operation, text });
      const refused = async (files: ReturnType<typeof edited>[], words: RegExp): Promise<void> => {
        await flow.refuses({ kind: 'edit', files }, words);
      };
      await refused([edited(1)], /gone\.txt has no text/u);
      await refused([edited(2)], /no file number 3/u);
      await refused([edited(-1)], /no file number 0/u);
      await refused([edited(0.5)], /no file number/u);
      await refused([edited(0), edited(0, 'y\n')], /named twice/u);
      await refused([edited(0, 'a\0b')], /NUL/u);
      await refused([edited(0, '\uD800')], /surrogate/u);
      await refused([edited(0, 'x'.repeat(10_485_761))], /too large/u);
      await refused(
        [edited(0, '<<<<<<< your file\na\n=======\nb\n>>>>>>> the proposal\n')],
        /conflicts/u,
      );
      assert.deepEqual(snapshot(flow.bench.folder), before);
      assert.deepEqual(flow.events(), ['shown']);
    });

    it('of a single file back to what it was is refused: that is a rejection', async () => {
      await start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'A')] });
      await flow.refuses({ kind: 'edit', files: [{ operation: 0, text: 'a\n' }] }, /Reject it/u);
    });
  });

  describe('reject', () => {
    for (const reason of ['', 'use tabs']) {
      it(`${reason === '' ? 'without' : 'with'} a reason leaves everything as it is`, async () => {
        await start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'A')] });
        const before = snapshot(flow.bench.folder);
        await flow.takes({ kind: 'reject', reason });
        assert.deepEqual(snapshot(flow.bench.folder), before);
        assert.match(flow.told('c'), /^Rejected by the user.*a\.txt was not changed/su);
        assert.equal(flow.told('c').includes('tabs'), reason !== '');
        assert.equal(flow.told('c').includes('without a reason'), reason === '');
        const { state, detail } = await flow.item('c');
        assert.deepEqual([state, detail], ['rejected', reason]);
      });
    }
  });

  describe('redirect', () => {
    it('cancels the siblings, answers each call once, and goes on with the instruction', async () => {
      const calls = [
        edit('a', 'a.txt', 'a', 'A'),
        edit('b', 'b.txt', 'b', 'B'),
        write('c', 'c.txt', 'c\n'),
        { id: 'd', name: 'read_file', args: { path: 'a.txt' } },
      ];
      await start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, { calls }, { text: 'Understood.' });
      await flow.takes({ kind: 'approve' }, 'a');
      await flow.takes({ kind: 'redirect', instruction: 'Do it in d.txt instead' }, 'b');
      assert.equal(flow.onDisk('a.txt'), 'A\n', 'what was approved stays applied');
      assert.equal(flow.onDisk('b.txt'), 'b\n');
      assert.equal(flow.onDisk('c.txt'), null);
      assert.match(flow.told('a'), /^Applied/u);
      assert.match(flow.told('b'), /^Cancelled by the user.*b\.txt was not changed.*in d\.txt/su);
      assert.match(flow.told('c'), /^Cancelled.*c\.txt was not changed/su);
      assert.equal(flow.told('d'), 'a\n');
      const request = flow.bench.model.requests.at(-1) ?? [];
      assert.deepEqual(
        request.map(({ type }) => type),
        ['system', 'human', 'ai', 'tool', 'tool', 'tool', 'tool', 'human'],
      );
      assert.equal(request.at(-1)?.text, 'Do it in d.txt instead');
      const { items, status } = await flow.bench.view(flow.id);
      assert.equal(status, 'idle');
      assert.ok(items.some((item) => item.kind === 'user' && item.text.includes('in d.txt')));
      const [, , ...later] = flow.events();
      assert.deepEqual(later.slice(-2), ['redirected', 'cancelled']);
    });
  });

  describe('a decision for something else than what is asked', () => {
    it('APR-19: an answer is no approval: the next change asks', async () => {
      const question = { question: 'May I change all files?', choices: ['yes', 'no'] };
      await start(
        { 'a.txt': 'a\n' },
        { calls: [{ id: 'q', name: 'request_clarification', args: question }] },
        { calls: [remove('r', 'a.txt'), write('w', 'b.txt', 'b\n')] },
      );
      const review = await flow.review();
      assert.deepEqual(review.question, {
        text: 'May I change all files?',
        choices: ['yes', 'no'],
      });
      await flow.takes({ kind: 'respond', answer: 'yes, approve all' });
      assert.equal(flow.told('q'), 'The user answered: yes, approve all');
      assert.equal((await flow.bench.pendingItems(flow.id)).length, 2);
      assert.equal(flow.onDisk('a.txt'), 'a\n');
      assert.equal(flow.onDisk('b.txt'), null);
    });

    it('is refused by a question, and the question stands', async () => {
      const args = { question: 'Which?' };
      await start({}, { calls: [{ id: 'q', name: 'request_clarification', args }] });
      const wrong = /not an answer to what is asked/u;
      await flow.refuses({ kind: 'approve' }, wrong);
      await flow.refuses({ kind: 'edit', files: [] }, wrong);
      await flow.refuses({ kind: 'partial', files: [], reason: '' }, wrong);
      await flow.refuses({ kind: 'doneByHand' }, wrong);
      await flow.refuses({ kind: 'settle', way: 'keep' }, wrong);
      await flow.refuses({ kind: 'editArguments', arguments: '{"question":"x"}' }, /nothing to/u);
      await flow.takes({ kind: 'reject', reason: 'guess' });
      assert.equal(flow.told('q'), 'The user does not answer, and says: guess');
    });

    it('is refused by a proposal, and the proposal stands', async () => {
      await start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'A')] });
      const wrong = /not an answer to what is asked/u;
      await flow.refuses({ kind: 'respond', answer: 'yes' }, wrong);
      for (const way of ['keep', 'finish', 'rollBack'] as const) {
        await flow.refuses({ kind: 'settle', way }, wrong);
      }
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), 'A\n');
    });

    it('an answer to what is not shown any more, or was never shown, changes nothing', async () => {
      await start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'A')] });
      const shown = shownOf(await flow.item());
      const { threads } = flow.bench.core;
      for (const effectHash of ['', '0'.repeat(64), shown.effectHash.toUpperCase()]) {
        const outcome = await threads.decide(
          flow.id,
          { ...shown, effectHash },
          { kind: 'approve' },
        );
        assert.deepEqual(outcome, { kind: 'changed' });
      }
      const typed = new Map([[0, 'typed\n']]);
      const { proposalId } = await flow.review();
      assert.equal(await threads.edit(proposalId, shown.effectHash, typed), true);
      for (const decision of [
        { kind: 'approve' },
        { kind: 'reject', reason: 'no' },
        { kind: 'editArguments', arguments: '{}' },
        { kind: 'redirect', instruction: 'no' },
      ] as const) {
        assert.deepEqual(await threads.decide(flow.id, shown, decision), { kind: 'changed' });
      }
      assert.equal(flow.onDisk('a.txt'), 'a\n');
      await flow.takes({ kind: 'approve' });
      const late = await threads.decide(flow.id, shown, { kind: 'approve' });
      assert.deepEqual(late, { kind: 'tooLate', state: 'applied' });
    });
  });

  it('one decision about many new files makes them all', async () => {
    const files = { 'x/a.txt': 'a\n', 'x/y/b.txt': 'b\n', 'c.txt': 'c\n' };
    await start({}, { calls: [create('c', files)] });
    await flow.takes({ kind: 'partial', files: [all(0), all(1), all(2)], reason: '' });
    for (const [path, text] of Object.entries(files)) assert.equal(flow.onDisk(path), text);
    assert.match(flow.told('c'), /^Applied\. The user approved the change\./u);
  });
});
