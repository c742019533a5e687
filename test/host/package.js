// @ts-check
// Packages what `node esbuild.js` built into dist/countersign.vsix: `npm run package`.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectEnv, root, vsix } from './paths.js';
import { HostError, isMain, run, runMain } from './run.js';

/** All that .vscodeignore may choose from. */
const CANDIDATES = [
  ...['package.json', 'package.nls.json', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE'],
  ...['dist', 'l10n', 'media'],
];

/**
 * vsce matches every file of the folder, one by one, against its patterns, which takes it 12 s with
 * an editor in .vscode-test: so it gets a folder with the candidates alone.
 */
export async function packageExtension() {
  const stage = mkdtempSync(join(tmpdir(), 'countersign-vsix-'));
  try {
    for (const name of CANDIDATES.filter((one) => existsSync(join(root, one)))) {
      cpSync(join(root, name), join(stage, name), {
        recursive: true,
        filter: (path) => !path.endsWith('.vsix'),
      });
    }
    const args = [
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--out',
      vsix,
    ];
    const options = { cwd: stage, env: projectEnv(), quiet: true };
    const { code, output } = await run('vsce', args, options);
    if (code !== 0) throw new HostError(`Packaging failed:\n\n${output.trim()}`);
    return output.trim();
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    console.log(await packageExtension());
  });
}
