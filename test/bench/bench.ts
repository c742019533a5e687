// Measures Countersign beside a bare loop: `npm run bench -- [--quick] [--only=bare,headless] …`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAll } from './measure/all.ts';
import { toMarkdown } from './report/markdown.ts';
import { RESULTS, SCRATCH, removeFolders } from './support/folders.ts';

const { values } = parseArgs({
  options: {
    /** 20 and 100 steps, a conversation of 200 messages, every single figure once (a start of Node 15 times). */
    quick: { type: 'boolean', default: false },
    /** Keys of the subjects to measure; `headless`: the command line as a process. */
    only: { type: 'string' },
    /** Numbers of steps. */
    steps: { type: 'string' },
    /** Writes CPU profiles of Countersign's steps to `test-results/bench/profiles`. */
    profile: { type: 'boolean', default: false },
  },
});

try {
  const results = await measureAll({
    quick: values.quick,
    only: values.only?.split(',') ?? null,
    steps:
      values.steps?.split(',').map(Number) ?? (values.quick ? [20, 100] : [20, 100, 300, 1000]),
    profileFolder: values.profile ? join(SCRATCH, 'profiles') : null,
  });
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'bench.json'), `${JSON.stringify(results, null, 1)}\n`);
  console.log(toMarkdown(results));
  if (results.problems.length > 0) process.exitCode = 1;
} finally {
  removeFolders();
}
