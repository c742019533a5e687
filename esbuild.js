// Builds the bundles of the extension into dist/: `node esbuild.js [--watch] [--tests]`.
import { build, context } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** A dynamic import of the core stays a `require` of its own bundle, loaded on first use. */
const coreOnDemand = {
  name: 'core-on-demand',
  setup(on) {
    on.onResolve({ filter: /\/core\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './core.cjs', external: true } : undefined,
    );
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
  plugins: [coreOnDemand],
};

const bundles = [
  { ...host, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs' },
  {
    ...common,
    entryPoints: { webview: 'media/main.ts' },
    outdir: 'dist',
    format: 'esm',
    target: 'es2023',
    tsconfig: 'media/tsconfig.json',
    loader: { '.ttf': 'copy' },
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
copyFileSync(`${root}node_modules/@vscode/codicons/dist/codicon.ttf`, `${root}dist/codicon.ttf`);
for (const bundle of bundles) {
  if (watch) await (await context(bundle)).watch();
  else await build(bundle);
}
