import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import Reporter from '../host/reporter.js';

/**
 * Runs the suites of this folder inside an extension host, be it of VS Code's server or of
 * `@vscode/test-electron`; rejects when a test fails.
 */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...line: unknown[]) => {
    console.log(`[test] ${format(...line)}`);
  };
  const grep = process.env['COUNTERSIGN_TEST_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 20_000,
    forbidOnly: true,
    forbidPending: true,
    reporter: Reporter,
    ...(grep === undefined ? {} : { grep }),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const name of suites()) await import(`./${name}.test.ts`);
  const failures = await new Promise<number>((done) => {
    mocha.run(done);
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}

function suites(): string[] {
  const extension = vscode.extensions.getExtension('countersign.countersign');
  if (!extension) throw new Error('the extension under test is not there');
  const ending = '.test.ts';
  return readdirSync(join(extension.extensionPath, 'test', 'integration'))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
}
