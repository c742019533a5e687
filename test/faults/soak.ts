// Kills the process at random moments, for longer than a test does:
// `npm run soak -- --kills 5000 --seed 42 --parallel 2`.
import { parseArgs } from 'node:util';
import { soak } from './kill/soak.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' }, parallel: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const kills = Number(values.kills ?? 1000);
console.log(`${kills} kills with seed ${seed}`);
const begin = Date.now();
const { ends, sites, effects, halves } = await soak({
  ...{ kills, seed },
  parallel: Number(values.parallel ?? 2),
});
const seconds = Math.round((Date.now() - begin) / 1000);
const states = [...ends].map(([state, count]) => `${count} ${state}`).join(', ');
console.log(
  `${kills} kills on ${sites} sites in ${seconds} s; ${effects} changes of files, ${halves} times`,
);
console.log(`dead with something claimed. In the end: ${states}.`);
console.log('No byte lost, nothing done twice or without an approval; the audit verifies.');
