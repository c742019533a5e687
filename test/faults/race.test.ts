import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Parts, makeParts } from '../unit/support/parts.ts';
import { assertChain, assertOrder } from './kill/audit-chain.ts';
import { readStored } from './kill/stored.ts';
import type { Round, RoundResult } from './race-child.ts';

const ROUNDS = 500;
/** Both are waiting by then, in nanoseconds from now. */
const SOON = 2_000_000n;

describe('two processes on one database', () => {
  let parts: Parts;
  let players: ChildProcess[];
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  beforeEach(async () => {
    parts = makeParts({ 'a.txt': 'round 0' });
    players = [1, 2].map(() =>
      fork(join(import.meta.dirname, 'race-child.ts'), [parts.folder, parts.storage]),
    );
    await Promise.all(players.map((player) => once(player, 'message')));
  });
  afterEach(async () => {
    for (const player of players) {
      const ended = once(player, 'exit');
      player.kill();
      await ended;
    }
    parts.close();
  });

  const playRound = async (
    number: number,
    decisions: readonly Round['decision'][],
    stubborn: boolean,
  ): Promise<{ results: readonly RoundResult[]; proposalId: string }> => {
    const { proposalId, shown } = await parts.propose({ 'a.txt': `round ${number}` });
    const at = String(process.hrtime.bigint() + SOON);
    const effectHash = shown?.effectHash ?? '';
    const results = await Promise.all(
      players.map(async (player, index) => {
        const decision = decisions[index] ?? 'approve';
        const answered = once(player, 'message');
        player.send({ proposalId, effectHash, decision, at, stubborn } satisfies Round);
        const [result] = (await answered) as [RoundResult];
        return result;
      }),
    );
    return { results, proposalId };
  };

  it(`APR-07: answer one question ${ROUNDS} times at the same moment: one effect each, the other is told`, async () => {
    console.log(`      SEED=${seed}`);
    const answers = fc.constantFrom<Round['decision']>('approve', 'approve', 'approve', 'reject');
    const rounds = fc.sample(fc.tuple(answers, answers), { numRuns: ROUNDS, seed });
    const winners = [0, 0];
    let content = 'round 0';
    for (const [index, decisions] of rounds.entries()) {
      const { results, proposalId } = await playRound(index + 1, decisions, false);
      assert.deepEqual(
        results.map(({ error }) => error),
        [null, null],
      );
      assert.deepEqual(results.map(({ outcome }) => outcome).toSorted(), ['taken', 'tooLate']);
      const winner = results.findIndex(({ outcome }) => outcome === 'taken');
      winners[winner] = (winners[winner] ?? 0) + 1;
      const approved = decisions[winner] === 'approve';
      if (approved) content = `round ${index + 1}`;
      assert.equal(results[winner]?.changes, approved ? 1 : 0);
      assert.equal(results[1 - winner]?.changes, 0);
      assert.equal(parts.find(proposalId).state, approved ? 'applied' : 'rejected');
      assert.equal(readFileSync(parts.at('a.txt'), 'utf8'), content);
    }
    console.log(`      won by ${winners.join(' and ')}`);
    assert.ok(
      winners.every((count) => count > 0),
      'both were first now and then',
    );
    const { audit } = readStored(parts.storage);
    assertChain(audit, null);
    assertOrder(audit);
    const decided = audit.filter(({ event }) => event === 'approved' || event === 'rejected');
    assert.equal(decided.length, ROUNDS);
  }).timeout(240_000);

  it('APR-07: one that carries on although it was told changes nothing twice', async () => {
    for (let number = 1; number <= 100; number++) {
      const { results, proposalId } = await playRound(number, ['approve', 'approve'], true);
      assert.deepEqual(results.map(({ outcome }) => outcome).toSorted(), ['taken', 'tooLate']);
      const changes = results.reduce((sum, result) => sum + result.changes, 0);
      const { state } = parts.find(proposalId);
      const content = readFileSync(parts.at('a.txt'), 'utf8');
      const done = content === `round ${number}`;
      assert.equal(changes, done ? 1 : 0, JSON.stringify(results));
      const may = done ? ['applied', 'proposed'] : ['proposed', 'failed'];
      assert.ok(may.includes(state), JSON.stringify(results));
    }
    const { audit } = readStored(parts.storage);
    assertChain(audit, null);
  }).timeout(120_000);
});
