// Runs the built integration tests (dist-test/) in a desktop VS Code: `npm run test:desktop`.
import { runTests } from '@vscode/test-electron';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadedExecutable, hasDisplay } from '../host/desktop.js';
import { root } from '../host/paths.js';
import { HostError, runMain } from '../host/run.js';

await runMain(async () => {
  const vscodeExecutablePath = process.env['VSCODE_EXECUTABLE'] ?? (await downloadedExecutable());
  if (!hasDisplay()) {
    throw new HostError(
      'There is no display: run it under one, as "xvfb-run npm run test:desktop".',
    );
  }
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-desktop-')));
  try {
    const workspace = join(base, 'workspace');
    cpSync(join(root, 'test', 'sample'), workspace, { recursive: true });
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'dist-test', 'index.cjs'),
      launchArgs: [
        workspace,
        '--disable-extensions',
        '--disable-workspace-trust',
        '--skip-welcome',
        `--user-data-dir=${join(base, 'user')}`,
      ],
    });
  } finally {
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  }
});
