// Runs the built integration tests (dist-test/) in the extension host of a real editor.
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, parseArgs } from 'node:util';
import { root } from '../host/paths.js';
import { startServer, writeSettings } from '../host/vscode-server.js';
import { openBrowser } from './browser.ts';

const TIMEOUT = 180_000;
/** Begins what the tests print, among all that the workbench logs. */
const TEST_OUTPUT = '[test] ';

const { values } = parseArgs({ options: { grep: { type: 'string', short: 'g' } } });
const base = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-integration-')));
const workspace = join(base, 'workspace');
try {
  process.exitCode = await runInEditor(values.grep);
} finally {
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
}

async function runInEditor(grep: string | undefined): Promise<number> {
  let log = '';
  const printed: string[] = [];
  cpSync(join(root, 'test', 'sample'), workspace, { recursive: true });
  writeSettings(join(base, 'server'));
  const server = await startServer({
    folder: join(base, 'server'),
    driver: true,
    env: grep === undefined ? {} : { COUNTERSIGN_TEST_GREP: grep },
    log: (text) => (log += text),
  });
  const browser = await openBrowser(join(base, 'browser'));
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => (log += `${error.stack ?? error.message}\n`));
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const line = format(...args);
      if (line.startsWith(TEST_OUTPUT)) {
        printed.push(line);
        console.log(line.slice(TEST_OUTPUT.length));
      } else {
        log += `${type}: ${line}\n`;
      }
    });
    const exit = new Promise<number>((done, fail) => {
      const giveUp = (): void => {
        fail(new Error(`no result after ${TIMEOUT} ms\n${log.slice(-5000)}`));
      };
      setTimeout(giveUp, TIMEOUT).unref();
      void page.exposeFunction('codeAutomationExit', done).catch(fail);
    });
    await page.goto(address(server.url));
    const code = await exit;
    if (code !== 0 && printed.length === 0) console.error(log.slice(-5000));
    return code;
  } finally {
    await browser.close();
    await server.stop();
  }
}

function address(url: string): string {
  const remote = (path: string): string => `vscode-remote://remote${join(root, path)}`;
  const payload = [
    ['extensionDevelopmentPath', remote('.')],
    ['extensionTestsPath', remote('dist-test/index.cjs')],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({
    folder: workspace,
    payload: JSON.stringify(payload),
  });
  return `${url}?${query.toString()}`;
}
