import assert from 'node:assert/strict';
import type { ToolItemState } from '../../src/shared/thread-view.ts';
import {
  type Inbox,
  NOTHING,
  type WaitingRow,
  alike,
  areSame,
  countAlike,
  followInbox,
  isApprovable,
  isPlain,
  riskiestFirst,
} from '../../src/threads/inbox.ts';
import { descriptionOf, labelOf, spokenOf, tooltipOf } from '../../src/threads/inbox-words.ts';
import { markdownText } from '../../src/shared/markdown.ts';
import { plainLine } from '../../src/workspace/plain-line.ts';
import { type Bench, makeBench, shownOf } from '../support/core.ts';
import type { ScriptedCall, ScriptedReply } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

const write = (path: string, content: string): ScriptedCall => ({
  id: `write ${path}`,
  name: 'write_file',
  args: { path, content },
});
const remove = (path: string): ScriptedCall => ({
  id: `delete ${path}`,
  name: 'delete_file',
  args: { path },
});

describe('what waits in all threads', () => {
  let bench: Bench;
  let inbox: Inbox;
  let shown: Inbox[];

  function start(files: Record<string, string>, ...replies: ScriptedReply[]): void {
    bench = makeBench(files, replies);
    inbox = NOTHING;
    shown = [];
    followInbox(bench.core, (now) => {
      inbox = now;
      shown.push(now);
    });
  }

  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });

  async function ask(words: string): Promise<string> {
    const id = await bench.core.threads.send(null, words);
    await bench.reaches(id, 'waiting');
    return id;
  }

  const rows = (count: number): Promise<readonly WaitingRow[]> =>
    until(`${count} rows`, () => (inbox.rows.length === count ? inbox.rows : null));
  const rowOf = (path: string): WaitingRow => {
    const found = inbox.rows.find(({ review }) => review.path === path);
    assert.ok(found, path);
    return found;
  };
  const titles = () => inbox.rows.map(({ item }) => item.title);

  /** The same as if its outcome were unclear. */
  const turned = (row: WaitingRow, state: ToolItemState): WaitingRow => ({
    ...row,
    item: { ...row.item, state },
  });

  it('is listed riskiest first, then oldest first, whatever thread it is of', async () => {
    start(
      { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' },
      { calls: [write('a.txt', 'A\n')] },
      { calls: [remove('b.txt'), write('.vscode/tasks.json', '{}\n')] },
      { calls: [write('c.txt', 'C\n')] },
    );
    await ask('One');
    await ask('Two');
    await ask('Three');
    await rows(4);
    const order = ['Write .vscode/tasks.json', 'Delete b.txt', 'Edit a.txt', 'Edit c.txt'];
    assert.deepEqual(titles(), order);
    const unclear = turned(rowOf('c.txt'), 'unknown');
    const [first] = [...inbox.rows, unclear].toSorted(riskiestFirst);
    assert.equal(first, unclear);
    assert.equal(isApprovable(unclear), false);
    const again = inbox.rows.map((row) => ({ ...row }));
    assert.equal(areSame(inbox.rows, again), true);
    assert.equal(areSame(inbox.rows, again.slice(1)), false);
    assert.equal(areSame(inbox.rows, [...again.slice(0, 3), unclear]), false);
    assert.deepEqual(
      inbox.rows.map(({ threadTitle }) => threadTitle),
      ['Two', 'Two', 'One', 'Three'],
    );
  });

  it('changes with each answer, with a thread that is deleted, and when it is brought back', async () => {
    start(
      { 'a.txt': 'a\n', 'b.txt': 'b\n' },
      { calls: [write('a.txt', 'A\n'), write('b.txt', 'B\n')] },
      { text: 'Done.' },
    );
    const id = await ask('Both');
    await rows(2);
    const row = rowOf('b.txt');
    await bench.core.threads.decide(id, shownOf(row.item), { kind: 'reject', reason: '' });
    await rows(1);
    assert.deepEqual(titles(), ['Edit a.txt']);
    await bench.core.threads.remove(id);
    await rows(0);
    await bench.core.threads.restore(id);
    await rows(1);
    assert.deepEqual(titles(), ['Edit a.txt']);
    await bench.core.threads.rename(id, 'Another name');
    await until('the name', () => inbox.rows[0]?.threadTitle === 'Another name');
  });

  it('costs nothing while text streams, and names the threads that run', async () => {
    const end = Promise.withResolvers<undefined>();
    start({}, { text: 'word '.repeat(400), until: end.promise });
    const id = await bench.core.threads.send(null, 'Talk');
    await until('the text', async () => (await bench.view(id)).items.length === 2);
    await until('it to run', () => inbox.running.length === 1);
    assert.deepEqual(inbox.running, ['Talk']);
    const before = shown.length;
    end.resolve(undefined);
    await bench.reaches(id, 'idle');
    await until('it to rest', () => inbox.running.length === 0);
    assert.ok(shown.length - before <= 3, `${shown.length - before} looks`);
  });

  it('only what is small, whole and without anything special is approved by its title', async () => {
    const long = Array.from({ length: 200 }, (_, line) => `${line}\n`).join('');
    start(
      { 'a.txt': 'a\n', 'b.txt': 'b\n' },
      {
        calls: [
          write('a.txt', 'A\n'),
          write('long.txt', long),
          write('hidden.txt', 'a\u200Bb\n'),
          remove('b.txt'),
          write('.vscode/settings.json', '{}\n'),
        ],
      },
    );
    await ask('All');
    await rows(5);
    const plain = inbox.rows.filter(({ review }) => isPlain(review));
    assert.deepEqual(
      plain.map(({ review }) => review.path),
      ['a.txt'],
    );
  });

  it('alike: the same tool, kind of change, rule, risk; never what cannot be taken back', async () => {
    const names = ['a.txt', 'b.txt', 'c.txt'];
    start(
      Object.fromEntries([...names, 'gone.txt'].map((name) => [name, `${name}\n`])),
      { calls: [write('a.txt', 'A\n'), write('new.txt', 'n\n'), remove('gone.txt')] },
      { calls: [write('b.txt', 'B\n'), write('.vscode/x.json', '{}\n')] },
      { calls: [write('c.txt', 'C\u202E\n'), write('.vscode/y.json', '{}\n')] },
    );
    await ask('One');
    await ask('Two');
    await ask('Three');
    await rows(7);
    const like = (path: string) => alike(rowOf(path), inbox.rows).map(({ review }) => review.path);
    assert.deepEqual(like('a.txt'), ['a.txt', 'b.txt']);
    assert.deepEqual(like('new.txt'), ['new.txt']);
    assert.deepEqual(like('gone.txt'), ['gone.txt']);
    assert.deepEqual(like('c.txt'), []);
    assert.deepEqual(like('.vscode/x.json'), []);
    const count = countAlike(inbox.rows);
    assert.deepEqual(
      ['a.txt', 'new.txt', 'c.txt'].map((path) => count(rowOf(path))),
      [2, 1, 0],
    );
    const unclear = turned(rowOf('b.txt'), 'unknown');
    assert.deepEqual(alike(unclear, inbox.rows), []);
  });

  it('says in words what, where, how much, in which thread and since when', async () => {
    start(
      { 'src/app.ts': 'one\ntwo\n' },
      {
        calls: [
          write('src/app.ts', 'one\n2\n3\n'),
          { id: 'q', name: 'request_clarification', args: { question: 'Which\nway?' } },
        ],
      },
    );
    await ask('Fix the login');
    await rows(2);
    const row = rowOf('src/app.ts');
    assert.equal(labelOf(row), 'Edit app.ts');
    assert.equal(descriptionOf(row, '5 min', true), 'src · +2 −1 · Fix the login · 5 min');
    assert.equal(descriptionOf(row, '5 min', false), 'src · +2 −1 · 5 min');
    assert.equal(
      spokenOf(row, '5 min'),
      'Edit src/app.ts. 1 line goes, 2 lines come. It waits for your approval. ' +
        'Risk: low. Why it asks: Default: every change asks. In “Fix the login”, since 5 min.',
    );
    const tooltip = tooltipOf(row, '5 min');
    assert.match(tooltip, /^\*\*Edit src\\\/app\\\.ts\*\*\n\nIt waits/u);
    assert.match(tooltip, /\n```diff\n one\n-two\n\+2\n\+3\n```$/u);
    const question = inbox.rows.find(({ review }) => review.question !== null);
    assert.ok(question);
    assert.equal(labelOf(question), 'Which way?');
    assert.match(descriptionOf(question, 'now', true), /^question · Fix the login · now$/u);
    assert.match(spokenOf(question, 'now'), /The agent waits for your answer\./u);
    const settling = turned(row, 'partial');
    assert.match(descriptionOf(settling, 'now', true), /^outcome unclear · src/u);
    assert.match(spokenOf(settling, 'now'), /Did this happen\?/u);
  });

  it('UI-19: names of others are shortened in the middle, and never icons, links or Markdown', async () => {
    const path = `$(check) Approved/${'x'.repeat(200)}/[a](command:b) *c* \`d\`.txt`;
    const fence = `\`\`\`\`\n# $(error) **no** <b>\n`;
    start({}, { calls: [write(path, `${fence}${'y'.repeat(5000)}\n`.repeat(30))] });
    await ask('Look');
    const [row] = await rows(1);
    assert.ok(row);
    const long = { ...row, item: { ...row.item, title: `Edit ${'z'.repeat(10_000)}end.txt` } };
    const tooltip = tooltipOf(row, 'now');
    const [prose = '', diff = ''] = tooltip.split('`````diff\n');
    assert.match(prose, /\\\$\\\(check\\\) Approved\\\/x+/u);
    assert.doesNotMatch(prose.replaceAll('**', ''), /(?<!\\)[$[\]()*`<>]/u);
    assert.match(diff, /\n`````$/u);
    assert.ok(diff.split('\n').length <= 23);
    assert.ok(tooltip.length < 6000, String(tooltip.length));
    assert.match(labelOf(row), /^Write \[a\]/u);
    assert.doesNotMatch(plainLine(descriptionOf(row, 'now', true), 500), /\$\(/u);
    for (const text of [
      labelOf({ ...long, review: { ...row.review, files: [] } }),
      spokenOf(long, ''),
    ]) {
      assert.match(text, /^Edit z+…z+end\.txt/u);
      assert.ok(text.length < 600);
    }
    assert.equal(markdownText('a_b <i> &amp;'), 'a\\_b \\<i\\> \\&amp\\;');
  });
});
