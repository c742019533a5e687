// @ts-check
import { HostError, run } from './run.js';

const ADVICE = /** @type {const} */ ([
  [/spawn npm ENOENT/, 'npm was not found: install it (on Debian: apt-get install npm).'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH/,
    'The npm registry cannot be reached: check the network (or: npm config get registry), then try again.',
  ],
  [/ENOSPC/, 'The disk is full: make room, then try again.'],
]);

/**
 * Runs npm without a word; a failure says what was tried, what to do, and what npm said.
 * @param {string} what
 * @param {string} cwd
 * @param {readonly string[]} args
 */
export async function npm(what, cwd, args) {
  const all = [...args, '--no-audit', '--no-fund'];
  const { code, output } = await run('npm', all, { cwd, quiet: true });
  if (code === 0) return;
  const [, advice = 'Try again; if it fails again, delete node_modules and .vscode-test first.'] =
    ADVICE.find(([pattern]) => pattern.test(output)) ?? [];
  throw new HostError(`${what} failed. ${advice}\n${told(output)}`);
}

/** What npm itself says about an error, without warnings and stacks. */
function told(/** @type {string} */ output) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!) \w/.test(line));
  return (lines.length > 0 ? lines.slice(0, 6) : [output.trim()]).join('\n');
}
