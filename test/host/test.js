// @ts-check
// Every test from a bare checkout: `npm test`. A part: `npm test -- unit`, `npm test -- e2e -g "a name"`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkChromium } from './chromium.js';
import { projectEnv, root } from './paths.js';
import { HostError, run } from './run.js';
import { setUp } from './setup.js';
import { STEPS } from './steps.js';
import { installServer, OLDEST } from './vscode-server.js';

/** @import { Step } from './steps.js' */
/** @typedef {{ passed: number, failed: number, notRun?: string }} Result */

const PREREQUISITES = {
  server: () => installServer(),
  oldest: () => installServer(OLDEST),
  browser: checkChromium,
};
/** A step that takes this long hangs, in milliseconds. */
const TIMEOUT = 60 * 60_000;
const inCI = Boolean(process.env['CI']);
const scratch = mkdtempSync(join(tmpdir(), 'countersign-test-'));

/** @type {Map<string, Result>} */
const results = new Map();
try {
  const { steps, grep } = chosen();
  await setUp();
  for (const step of steps) await perform(step, grep);
} catch (error) {
  console.error(error instanceof HostError ? error.message : error);
  results.set('set-up', { passed: 0, failed: 1 });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
summarise();

/** The steps that the command line names, with those that they build on. */
function chosen() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string', short: 'g' } },
  });
  const unknown = positionals.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    const known = STEPS.map((step) => step.name).join(', ');
    throw new HostError(`There is no step "${unknown.join('", "')}": choose from ${known}.`);
  }
  const named = STEPS.filter((step) => positionals.includes(step.name));
  const wanted = new Set([...named.flatMap((step) => step.after ?? []), ...positionals]);
  const steps = wanted.size > 0 ? STEPS.filter((step) => wanted.has(step.name)) : STEPS;
  return { steps, grep: values.grep };
}

async function perform(/** @type {Step} */ step, /** @type {string | undefined} */ grep) {
  const begin = Date.now();
  console.log(`\n── ${step.name}`);
  const reason = await obstacle(step);
  const result = reason ? { passed: 0, failed: 0, notRun: reason } : await execute(step, grep);
  results.set(step.name, result);
  console.log(
    `── ${step.name}: ${describe(result)}, ${((Date.now() - begin) / 1000).toFixed(1)} s`,
  );
}

/** Why a step cannot be run, and what to do about it; nothing when it can. */
async function obstacle(/** @type {Step} */ step) {
  const broken = (step.after ?? []).find((name) => !isGood(results.get(name)));
  if (broken) return `"${broken}" failed; mend that first`;
  try {
    for (const need of step.needs ?? []) await PREREQUISITES[need]();
    return '';
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}

/** @param {Step} step @param {string | undefined} grep @returns {Promise<Result>} */
async function execute(step, grep) {
  const file = join(scratch, `${step.name}.json`);
  // What one process of Node has compiled, the next one finds: there are hundreds.
  const compiled = { NODE_COMPILE_CACHE: join(scratch, 'compiled') };
  const env = projectEnv({ ...compiled, ...step.env, COUNTERSIGN_TEST_COUNTS: file });
  for (const [index, [command = '', ...args]] of step.commands.entries()) {
    const last = index === step.commands.length - 1;
    const only = last && step.counts && grep !== undefined ? ['-g', grep] : [];
    const { code } = await run(command, [...args, ...only], { cwd: root, env, timeout: TIMEOUT });
    if (last && existsSync(file)) return counted(JSON.parse(readFileSync(file, 'utf8')), code);
    if (code !== 0) return { passed: 0, failed: 1 };
  }
  return step.counts ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}

/** A suite that failed outside of its tests has failed all the same. */
function counted(/** @type {Result} */ counts, /** @type {number} */ code) {
  return { ...counts, failed: code === 0 ? counts.failed : Math.max(1, counts.failed) };
}

function isGood(/** @type {Result | undefined} */ result) {
  return result !== undefined && result.failed === 0 && result.notRun === undefined;
}

function describe(/** @type {Result} */ { passed, failed, notRun }) {
  return notRun === undefined ? `${passed} passed, ${failed} failed` : `NOT RUN: ${notRun}`;
}

/** What did not run is a failure where nobody looks at the words. */
function summarise() {
  console.log('');
  let [passed, failed] = [0, 0];
  for (const [name, result] of results) {
    const [line] = describe(result).split('\n');
    console.log(`${isGood(result) ? '✔' : '✖'} ${name}: ${line}`);
    if (result.notRun !== undefined) console.log(`  Then:  npm test -- ${name}`);
    passed += result.passed;
    failed += result.failed + (inCI && result.notRun !== undefined ? 1 : 0);
  }
  if (failed > 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed`);
}
