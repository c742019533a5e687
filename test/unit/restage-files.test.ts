import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { mergeThree } from '../../src/workspace/merge.ts';
import { Flow, edit, patchLines, remove, write } from './support/flow.ts';
import { makeParts } from './support/parts.ts';
import { change, proposedText, type } from './support/waiting.ts';
import { tamper } from '../support/tamper.ts';

const TEN = Array.from({ length: 10 }, (_, line) => `line ${line}`);
const text = (end: string, ...changes: [line: number, words: string][]): string =>
  TEN.map((words, line) => (changes.find(([at]) => at === line)?.[1] ?? words) + end).join('');

describe('a proposal about files of every kind, which change while it waits', () => {
  let flow: Flow;
  afterEach(async () => {
    await flow.close();
  });

  const utf16 = (words: string): Buffer => Buffer.from(`\uFEFF${words}`, 'utf16le');
  const FORMS: [form: string, encode: (words: string) => Buffer, end: string][] = [
    ['CRLF', (words) => Buffer.from(words), '\r\n'],
    ['a byte order mark', (words) => Buffer.from(`\uFEFF${words}`), '\n'],
    ['a byte order mark and CRLF', (words) => Buffer.from(`\uFEFF${words}`), '\r\n'],
    ['UTF-16', utf16, '\n'],
    ['UTF-16 and CRLF', utf16, '\r\n'],
    ['UTF-16, big endian', (words) => utf16(words).swap16(), '\n'],
  ];
  for (const [form, encode, end] of FORMS) {
    it(`${form}: keeps its form when it is put on top of a change`, async () => {
      const call = edit('c', 'a.txt', 'line 2', 'LINE 2');
      flow = await Flow.start({ 'a.txt': encode(text(end)) }, { calls: [call] });
      writeFileSync(flow.at('a.txt'), encode(text(end, [7, 'ligne 7'])));
      await flow.bench.core.threads.filesChanged(new Set([flow.at('a.txt')]));
      assert.equal((await flow.review()).notice?.kind, 'rebased');
      await flow.takes({ kind: 'approve' });
      const expected = encode(text(end, [2, 'LINE 2'], [7, 'ligne 7']));
      assert.deepEqual(readFileSync(flow.at('a.txt')), expected);
    });
  }

  it('line endings that the user has turned around are those of the result', async () => {
    flow = await Flow.start(
      { 'a.txt': text('\n') },
      { calls: [edit('c', 'a.txt', 'line 2', 'LINE 2')] },
    );
    await change(flow, 'a.txt', text('\r\n'));
    assert.equal((await flow.review()).approvable, true);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), text('\r\n', [2, 'LINE 2']));
  });

  it('what is no text any more cannot be merged, and says so', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    writeFileSync(flow.at('a.txt'), Uint8Array.of(0, 1, 2));
    await flow.bench.core.threads.filesChanged(new Set([flow.at('a.txt')]));
    const { notice, approvable } = await flow.review();
    assert.deepEqual([notice?.kind, approvable], ['stale', false]);
    assert.match(notice?.text ?? '', /a\.txt changed, and is no text/u);
  });

  it('what became a folder, or was replaced by a link, cannot be approved', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    await change(flow, 'a.txt', null);
    mkdirSync(flow.at('a.txt'));
    await flow.bench.core.threads.filesChanged(new Set([flow.at('a.txt')]));
    const { notice, approvable } = await flow.review();
    assert.deepEqual([notice?.kind, approvable], ['stale', false]);
  });

  it('a new file that somebody has made by now: a conflict, or done if it is the same', async () => {
    const calls = [write('other', 'a.txt', 'ours\n'), write('same', 'b.txt', 'both\n')];
    flow = await Flow.start({}, { calls });
    await change(flow, 'a.txt', 'theirs\n');
    await change(flow, 'b.txt', 'both\n');
    assert.equal((await flow.review('other')).notice?.kind, 'conflict');
    assert.match(await proposedText(flow, 'other'), /theirs\n=======\nours\n/u);
    const same = await flow.review('same');
    assert.match(same.notice?.text ?? '', /have the proposed content already/u);
    await type(flow, 'theirs\nours\n', 'other');
    await flow.takes({ kind: 'approve' }, 'other');
    await flow.takes({ kind: 'reject', reason: '' }, 'same');
    assert.equal(flow.onDisk('a.txt'), 'theirs\nours\n');
  });

  it('a deletion of a file that changed shows what would be lost now, and asks again', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [remove('c', 'a.txt')] });
    await change(flow, 'a.txt', 'a\nmine\n');
    const review = await flow.review();
    assert.equal(review.notice?.kind, 'rebased');
    assert.equal(review.removed, 2);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), null);
    const { proposalId } = await flow.review('c');
    await flow.bench.core.threads.undo(flow.id, proposalId, 'undo');
    assert.equal(flow.onDisk('a.txt'), 'a\nmine\n');
  });

  it('a deletion of a file that is gone already has nothing left to do', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [remove('c', 'a.txt')] });
    await change(flow, 'a.txt', null);
    assert.match((await flow.review()).notice?.text ?? '', /have the proposed content already/u);
    await flow.refuses({ kind: 'approve' }, /does not fit/u);
  });

  it('a deletion of a file with unsaved changes waits until it is saved', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [remove('c', 'a.txt')] });
    const path = flow.at('a.txt');
    flow.bench.editor.open(path);
    flow.bench.editor.type(path, 'typed\n');
    await flow.bench.core.threads.filesChanged(new Set([path]));
    assert.match((await flow.review()).notice?.text ?? '', /a\.txt has unsaved changes/u);
    await flow.refuses({ kind: 'approve' }, /unsaved changes/u);
    flow.bench.editor.save(path);
    await flow.bench.core.threads.filesChanged(new Set([path]));
    assert.equal((await flow.review()).notice?.kind, 'rebased');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), null);
  });

  it('FS-13: on top of what is typed by now says that this would be saved, and no more once it is', async () => {
    flow = await Flow.start(
      { 'a.txt': text('\n') },
      { calls: [edit('c', 'a.txt', 'line 2', 'LINE 2')] },
    );
    const path = flow.at('a.txt');
    flow.bench.editor.open(path);
    flow.bench.editor.type(path, text('\n', [7, 'typed']));
    await flow.bench.core.threads.filesChanged(new Set([path]));
    assert.match((await flow.review()).warnings.join(), /a\.txt has unsaved changes/u);
    flow.bench.editor.save(path);
    flow.bench.editor.type(path, text('\n', [7, 'typed'], [9, 'more']));
    flow.bench.editor.save(path);
    await flow.bench.core.threads.filesChanged(new Set([path]));
    assert.deepEqual((await flow.review()).warnings, []);
  });

  it('of several files, names those that changed, and keeps the others', async () => {
    const files = { 'a.txt': ['a', 'A'], 'b.txt': ['b', 'B'], 'c.txt': ['c', 'C'] } as const;
    const base = Object.fromEntries(
      Object.entries(files).map(([path, [from]]) => [path, `${from}\n\n\nend\n`]),
    );
    flow = await Flow.start(base, { calls: [patchLines('p', files)] });
    await change(flow, 'b.txt', 'b\n\n\nthe end\n');
    const review = await flow.review();
    assert.match(review.notice?.text ?? '', /^b\.txt changed after/u);
    assert.deepEqual(
      review.files.map(({ path }) => path),
      ['a.txt', 'b.txt', 'c.txt'],
    );
    await change(flow, 'c.txt', null);
    assert.equal((await flow.review()).notice?.kind, 'stale', 'all of it or nothing');
    await change(flow, 'c.txt', 'C\n\n\nend\n');
    const rest = await flow.review();
    assert.deepEqual(
      rest.files.map(({ path }) => path),
      ['a.txt', 'b.txt'],
      'what is done already is left out',
    );
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'A\n\n\nend\n');
    assert.equal(flow.onDisk('b.txt'), 'B\n\n\nthe end\n');
  });

  it('with stored bytes that are damaged: the thread opens, and an approval is refused', async () => {
    flow = await Flow.start({ 'a.txt': 'a\n' }, { calls: [edit('c', 'a.txt', 'a', 'b')] });
    const parts = makeParts({}, { folder: flow.bench.folder, storage: flow.bench.storage });
    tamper(parts.database, `UPDATE blobs SET bytes = x'00'`);
    parts.database.close();
    writeFileSync(flow.at('a.txt'), 'mine\n');
    await flow.restart();
    assert.equal((await flow.review()).path, 'a.txt');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), 'mine\n');
    assert.match(flow.told('c'), /^Failed: Stored bytes .* are damaged/u);
  });
});

describe('a proposal on top of any change', () => {
  it('is the merge of both, clean or with conflicts; never anything else', async () => {
    const line = fc.constantFrom('a', 'b', 'c', 'd');
    const words = fc
      .array(line, { maxLength: 8 })
      .map((lines) => lines.map((l) => `${l}\n`).join(''));
    const parts = makeParts({ 'a.txt': '' });
    await fc.assert(
      fc.asyncProperty(words, words, words, async (base, yours, proposed) => {
        fc.pre(base !== proposed && base !== yours);
        writeFileSync(parts.at('a.txt'), base);
        const { proposalId } = await parts.propose({ 'a.txt': proposed });
        writeFileSync(parts.at('a.txt'), yours);
        assert.equal(await parts.executor.revalidate(proposalId), true);
        const merged = mergeThree(base, yours, proposed);
        const { origin, operations } = parts.find(proposalId);
        const isDone = merged.conflicts === 0 && merged.text === yours;
        assert.equal(origin, isDone ? 'stale' : merged.conflicts === 0 ? 'rebased' : 'conflict');
        if (!isDone) {
          const stored = parts.ledger.bytes(operations[0]?.newSha256 ?? '');
          assert.equal(Buffer.from(stored).toString(), merged.text);
        }
        assert.equal(await parts.executor.revalidate(proposalId), false, 'looked at again');
        writeFileSync(parts.at('a.txt'), base);
        await parts.executor.revalidate(proposalId);
        assert.notEqual(parts.find(proposalId).origin, 'stale', 'the base is back');
        assert.equal(readFileSync(parts.at('a.txt'), 'utf8'), base);
      }),
      { numRuns: 100 },
    );
    parts.close();
  });
});
