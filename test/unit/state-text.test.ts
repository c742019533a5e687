import assert from 'node:assert/strict';
import type { StateOutcome } from '../../src/threads/state-update.ts';
import { Pausing, done, write } from './support/pausing.ts';

describe('the state of a thread', () => {
  let run: Pausing;
  beforeEach(() => {
    run = new Pausing();
  });
  afterEach(() => run.close());

  describe('as a document', () => {
    const edit = async (change: (text: string) => string): Promise<StateOutcome> => {
      const { threads } = run.bench.core;
      return threads.applyStateText(run.id, change(await threads.stateText(run.id)));
    };
    beforeEach(async () => {
      await run.startAt([], write, done, write, done, done);
      await run.approve();
      await run.bench.core.threads.setBreakpoints(run.id, { before: ['toolCall'], after: [] });
      await run.bench.core.threads.send(run.id, 'Once more');
      await run.bench.reaches(run.id, 'paused');
    });

    it('shows the last turn, and taken back as it is changes nothing', async () => {
      const { threads } = run.bench.core;
      const text = await threads.stateText(run.id);
      const shown = JSON.parse(text) as { messages: { type: string }[] };
      assert.deepEqual(
        shown.messages.map(({ type }) => type),
        ['human', 'ai'],
      );
      assert.match(text, /"earlierMessages": 4/u);
      const before = await threads.state(run.id);
      assert.equal(shown.messages.length + 4, before.values.messages.length);
      assert.deepEqual(await edit((same) => same), { kind: 'applied', next: ['toolCall'] });
      assert.deepEqual(await threads.state(run.id), before);
    });

    it('changes arguments, the mode and what was said, adds and removes', async () => {
      const changed = await edit((text) =>
        text
          .replace('"content": "new\\n"', '"content": "mine\\n"')
          .replace('"mode": "act"', '"mode": "plan"')
          .replace('Once more', 'Only once'),
      );
      assert.deepEqual(changed, { kind: 'applied', next: ['toolCall'] });
      const { values, pendingToolCalls } = await run.bench.core.threads.state(run.id);
      assert.equal(values.mode, 'plan');
      assert.equal(pendingToolCalls[0]?.args['content'], 'mine\n');
      assert.deepEqual(values.messages.map(({ content }) => content).slice(-2), [
        'Only once',
        'I will.',
      ]);
      const rejected = await edit((text) => {
        const document = JSON.parse(text) as { messages: unknown[] };
        const [call] = pendingToolCalls;
        document.messages.push({ type: 'tool', tool_call_id: call?.id, content: 'No.' });
        return JSON.stringify(document);
      });
      assert.deepEqual(rejected, { kind: 'applied', next: ['callModel'] });
    });

    const wrong: readonly [what: string, change: (text: string) => string, says: RegExp][] = [
      ['what is no JSON', (text) => text.slice(0, -4), /not valid JSON/u],
      ['a key said twice', (text) => text.replace('{', '{"mode": "ask",'), /"mode" twice/u],
      ['what no state has', (text) => text.replace('{', '{"next": [],'), /next/u],
      [
        'another order',
        (text) => {
          const document = JSON.parse(text) as { messages: unknown[] };
          return JSON.stringify({ ...document, messages: document.messages.toReversed() });
        },
        /stay in their order/u,
      ],
      [
        'a new message in the middle',
        (text) => text.replace('"messages": [', '"messages": [{"type": "human", "content": "x"},'),
        /stay in their order/u,
      ],
    ];
    for (const [what, change, says] of wrong) {
      it(`refuses ${what}`, async () => {
        const outcome = await edit(change);
        assert.ok(outcome.kind === 'refused');
        assert.match(outcome.message, says);
      });
    }
  });
});
