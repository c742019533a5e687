import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Flow, edit, remove, write } from './support/flow.ts';
import { proposedText, type } from './support/waiting.ts';

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('');
const BASE = lines('one', '', '', 'two', '', '', 'three');

/** The first and third line, far from each other: changes that never meet. */
const APART = [edit('1', 'a.txt', 'one', 'ONE'), edit('2', 'a.txt', 'three', 'THREE')];
/** The second builds on what the first makes. */
const BUILT = [edit('1', 'a.txt', 'one', 'ONE'), edit('2', 'a.txt', 'ONE', 'ONE AND ALL')];

describe('several changes of one file, all waiting', () => {
  let flow: Flow;
  const first = (text = BASE): string => text.replace('one', 'ONE');
  const second = (text = BASE): string => text.replace('three', 'THREE');

  afterEach(async () => {
    await flow.close();
  });

  it('are each shown on top of those before', async () => {
    flow = await Flow.start(
      { 'a.txt': BASE },
      { calls: [...APART, edit('3', 'a.txt', 'ONE', '1')] },
    );
    assert.equal((await flow.review('1')).notice, null);
    for (const id of ['2', '3']) assert.equal((await flow.review(id)).notice?.kind, 'stacked');
    assert.equal(await proposedText(flow, '1'), first());
    assert.equal(await proposedText(flow, '2'), second(first()));
    assert.equal(await proposedText(flow, '3'), second(first()).replace('ONE', '1'));
    const rows = (await flow.review('2')).files[0]?.diff.map(({ kind, text }) => [kind, text]);
    assert.deepEqual(
      rows?.filter(([kind]) => kind !== 'context'),
      [
        ['removed', 'three'],
        ['added', 'THREE'],
      ],
      'only what it adds itself',
    );
  });

  describe('that do not meet', () => {
    beforeEach(async () => {
      flow = await Flow.start({ 'a.txt': BASE }, { calls: APART });
    });

    for (const order of [
      ['1', '2'],
      ['2', '1'],
    ]) {
      it(`approved in the order ${order.join(', ')} give both`, async () => {
        for (const id of order) await flow.takes({ kind: 'approve' }, id);
        // Approved before the one below it, a change is shown anew without that one.
        for (const { id } of await flow.bench.pendingItems(flow.id)) {
          const { notice } = await flow.review(id);
          assert.equal(notice?.kind, 'rebased');
          await flow.takes({ kind: 'approve' }, id);
        }
        assert.equal(flow.onDisk('a.txt'), second(first()));
        for (const id of order) assert.match(flow.told(id), /^Applied\. The user approved/u);
      });

      it(`only ${order[0] ?? ''} approved gives only that, in either order of deciding`, async () => {
        const [yes = '', no = ''] = order;
        await flow.takes({ kind: 'reject', reason: '' }, no);
        const { effectHash } = await flow.review(yes);
        assert.notEqual(effectHash, '');
        await flow.takes({ kind: 'approve' }, yes);
        assert.equal(flow.onDisk('a.txt'), yes === '1' ? first() : second());
        assert.match(flow.told(no), /^Rejected/u);
      });
    }

    it('the second approved, shown anew without the first, and the first rejected then', async () => {
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), BASE);
      assert.equal(await proposedText(flow, '2'), second());
      await flow.takes({ kind: 'reject', reason: '' }, '1');
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), second());
    });

    it('the first edited: the second comes to be on top of that', async () => {
      await type(flow, BASE.replace('one', 'uno'), '1');
      await flow.bench.core.threads.filesChanged(new Set([flow.at('a.txt')]));
      assert.equal(await proposedText(flow, '2'), second(BASE.replace('one', 'uno')));
      await flow.takes({ kind: 'approve' }, '1');
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), second(BASE.replace('one', 'uno')));
    });

    it('a redirect of the second withdraws the first, too', async () => {
      await flow.takes({ kind: 'redirect', instruction: 'neither' }, '2');
      assert.equal(flow.onDisk('a.txt'), BASE);
      for (const id of ['1', '2']) assert.match(flow.told(id), /^Cancelled/u);
    });

    it('survive a restart with their order', async () => {
      await flow.restart();
      assert.equal((await flow.review('2')).notice?.kind, 'stacked');
      await flow.takes({ kind: 'approve' }, '1');
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), second(first()));
    });
  });

  describe('of which the second builds on the first', () => {
    beforeEach(async () => {
      flow = await Flow.start({ 'a.txt': BASE }, { calls: BUILT });
    });

    it('in order give both', async () => {
      await flow.takes({ kind: 'approve' }, '1');
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), BASE.replace('one', 'ONE AND ALL'));
    });

    it('without the first, the second cannot be applied as it is', async () => {
      await flow.takes({ kind: 'reject', reason: '' }, '1');
      const review = await flow.review('2');
      assert.deepEqual([review.notice?.kind, review.approvable], ['conflict', false]);
      await flow.refuses({ kind: 'approve' }, /conflicts/u, '2');
      await type(flow, BASE.replace('one', 'one and all'), '2');
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), BASE.replace('one', 'one and all'));
    });

    it('the second approved too early is a conflict, and fits once the first is there', async () => {
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), BASE);
      assert.equal((await flow.review('2')).notice?.kind, 'conflict');
      await flow.takes({ kind: 'approve' }, '1');
      const review = await flow.review('2');
      assert.deepEqual([review.approvable, review.edited], [true, false]);
      await flow.takes({ kind: 'approve' }, '2');
      assert.equal(flow.onDisk('a.txt'), BASE.replace('one', 'ONE AND ALL'));
    });
  });

  it('a new file and then a change of it: the second cannot come first', async () => {
    const calls = [write('1', 'n.txt', 'new\n'), edit('2', 'n.txt', 'new', 'newer')];
    flow = await Flow.start({}, { calls });
    await flow.takes({ kind: 'approve' }, '2');
    assert.equal(flow.onDisk('n.txt'), null);
    assert.notEqual((await flow.item('2')).state, 'applied');
    await flow.takes({ kind: 'approve' }, '1');
    assert.equal(flow.onDisk('n.txt'), 'new\n');
  });

  it('a new file and then a change of it, in order', async () => {
    const calls = [write('1', 'n.txt', 'new\n'), edit('2', 'n.txt', 'new', 'newer')];
    flow = await Flow.start({}, { calls });
    await flow.takes({ kind: 'approve' }, '1');
    await flow.takes({ kind: 'approve' }, '2');
    assert.equal(flow.onDisk('n.txt'), 'newer\n');
  });

  it('a file that shall be deleted cannot be changed on top of that, and the model is told', async () => {
    const calls = [remove('1', 'a.txt'), edit('2', 'a.txt', 'one', 'two'), remove('3', 'a.txt')];
    flow = await Flow.start({ 'a.txt': BASE }, { calls });
    assert.equal((await flow.item('2')).state, 'failed');
    assert.equal((await flow.item('3')).state, 'failed');
    await flow.takes({ kind: 'reject', reason: '' }, '1');
    assert.match(flow.told('2'), /a\.txt does not exist/u);
    assert.equal(flow.onDisk('a.txt'), BASE);
  });

  it('a file that is moved in one call and changed by its new name in the next', async () => {
    const move = { id: '1', name: 'move_file', args: { from: 'a.txt', to: 'b.txt' } };
    flow = await Flow.start({ 'a.txt': BASE }, { calls: [move, edit('2', 'b.txt', 'one', 'ONE')] });
    assert.equal((await flow.review('2')).notice?.kind, 'stacked');
    await flow.takes({ kind: 'approve' }, '1');
    await flow.takes({ kind: 'approve' }, '2');
    assert.equal(flow.onDisk('a.txt'), null);
    assert.equal(flow.onDisk('b.txt'), first());
  });

  it('in whatever order three of them are decided, those approved are there, and no other', async function () {
    this.timeout(60_000);
    const words = ['one', 'two', 'three'];
    const calls = words.map((word, index) => edit(`${index}`, 'a.txt', word, word.toUpperCase()));
    const decisions = fc.record({
      order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      yes: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(decisions, async ({ order, yes }) => {
        flow = await Flow.start({ 'a.txt': BASE }, { calls });
        for (const at of order) {
          const id = String(at);
          if (yes[at] !== true) await flow.takes({ kind: 'reject', reason: '' }, id);
          else await flow.takes({ kind: 'approve' }, id);
        }
        for (;;) {
          const [again] = await flow.bench.pendingItems(flow.id);
          if (again === undefined) break;
          await flow.takes({ kind: 'approve' }, again.id);
        }
        const expected = words.reduce(
          (text, word, at) => (yes[at] === true ? text.replace(word, word.toUpperCase()) : text),
          BASE,
        );
        assert.equal(flow.onDisk('a.txt'), expected);
        await flow.close();
      }),
      { numRuns: 25 },
    );
    flow = await Flow.start({});
  });
});
