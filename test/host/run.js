// @ts-check
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** An expected failure: its message says what is wrong and what to do next. */
export class HostError extends Error {}

/**
 * Runs a command to its end. Its output is passed on as it comes unless `quiet`, and returned.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd, env = process.env, quiet = false } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      from.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
        if (!quiet) to.write(text);
      });
    }
    child.on('error', (error) => {
      done({ code: 127, output: output + error.message });
    });
    child.on('close', (code) => {
      done({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs the main function of a script: an expected failure prints its message, a bug its stack.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof HostError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/** Whether the module with this `import.meta.url` is the script that Node was started with. */
export function isMain(/** @type {string} */ url) {
  return realpathSync(process.argv[1] ?? '') === fileURLToPath(url);
}
