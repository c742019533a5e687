// @ts-check
// Types, lint and format at once: `npm run check`. They do not depend on each other.
import { HostError, run, runMain } from './run.js';

const TSC = ['node', 'node_modules/typescript-7/bin/tsc', '--noEmit', '--checkers', '2'];
const CHECKS = [
  ['oxlint', '--deny-warnings'],
  TSC,
  [...TSC, '-p', 'media'],
  ['prettier', '--log-level', 'warn', '--check', '.'],
];

await runMain(async () => {
  const results = await Promise.all(
    CHECKS.map(async ([command = '', ...args]) => ({
      words: [command, ...args].join(' '),
      ...(await run(command, args, { quiet: true })),
    })),
  );
  const failed = results.filter(({ code }) => code !== 0);
  for (const { words, output } of failed) console.error(`\n${words}\n${output}`);
  if (failed.length > 0) {
    throw new HostError(`Not in order: ${failed.map(({ words }) => words).join(', ')}`);
  }
});
