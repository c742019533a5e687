// Builds the bundles of the extension into dist/: `node esbuild.js [--watch] [--tests]`.
import { build, context } from 'esbuild';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** Where tests make things fail, the release has nothing: neither the calls nor their names. */
const noFailpoints = {
  name: 'no-failpoints',
  setup(on) {
    on.onLoad({ filter: /shared.failpoint\.ts$/ }, () => ({
      contents: 'export function failpoint() {}',
      loader: 'ts',
    }));
  },
};

/** A dynamic import of the core or the like stays a `require` of its own bundle, loaded on first use. */
const onDemand = {
  name: 'on-demand',
  setup(on) {
    on.onResolve(
      {
        filter:
          /\/(?:core|in-text|inbox|links|set-up-model|ask|ask-command|after-run|plans|thread-commands|control-api|run-view|share-history)\.ts$/,
      },
      ({ kind, path }) =>
        kind === 'dynamic-import'
          ? { path: `./${basename(path, '.ts')}.cjs`, external: true }
          : undefined,
    );
    // The driver of PostgreSQL, for those who share threads.
    on.onResolve({ filter: /^pg$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './pg.cjs', external: true },
    );
  },
};

/**
 * What the libraries carry along and Countersign must not: LangSmith's client (it would report to its
 * server whenever the user's environment says so), a native SQLite, and zod's forty languages.
 */
const REPLACED = [
  [/^langsmith$/, 'export class Client {} export class RunTree {}'],
  [
    /^langsmith\/run_trees$/,
    'export class RunTree {} export const isRunTree = () => false; export const convertToDottedOrderFormat = () => ({});',
  ],
  [
    /^langsmith\/singletons\/traceable$/,
    'export const getCurrentRunTree = () => undefined; export const isTraceableFunction = () => false;',
  ],
  [/\/utils\/callbacks\.js$/, 'export const isTracingEnabled = () => false;', /@langchain.core/],
  [/^better-sqlite3$/, 'export default class {}'],
  [/\/locales\/index\.js$/, 'export { default as en } from "./en.js";', /node_modules.zod/],
];

const replaced = {
  name: 'replaced',
  setup(on) {
    for (const [filter, contents, importer = /./] of REPLACED) {
      on.onResolve({ filter }, (found) => {
        if (!importer.test(found.importer)) return undefined;
        return { path: found.path, namespace: 'replaced', pluginData: { contents, found } };
      });
    }
    on.onLoad({ filter: /./, namespace: 'replaced' }, ({ path, pluginData }) => ({
      contents: pluginData.contents,
      resolveDir: join(pluginData.found.resolveDir, path.startsWith('.') ? dirname(path) : ''),
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  legalComments: 'none',
  minify: !watch,
};

/** What runs in the extension host. Oldest Node there: 22.15, in VS Code 1.101. */
const host = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  keepNames: true,
  external: ['vscode'],
  supported: { 'dynamic-import': false },
  plugins: [onDemand, replaced, noFailpoints],
};

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What the command line is made of, in memory. It is one file, and not in the package of the extension. */
const commandLine = {
  ...host,
  external: [],
  plugins: [replaced, noFailpoints],
  write: false,
  define: { COUNTERSIGN_VERSION: JSON.stringify(version) },
};

/**
 * Most of it is a text in that file, compiled for the first command that needs it: compiling it takes
 * longer than starting Node, and a code cache of Node's is not for the file that a process starts with.
 */
async function buildCommandLine() {
  const [commands] = (await build({ ...commandLine, entryPoints: ['src/server/cli-commands.ts'] }))
    .outputFiles;
  const asText = {
    name: 'as-text',
    setup(on) {
      const namespace = 'as-text';
      on.onResolve({ filter: /\/cli-commands\.ts$/ }, ({ path }) => ({ path, namespace }));
      on.onLoad({ filter: /./, namespace }, () => ({ contents: compiling(commands.text) }));
    },
  };
  await build({
    ...commandLine,
    entryPoints: ['src/server/cli.ts'],
    plugins: [asText],
    outfile: 'dist/countersign.cjs',
    write: true,
  });
}

/** A CommonJS module that compiles this one when it is loaded. */
function compiling(code) {
  return `
    const { compileFunction } = require('node:vm');
    const own = { exports: {} };
    const names = ['exports', 'require', 'module', '__filename'];
    const run = compileFunction(${JSON.stringify(code)}, names, { filename: __filename });
    run(own.exports, require, own, __filename);
    module.exports = own.exports;
  `;
}

const bundles = [
  { ...host, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs' },
  { ...host, entryPoints: ['src/threads/core.ts'], outfile: 'dist/core.cjs' },
  ...[
    'in-text',
    'inbox',
    'links',
    'set-up-model',
    'ask',
    'ask-command',
    'after-run',
    'plans',
    'thread-commands',
    'control-api',
    'run-view',
    'share-history',
  ].map((name) => ({
    ...host,
    entryPoints: [`src/vscode/${name}.ts`],
    outfile: `dist/${name}.cjs`,
  })),
  { ...host, entryPoints: ['src/checkpoint/maintenance.ts'], outfile: 'dist/maintenance.cjs' },
  { ...host, entryPoints: ['pg'], outfile: 'dist/pg.cjs' },
  {
    ...common,
    entryPoints: { webview: 'media/main.ts' },
    outdir: 'dist',
    format: 'esm',
    target: 'es2023',
    tsconfig: 'media/tsconfig.json',
    loader: { '.ttf': 'copy' },
    assetNames: '[name]',
  },
];

if (tests) {
  bundles.push({
    ...host,
    minify: false,
    entryPoints: ['test/integration/index.ts'],
    outfile: 'dist-test/index.cjs',
    external: ['vscode', 'mocha'],
  });
}

mkdirSync(`${root}dist`, { recursive: true });
for (const bundle of bundles) {
  if (watch) await (await context(bundle)).watch();
  else await build(bundle);
}
await buildCommandLine();
