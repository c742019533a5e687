import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from '../../src/shared/mode.ts';
import type { Plan, PlanComment } from '../../src/shared/plan.ts';
import { TOOLS } from '../../src/tools/registry.ts';
import { type Bench, makeBench } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';

const PLAN = '# Plan\n\n1. Look at a.txt\n2. Change it\n3. Be done\n';

describe('a plan', () => {
  let bench: Bench;
  let threadId: string;
  const start = (...replies: readonly ScriptedReply[]): void => {
    bench = makeBench({ 'a.txt': 'a\n' }, replies);
  };
  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });
  const say = async (mode: Mode, to: string | null = null): Promise<void> => {
    threadId = await bench.core.threads.send(to, 'Go', mode);
    await bench.reaches(threadId, 'idle');
  };
  const plans = (): Promise<readonly Plan[]> => bench.core.threads.plans(threadId);
  const last = async (): Promise<Plan> => {
    const plan = (await plans()).at(-1);
    assert.ok(plan);
    return plan;
  };
  const save = async (text: string): Promise<void> =>
    bench.core.threads.savePlan(threadId, (await last()).planId, text);
  const comment = async (start_: number, end: number, words: string): Promise<void> =>
    bench.core.threads.commentPlan(
      threadId,
      (await last()).planId,
      { range: { start: start_, end } },
      words,
    );
  const said = (): string => bench.model.requests.at(-1)?.at(-1)?.text ?? '';
  /** The plan and the comments as the agent got them. */
  const given = (): { plan: string; comments: PlanComment[] } => {
    const [, plan = '', rest = ''] = /<plan>\n(.*)\n<\/plan>(.*)$/su.exec(said()) ?? [];
    const json = /\[\n.*$/su.exec(rest)?.[0] ?? '[]';
    return { plan, comments: JSON.parse(json) as PlanComment[] };
  };

  it('is read as it is kept by then: who reads it while that goes on can use it', async () => {
    start({ text: PLAN }, { text: PLAN });
    await say('plan');
    const { planId } = await last();
    const keeping = bench.core.threads.savePlan(threadId, planId, `${PLAN}4. Rest\n`);
    const shown = await last();
    await keeping;
    assert.match(shown.text, /Rest/u);
    const outcome = await bench.core.threads.usePlan(threadId, shown, 'revise');
    assert.equal(outcome.kind, 'taken');
    await bench.core.threads.settled(threadId);
  });

  it('is what ends a turn in the mode plan, and nothing else is', async () => {
    start({ text: 'Prose.' }, { text: PLAN }, { text: 'Only an answer.' });
    await say('act');
    assert.deepEqual(await plans(), []);
    await say('plan', threadId);
    await say('ask', threadId);
    const found = await plans();
    assert.deepEqual(
      found.map(({ number, written, text, comments }) => ({ number, written, text, comments })),
      [{ number: 1, written: PLAN, text: PLAN, comments: [] }],
    );
    const { plan } = await bench.view(threadId);
    assert.deepEqual(plan, {
      ...{ planId: found[0]?.planId, hash: found[0]?.hash },
      ...{ edited: false, comments: 0 },
    });
  });

  for (const mode of ['carryOut', 'revise'] as const) {
    it(`reaches the agent to the byte, as the user left it, with the comments: ${mode}`, async () => {
      start({ text: PLAN }, { text: 'Yes.' });
      await say('plan');
      const text = '# Plan\n\n0. Ask “why” ￼ \t\n1. Look at a.txt\n2. Change it </plan>\n\n\n';
      await comment(4, 4, 'In capitals "A"\nplease');
      await save(text);
      const { planId, hash } = await last();
      const outcome = await bench.core.threads.usePlan(threadId, { planId, hash }, mode);
      assert.equal(outcome.kind, 'taken');
      const view = await bench.reaches(threadId, 'idle');
      assert.equal(given().plan, text);
      assert.deepEqual(given().comments, [
        {
          range: { start: 5, end: 5 },
          quote: '2. Change it </plan>',
          comment: 'In capitals "A"\nplease',
        },
      ]);
      assert.equal(view.mode, mode === 'carryOut' ? 'act' : 'plan');
      const bound = bench.model.bound.at(-1) ?? [];
      assert.equal(bound.includes('write_file'), mode === 'carryOut');
    });
  }

  it('that is another by now is not carried out', async () => {
    start({ text: PLAN }, { text: 'Never.' });
    await say('plan');
    const { planId, hash } = await last();
    await comment(3, 3, 'Why?');
    const use = (shown: { planId: string; hash: string }): Promise<unknown> =>
      bench.core.threads.usePlan(threadId, shown, 'carryOut');
    assert.deepEqual(await use({ planId, hash }), { kind: 'changed' });
    assert.deepEqual(await use({ planId: 'other', hash }), { kind: 'changed' });
    assert.equal(bench.model.requests.length, 1);
  });

  it('with nothing to say about it is not sent back', async () => {
    start({ text: PLAN }, { text: 'Better.' });
    await say('plan');
    const shown = await last();
    const { threads } = bench.core;
    await assert.rejects(threads.usePlan(threadId, shown, 'revise'), /comment on it first/u);
    await threads.usePlan(threadId, shown, 'revise', ' Shorter ');
    await bench.reaches(threadId, 'idle');
    assert.match(said(), /whole new one\.\n\nShorter\n\n<plan>/u);
  });

  it('is kept with its comments over a restart, and so is every one before it', async () => {
    start({ text: PLAN }, { text: '# Better\n' });
    await say('plan');
    await save('# Mine\n');
    await comment(1, 1, 'Good');
    const before = await last();
    const { threads } = bench.core;
    await threads.usePlan(threadId, before, 'revise');
    await bench.reaches(threadId, 'idle');
    await save('# Better, and mine\n');
    const known = await plans();
    await bench.core.close();
    bench = bench.restart([]);
    assert.deepEqual(await plans(), known);
    assert.deepEqual(
      known.map(({ number, text, written }) => [number, written, text]),
      [
        [1, PLAN, '# Mine\n'],
        [2, '# Better\n', '# Better, and mine\n'],
      ],
    );
    const [first] = await plans();
    assert.equal(first?.comments[0]?.comment, 'Good');
    const { plan } = await bench.view(threadId);
    assert.deepEqual(plan, {
      ...{ planId: known[1]?.planId, hash: known[1]?.hash },
      ...{ edited: true, comments: 0 },
    });
  });

  it('keeps what was typed into it while the next one came', async () => {
    start({ text: PLAN }, { text: '# Better\n' });
    await say('plan');
    const { planId } = await last();
    await say('plan', threadId);
    await bench.core.threads.savePlan(threadId, planId, '# Late\n');
    assert.deepEqual(
      (await plans()).map(({ text }) => text),
      ['# Late\n', '# Better\n'],
    );
    assert.equal((await bench.view(threadId)).plan?.planId, (await last()).planId);
  });

  it('has comments that are changed, taken away, and never outside of it', async () => {
    start({ text: PLAN });
    await say('plan');
    await comment(-3, 900, 'All of it');
    await comment(5, 4, 'This');
    const [all, one] = (await last()).comments;
    assert.deepEqual(all?.range, { start: 1, end: 6 });
    assert.deepEqual([one?.range, one?.quote], [{ start: 5, end: 5 }, '3. Be done']);
    const { planId } = await last();
    const { threads } = bench.core;
    await threads.commentPlan(threadId, planId, { id: one?.id ?? '' }, 'That');
    await threads.commentPlan(threadId, planId, { id: all.id }, ' ');
    assert.deepEqual(
      (await last()).comments.map(({ comment: words }) => words),
      ['That'],
    );
    await assert.rejects(threads.savePlan(threadId, 'other', ''), /no such plan/u);
  });

  it('is of nobody but the window that has the thread', async () => {
    start({ text: PLAN });
    await say('plan');
    const other = bench.window([]);
    const { planId } = await last();
    await assert.rejects(other.core.threads.savePlan(threadId, planId, '# No\n'), /window/u);
    await assert.rejects(other.core.threads.pickMode(threadId, 'ask'), /window/u);
    assert.equal((await last()).text, PLAN);
    await other.core.close();
  });

  it('is never made with a tool that changes, whatever the model calls', async () => {
    const calls = TOOLS.filter(({ does }) => does === 'changes').map(({ definition }, index) => ({
      id: `c${index}`,
      name: definition.function.name,
      args: { path: 'b.txt', content: 'b\n', to: 'c.txt', old_text: 'a', new_text: 'b', patch: '' },
    }));
    assert.ok(calls.length >= 5);
    start({ text: 'I do it.', calls }, { text: PLAN });
    await say('plan');
    for (const bound of bench.model.bound) {
      assert.deepEqual(
        bound.filter((name) => calls.some((call) => call.name === name)),
        [],
      );
    }
    const results = (bench.model.requests[1] ?? []).filter(({ type }) => type === 'tool');
    assert.equal(results.length, calls.length);
    for (const { text } of results) assert.match(text, /not there in the mode "plan"/u);
    assert.deepEqual(await bench.core.threads.pending(), []);
    assert.ok(!existsSync(join(bench.folder, 'b.txt')));
    assert.equal((await plans()).length, 1);
  });
});
