import assert from 'node:assert/strict';
import type { FilePreview } from '../../src/threads/file-preview.ts';
import { filePreview, stalePreview } from '../../src/threads/file-preview.ts';
import { reviewedOf } from '../../src/threads/reviewed.ts';
import { Flow } from './support/flow.ts';

const APP = 'one\ntwo\nthree\nfour\nfive\nsix\n';

describe('a proposal in the file itself', () => {
  let flow: Flow;

  afterEach(async () => {
    await flow.close();
  });

  /** What a file shows of a proposal to write it. */
  async function preview(
    content: string,
    marks: Readonly<Record<number, 'accepted' | 'rejected'>> = {},
    several = false,
    before = APP,
  ): Promise<FilePreview> {
    const calls = [{ id: 'a', name: 'write_file', args: { path: 'app.txt', content } }];
    flow = await Flow.start({ 'app.txt': before }, { calls });
    const { proposalId } = await flow.proposal('a');
    const { core } = flow.bench;
    for (const [change, state] of Object.entries(marks)) {
      const effectHash = core.changes(proposalId)?.effectHash ?? '';
      const place = { operation: 0, change: Number(change) };
      assert.ok(await core.threads.markChange(proposalId, effectHash, place, state));
    }
    const reviewed = reviewedOf(core, proposalId);
    const [file] = reviewed?.files ?? [];
    assert.ok(reviewed !== null && file !== undefined);
    return filePreview({ ...reviewed, file, several, texts: reviewed.texts[0] ?? null });
  }

  it('says at each place what goes and what comes', async () => {
    const { title, places } = await preview(
      APP.replace('two', '  TWO\n2').replace('four\n', '').replace('six\n', 'six\nseven\n'),
    );
    assert.equal(title, '“Do it” proposes 3 changes: 3 not decided (+3 −2)');
    assert.deepEqual(
      places.map(({ label, goes: { start, end }, comes }) => [label, start, end, comes]),
      [
        ['Proposed +2 −1 (1 of 3)', 1, 2, 'TWO ⏎ 2'],
        ['Proposed +0 −1 (2 of 3)', 3, 4, ''],
        ['Proposed +1 −0 (3 of 3)', 6, 6, 'seven'],
      ],
    );
    assert.equal(places[1]?.diff, '```diff\n three\n-four\n five\n six\n```');
  });

  it('nothing goes of what is rejected; its diff stays', async () => {
    const { title, places } = await preview(
      APP.replace('two', 'TWO').replace('six', 'SIX'),
      { 0: 'rejected', 1: 'accepted' },
      true,
    );
    assert.equal(title, '“Do it” proposes 2 changes: 1 accepted, 1 rejected (+1 −1)');
    assert.deepEqual(
      places.map(({ label, goes: { start, end }, comes }) => [label, start, end, comes]),
      [
        ['“Do it”: Rejected +1 −1 (1 of 2)', 1, 1, ''],
        ['“Do it”: Accepted +1 −1 (2 of 2)', 5, 6, '“Do it”: SIX'],
      ],
    );
    assert.match(places[0]?.diff ?? '', /\n-two\n\+TWO\n/u);
  });

  it('shows the first thousand changes, and says that there are more', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `${index}\n`);
    const content = lines.map((line, index) => (index % 2 === 0 ? line : `new ${line}`)).join('');
    const { title, places, approvable } = await preview(content, {}, false, lines.join(''));
    assert.match(title, /1500 changes: .* · the first 1000 changes are shown here$/u);
    assert.deepEqual([places.length, approvable], [1000, true]);
  });

  it('a fence in the text does not end the block, and a long line is cut', async () => {
    const { places } = await preview(`${'`'.repeat(5)}\n[x](command:y)${'z'.repeat(500)}\n`);
    const [place] = places;
    assert.match(place?.diff ?? '', /^``````diff\n[^]*\n\+`````\n[^]*\n``````$/u);
    assert.equal(place?.comes.length, 120);
  });

  it('says that it is stale, and nothing else', async () => {
    await preview(APP.replace('two', 'TWO'));
    const reviewed = reviewedOf(flow.bench.core, (await flow.proposal('a')).proposalId);
    const [file] = reviewed?.files ?? [];
    assert.ok(reviewed !== null && file !== undefined);
    const { title, places, whole } = stalePreview({ ...reviewed, file, several: false });
    assert.match(title, /^“Do it” proposes a change\. Stale: /u);
    assert.deepEqual([places, whole], [[], null]);
  });
});
