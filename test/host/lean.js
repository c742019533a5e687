// @ts-check
// VS Code without what takes more time than all that is looked at, and touches nothing of it.
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Language servers of languages that no test is about, accounts, debuggers and tasks. */
const LEFT_OUT = [
  /^(html|php|typescript)-language-features$/,
  /^(copilot|emmet|extension-editing|ipynb|mermaid-markdown-features|terminal-suggest)$/,
  /^(github|microsoft)(-authentication)?$|^tunnel-forwarding$/,
  /^(debug-|ms-vscode\.)/,
  /^(grunt|gulp|jake|npm)$/,
];

/**
 * What to start a server with that keeps its data in `folder`.
 * @param {string} folder
 * @param {string} main the server's main script
 */
export function lean(folder, main) {
  const builtIn = join(folder, 'built-in');
  if (!existsSync(builtIn)) linkBuiltIns(join(dirname(main), '..', 'extensions'), builtIn);
  return {
    args: ['--builtin-extensions-dir', builtIn],
    // Asks no login shell for its environment, which takes as long as what its files do.
    env: { VSCODE_CLI: '1' },
  };
}

function linkBuiltIns(/** @type {string} */ all, /** @type {string} */ folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(all)) {
    if (LEFT_OUT.some((pattern) => pattern.test(name))) continue;
    symlinkSync(join(all, name), join(folder, name), 'junction');
  }
}
