// @ts-check
// Types, lint and format at once: `npm run check`. They do not depend on each other.
import { HostError, run, runMain } from './run.js';

/** TypeScript 7 checks the types; ESLint's rules still need the compiler interface of TypeScript 6. */
const TSC = ['node', 'node_modules/typescript-7/bin/tsc', '--noEmit', '--checkers', '2'];
/** A lint is over before the last stage of optimised code and most collected garbage pay for themselves. */
const SHORT_LIVED = [
  ...['--no-opt', '--min-semi-space-size=64', '--max-semi-space-size=64'],
  '--initial-old-space-size=1000',
];

const CHECKS = [
  ['node', ...SHORT_LIVED, 'node_modules/eslint/bin/eslint.js', '.'],
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
