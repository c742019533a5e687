import assert from 'node:assert/strict';
import { Flow, write } from './support/flow.ts';
import { Marks } from './support/marks.ts';
import { type } from './support/waiting.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

describe('deciding line by line', () => {
  let flow: Flow;
  const marks = new Marks(() => flow);
  const start = async (before: string, agents: string): Promise<void> => {
    flow = await Flow.start({ 'a.txt': before }, { calls: [write('c', 'a.txt', agents)] });
  };
  const shownText = async (): Promise<string> => (await marks.shown()).toString();
  afterEach(async () => {
    await flow.close();
  });

  it('takes single lines that are selected', async () => {
    const [before, after] = ['1\n2\n3\n', '1\na\nb\nc\n3\n'];
    await start(before, after);
    await marks.lines({ start: 2, end: 3 }, 'rejected');
    assert.equal(await shownText(), '1\na\nc\n3\n');
    assert.deepEqual(await marks.states(), ['edited']);
    await marks.lines({ start: 1, end: 2 }, 'accepted');
    assert.equal(await shownText(), '1\na\n3\n');
    await marks.lines({ start: 0, end: 4 }, 'rejected');
    assert.equal(await shownText(), before);
    assert.deepEqual(await marks.states(), ['rejected']);
    await marks.mark(0, 'open');
    await marks.lines({ start: 2, end: 2 }, 'accepted');
    assert.deepEqual(await marks.states(), ['accepted']);
    assert.equal(await shownText(), after);
    await marks.lines({ start: 1, end: 3 }, 'accepted');
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), '1\na\nb\n3\n');
    assert.match(flow.told('c'), /^Applied in part[^]*^\+c$/mu);
    assert.doesNotMatch(flow.told('c'), /How the user changed/u);
  });

  it('takes a selection for the changes in it, and for no others', async () => {
    await start(lines('a', 'b', 'c'), lines('A', 'X', 'Y', 'b'));
    await marks.lines({ start: 1, end: 2 }, 'rejected');
    assert.equal(await shownText(), lines('A', 'Y', 'b'), 'the end of the file is elsewhere');
    assert.deepEqual(await marks.states(), ['edited', 'open']);
    await marks.lines({ start: 2, end: 3 }, 'rejected');
    assert.equal(await shownText(), lines('A', 'Y', 'b', 'c'));
    assert.deepEqual(await marks.states(), ['edited', 'rejected']);
  });

  it('has half of an added block left as the change that it was', async () => {
    await start(lines('a', 'b'), lines('a', 'X', 'Y', 'b'));
    await marks.lines({ start: 1, end: 2 }, 'rejected');
    assert.deepEqual([await shownText(), await marks.states()], [lines('a', 'Y', 'b'), ['edited']]);
    assert.deepEqual((await marks.changes()).files[0]?.own, []);
  });

  it('puts back once what was typed over several changes', async () => {
    const before = lines('a', 'b', 'c', 'd', 'e');
    await start(before, lines('A', 'b', 'C', 'd', 'e'));
    await type(flow, lines('X', 'Y', 'd', 'e'));
    assert.deepEqual(await marks.states(), ['edited', 'edited']);
    await marks.lines({ start: 1, end: 2 }, 'rejected');
    assert.equal(await shownText(), lines('X', 'd', 'e'));
    await marks.lines({ start: 0, end: 1 }, 'rejected');
    assert.deepEqual([await shownText(), await marks.states()], [before, ['rejected', 'rejected']]);
  });

  it('has no empty file for a new one that is not accepted, where lines cannot be named', async () => {
    const patch =
      '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n' +
      '--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+new\n';
    const call = { id: 'c', name: 'apply_patch', args: { patch } };
    flow = await Flow.start({ 'a.txt': lines('a', 'b') }, { calls: [call] });
    const { threads } = flow.bench.core;
    await type(flow, lines('a', 'B', 'mine'));
    const { proposalId } = await flow.review();
    assert.deepEqual(await marks.states(), ['open', 'open']);
    assert.equal(threads.acceptedPart(proposalId), null, 'only together with the new file');
    await marks.mark(0, 'rejected', 1);
    await flow.takes(threads.acceptedPart(proposalId) ?? assert.fail());
    assert.deepEqual(
      [flow.onDisk('a.txt'), flow.onDisk('new.txt')],
      [lines('a', 'b', 'mine'), null],
    );
  });
});
