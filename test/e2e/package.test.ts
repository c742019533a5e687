import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vsix } from '../host/paths.js';
import { installExtension } from '../host/vscode-server.js';
import { failpointsIn } from '../support/failpoints.ts';

/** Bundles, their assets, and what a marketplace shows: no source, map, test, package or native file. */
const RUNS = [
  /^\.vsixmanifest$/,
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^(readme|changelog)\.md$/i,
  /^license(\.txt|\.md)?$/i,
  /^dist\/(extension|core|in-text|inbox|links|ask|ask-command|after-run|set-up-model|share-history|pg|plans|thread-commands|control-api|run-view|maintenance)\.cjs$/,
  /^dist\/webview\.(js|css)$/,
  /^dist\/codicon\.ttf$/,
  /^media\/(icon\.(svg|png)|screenshot\.png)$/,
  /^media\/walkthrough\/\w+\.md$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
];

/** What the code loads by its name, beside the bundles that it requires. */
const LOADED = ['dist/maintenance.cjs', 'dist/webview.js', 'dist/webview.css'];
const REQUIRED = /require\("\.\/([\w-]+\.cjs)"\)/gu;

describe('the package', () => {
  const base = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  let folder: string;
  let files: string[];

  before(async () => {
    await installExtension(base);
    const extensions = join(base, 'extensions');
    const name = readdirSync(extensions).find((entry) => entry.startsWith('countersign.'));
    assert.ok(name);
    folder = join(extensions, name);
    files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  });

  after(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it('holds what runs and nothing else', () => {
    const strange = files.filter((file) => !RUNS.some((pattern) => pattern.test(file)));
    assert.deepEqual(strange, []);
  });

  it('holds what its manifest names', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      main: string;
      icon: string;
    };
    const required = ['extension', 'core'].flatMap((bundle) => {
      const code = readFileSync(join(folder, `dist/${bundle}.cjs`), 'utf8');
      return [...code.matchAll(REQUIRED)].map(([, name = '']) => `dist/${name}`);
    });
    assert.ok(required.includes('dist/core.cjs') && required.includes('dist/pg.cjs'));
    const named = [manifest.main.replace('./', ''), manifest.icon, ...LOADED, ...required];
    assert.deepEqual(
      named.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('has no failpoint in it: not the calls, and not their names', () => {
    for (const file of files.filter((name) => name.startsWith('dist/'))) {
      assert.deepEqual(failpointsIn(join(folder, file)), [], file);
    }
  });

  it('is at most 2 MB', () => {
    assert.ok(statSync(vsix).size <= 2 * 1024 * 1024, `${statSync(vsix).size} bytes`);
  });
});
