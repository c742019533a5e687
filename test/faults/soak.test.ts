import assert from 'node:assert/strict';
import { soak } from './kill/soak.ts';

const KILLS = 200;

describe('a process that is killed at random moments', () => {
  it(`${KILLS} times loses no byte, does nothing twice and nothing unapproved, and says what is`, async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`      SEED=${seed}`);
    const { kills, sites, effects, halves, ends } = await soak({ kills: KILLS, seed, parallel: 2 });
    assert.ok(kills >= KILLS);
    console.log(`      ${sites} sites, ${effects} changes of files, ${halves} times half-way`);
    console.log(`      ${[...ends].map(([state, count]) => `${count} ${state}`).join(', ')}`);
    // Else it would have been killed where nothing happens.
    assert.ok(effects > KILLS / 2);
    assert.ok(halves > KILLS / 20);
  }).timeout(900_000);
});
