// @ts-check
// LangGraph's tests of checkpoint savers, on ours; they need Vitest, all others run under Mocha.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({ options: { grep: { type: 'string', short: 'g' } } });

const vitest = await startVitest('test', [], {
  config: false,
  watch: false,
  globals: true,
  include: ['test/validation/*.validation.ts'],
  reporters: ['default'],
  ...(values.grep === undefined ? {} : { testNamePattern: values.grep }),
});
const states = vitest.state
  .getTestModules()
  .flatMap((one) => [...one.children.allTests()].map((test) => test.result().state));
const count = (/** @type {(typeof states)[number]} */ state) =>
  states.filter((one) => one === state).length;
const skipped =
  values.grep === undefined ? ` ${count('skipped')} skipped by the suite itself.` : '';
console.log(`${count('passed')} passed, ${count('failed')} failed.${skipped}`);
const file = process.env['COUNTERSIGN_TEST_COUNTS'];
if (file) writeFileSync(file, JSON.stringify({ passed: count('passed'), failed: count('failed') }));
await vitest.close();
