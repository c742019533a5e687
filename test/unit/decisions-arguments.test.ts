import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { shownOf } from '../support/core.ts';
import { Flow, edit, remove, write } from './support/flow.ts';
import { snapshot } from './support/parts.ts';
import { change, proposedText, type } from './support/waiting.ts';

describe('other arguments for a call', () => {
  let flow: Flow;
  const other = (args: unknown) =>
    ({ kind: 'editArguments', arguments: JSON.stringify(args) }) as const;
  const read = async (): Promise<string> => {
    const { proposalId } = await flow.review();
    return flow.bench.core.threads.readArguments(flow.id, proposalId);
  };
  const ARGS = { path: 'a.txt', old_text: 'a', new_text: 'b' };

  beforeEach(async () => {
    flow = await Flow.start(
      { 'a.txt': 'a\n', 'other.txt': 'a\n' },
      {
        calls: [edit('c', 'a.txt', 'a', 'b')],
      },
    );
  });
  afterEach(async () => {
    await flow.close();
  });

  it('are read as they are, indented', async () => {
    assert.equal(await read(), JSON.stringify(ARGS, null, 2));
  });

  it('lead to another proposal, which is shown and not yet approved', async () => {
    const shown = shownOf(await flow.item());
    const before = snapshot(flow.bench.folder);
    await flow.takes(other({ ...ARGS, path: 'other.txt', new_text: 'mine' }));
    assert.deepEqual(snapshot(flow.bench.folder), before);
    const review = await flow.review();
    assert.equal(review.notice?.kind, 'arguments');
    assert.equal(review.path, 'other.txt');
    assert.equal(review.interruptId, shown.interruptId);
    assert.notEqual(review.effectHash, shown.effectHash);
    assert.equal((await flow.item()).title, 'Edit other.txt');
    const { threads } = flow.bench.core;
    assert.deepEqual(await threads.decide(flow.id, shown, { kind: 'approve' }), {
      kind: 'changed',
    });
    assert.equal(flow.bench.model.requests.length, 1, 'the model is not asked');
  });

  it('are told to the model with what became of them', async () => {
    await flow.takes(other({ ...ARGS, new_text: 'mine' }));
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'mine\n');
    assert.match(flow.told('c'), /^Applied\. [^]*The user changed your arguments to: .*"mine"/u);
  });

  it('are those that are read, changed and told again, after a restart, too', async () => {
    await flow.takes(other({ ...ARGS, new_text: 'second' }));
    await flow.restart();
    assert.match(await read(), /"new_text": "second"/u);
    await flow.takes(other({ ...ARGS, new_text: 'third' }));
    await type(flow, 'typed\n');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'typed\n');
    assert.match(flow.told('c'), /^Applied, with changes[^]*to: .*"third"[^]*-third\n\+typed\n/u);
  });

  it('are made on the files as they are, and put on top of later changes', async () => {
    const text = (first: string, last: string): string => `${first}\n\n\n${last}\n`;
    await change(flow, 'a.txt', text('a', 'z'));
    await flow.takes(other({ ...ARGS, new_text: 'mine' }));
    assert.equal(await proposedText(flow), text('mine', 'z'));
    await change(flow, 'a.txt', text('a', 'end'));
    assert.equal((await flow.review()).notice?.kind, 'rebased');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), text('mine', 'end'));
    assert.match(flow.told('c'), /The user changed your arguments to/u);
  });

  const REFUSED: [what: string, text: string, words: RegExp][] = [
    ['no JSON', '{"path": ', /no JSON/u],
    ['JSON with more behind it', '{} {}', /no JSON/u],
    ['a text', '"a.txt"', /expected object/u],
    ['null', 'null', /expected object/u],
    ['a missing argument', '{"path":"a.txt"}', /old_text/u],
    ['an unknown one', JSON.stringify({ ...ARGS, force: true }), /force/u],
    ['one of the wrong type', JSON.stringify({ ...ARGS, path: 1 }), /path/u],
    ['a path outside', JSON.stringify({ ...ARGS, path: '../x' }), /outside the workspace/u],
    ['a path of the repository', JSON.stringify({ ...ARGS, path: '.git/config' }), /own data/u],
    ['a text that is not there', JSON.stringify({ ...ARGS, old_text: 'zz' }), /not in a\.txt/u],
    ['nothing to change', JSON.stringify({ ...ARGS, new_text: 'a' }), /Nothing to change/u],
    ['a file that does not exist', JSON.stringify({ ...ARGS, path: 'n' }), /does not exist/u],
    ['a prototype', '{"__proto__": {"path": "a.txt"}, "path": "a.txt"}', /__proto__|old_text/u],
  ];
  for (const [what, text, words] of REFUSED) {
    it(`are refused if they are ${what}, and the old proposal stands`, async () => {
      await flow.refuses({ kind: 'editArguments', arguments: text }, words);
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), 'b\n');
      assert.match(flow.told('c'), /^Applied\. The user approved the change\.\n[^\n]*$/u);
    });
  }

  it('of a proposal that does not fit any more can make it fit again', async () => {
    await change(flow, 'a.txt', null);
    assert.equal((await flow.review()).approvable, false);
    await flow.takes(other({ ...ARGS, path: 'other.txt' }));
    assert.equal((await flow.review()).approvable, true);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('other.txt'), 'b\n');
    assert.equal(flow.onDisk('a.txt'), null);
  });

  it('given twice at once are taken once', async () => {
    const { threads } = flow.bench.core;
    const shown = shownOf(await flow.item());
    const outcomes = await Promise.all(
      ['x', 'y', 'z'].map((word) =>
        threads.decide(flow.id, shown, other({ ...ARGS, new_text: word })),
      ),
    );
    assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ['changed', 'changed', 'taken']);
  });

  it('of a deletion and of a new file', async () => {
    await flow.close();
    const calls = [remove('r', 'a.txt'), write('w', 'new.txt', 'x\n')];
    flow = await Flow.start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, { calls });
    await flow.takes(other({ path: 'b.txt' }), 'r');
    await flow.takes(other({ path: 'dir/new.txt', content: 'y\n' }), 'w');
    await flow.takes({ kind: 'approve' }, 'r');
    await flow.takes({ kind: 'approve' }, 'w');
    assert.deepEqual(
      ['a.txt', 'b.txt', 'new.txt', 'dir/new.txt'].map((path) => flow.onDisk(path)),
      ['a\n', null, null, 'y\n'],
    );
    assert.match(flow.told('r'), /b\.txt is deleted/u);
  });

  it('by hand is told of the files of the new arguments', async () => {
    await flow.takes(other({ ...ARGS, path: 'other.txt' }));
    writeFileSync(flow.at('other.txt'), 'b\n');
    await flow.takes({ kind: 'doneByHand' });
    assert.match(flow.told('c'), /other\.txt has exactly the proposed content now/u);
    assert.doesNotMatch(flow.told('c'), /[^r]\ba\.txt/u);
  });
});
