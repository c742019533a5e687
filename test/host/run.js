// @ts-check
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { killTree } from './process-tree.js';

/** An expected failure: its message says what is wrong and what to do next. */
export class HostError extends Error {}

/**
 * Runs a command to its end, or ends it and all it started after `timeout` ms. Its output is passed on
 * as it comes unless `quiet`, and returned.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, timeout?: number, shell?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(
  command,
  args,
  { cwd, env = process.env, quiet = false, timeout = 0, shell = false } = {},
) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
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
    const tooLong = () => {
      console.error(`${command} takes longer than ${timeout / 1000} s: ended`);
      if (child.pid) killTree(child.pid);
    };
    const timer = timeout > 0 ? globalThis.setTimeout(tooLong, timeout) : undefined;
    child.on('error', (error) => {
      done({ code: 127, output: output + error.message });
    });
    child.on('close', (code) => {
      globalThis.clearTimeout(timer);
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
