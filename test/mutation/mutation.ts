// Takes each guard of an approval out in turn, in a copy of the sources, and runs the tests that have
// to notice: `npm run test:mutation`, behind it the names of guards to take only these. Fails if one goes
// unnoticed.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GUARDS, type Guard } from './guards.ts';

const root = resolve(import.meta.dirname, '../..');
const JOBS = 2;

interface Verdict {
  readonly guard: Guard;
  /** The first test that failed, or null. */
  readonly noticed: string | null;
}

function copyWithout({ file, text, without, name }: Guard): string {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-mutation-'));
  for (const part of ['src', 'test', 'media', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const source = readFileSync(join(copy, file), 'utf8');
  const places = source.split(text).length - 1;
  if (places !== 1) throw new Error(`“${name}” is in ${file} ${places} times, not once`);
  writeFileSync(
    join(copy, file),
    source.replace(text, () => without),
  );
  return copy;
}

async function tryWithout(guard: Guard): Promise<Verdict> {
  const copy = copyWithout(guard);
  try {
    const tests = guard.tests.filter((path) => existsSync(join(copy, path)));
    if (tests.length === 0) throw new Error(`No test of “${guard.name}” exists`);
    const output = await runTests(copy, tests);
    const [, failed = null] = /^\s*1\) (.+)$/mu.exec(output) ?? [];
    return { guard, noticed: failed };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function runTests(copy: string, tests: readonly string[]): Promise<string> {
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  const args = [mocha, '--no-config', '--bail', '--exit', '--timeout', '20000', ...tests];
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('close', (code) => {
      // A copy that does not even load has not been noticed by a test.
      done(code === 0 || !output.includes('failing') ? '' : output);
    });
  });
}

const named = process.argv.slice(2);
const chosen = GUARDS.filter(({ name }) => named.length === 0 || named.includes(name));
const left = [...chosen];
const verdicts: Verdict[] = [];
await Promise.all(
  Array.from({ length: JOBS }, async () => {
    for (let guard = left.shift(); guard !== undefined; guard = left.shift()) {
      const verdict = await tryWithout(guard);
      verdicts.push(verdict);
      console.log(`${verdict.noticed === null ? '✗' : '✔'} ${guard.name}`);
    }
  }),
);
console.log('\n| guard | taken out of | the test that failed |\n| --- | --- | --- |');
for (const guard of chosen) {
  const noticed = verdicts.find((verdict) => verdict.guard === guard)?.noticed ?? null;
  console.log(`| ${guard.name} | ${guard.file} | ${noticed ?? 'NONE'} |`);
}
const unnoticed = verdicts.filter(({ noticed }) => noticed === null);
if (unnoticed.length > 0) {
  console.error(`\n${unnoticed.length} guards can be taken out and no test fails.`);
  process.exitCode = 1;
}
