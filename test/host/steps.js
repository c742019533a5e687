// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.js';
import { OLDEST } from './vscode-server.js';

/**
 * One part of `npm test`. `mocha` takes a pattern and counts its tests; any other step counts as one.
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly (readonly string[])[]} commands run one after the other, until one fails
 * @property {boolean} [counts] whether the last command counts tests and takes `-g`
 * @property {readonly ('server' | 'oldest' | 'browser')[]} [needs]
 * @property {readonly string[]} [after] steps without which this one makes no sense
 * @property {Readonly<Record<string, string>>} [env]
 */

const REPORTER = ['--reporter', 'test/host/reporter.js'];
const STRICT = ['--forbid-only', '--forbid-pending', ...REPORTER];

/** All tests of a folder: those that take longest first, so that no process is left alone with them. */
function testsIn(/** @type {string} */ folder, /** @type {readonly string[]} */ longest) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.ts'));
  const isLong = (/** @type {string} */ name) => longest.includes(name.replace('.test.ts', ''));
  return [...names.filter(isLong), ...names.filter((name) => !isLong(name))].map(
    (name) => `${folder}/${name}`,
  );
}

const LONG_IN_EDITOR = [
  ...['approvals', 'change-by-change', 'changes-looks', 'edit-proposal', 'failures'],
  ...['inline-preview', 'looks', 'never-opened', 'several-files', 'storage', 'text-review'],
  ...['threads', 'unclear-and-record', 'without-the-panel'],
];
const E2E = [
  'mocha',
  '--config',
  'test/e2e/mocharc.json',
  '--parallel',
  '--jobs',
  '2',
  ...REPORTER,
  ...testsIn('test/e2e', LONG_IN_EDITOR),
];
/** The longest first, so that no process is left alone with them in the end. */
const UNIT = ['test/faults/**/*.test.ts', 'test/*.test.ts', 'test/unit/**/*.test.ts'];

/** @type {readonly Step[]} */
export const STEPS = [
  { name: 'check', commands: [['node', 'test/host/check.js']] },
  {
    name: 'unit',
    commands: [
      // A process that ends by itself keeps what it has compiled; those that are killed use it.
      ['node', 'src/threads/core.ts'],
      ['mocha', '--parallel', '--jobs', '2', ...REPORTER, ...UNIT],
    ],
    counts: true,
  },
  { name: 'validation', commands: [['node', 'test/validation/run.js']], counts: true },
  {
    name: 'package',
    commands: [
      ['node', 'esbuild.js'],
      ['node', 'test/host/package.js'],
    ],
  },
  {
    name: 'webview',
    commands: [
      [
        ...['mocha', '--parallel', '--jobs', '2', '--no-config', '--timeout', '60000'],
        ...[...STRICT, ...testsIn('test/webview', ['accessibility', 'looks'])],
      ],
    ],
    counts: true,
    needs: ['browser'],
    after: ['package'],
  },
  {
    name: 'integration',
    commands: [
      ['node', 'esbuild.js', '--tests'],
      ['node', 'test/support/integration.ts'],
    ],
    counts: true,
    needs: ['server', 'browser'],
  },
  { name: 'e2e', commands: [E2E], counts: true, needs: ['server', 'browser'], after: ['package'] },
  {
    name: 'oldest',
    commands: [
      [
        ...['mocha', '--no-config', '--timeout', '90000', ...STRICT],
        ...['--require', 'test/support/report-failures.ts', 'test/e2e/view.test.ts'],
      ],
    ],
    counts: true,
    needs: ['oldest', 'browser'],
    after: ['package'],
    env: { COUNTERSIGN_VSCODE_SERVER: OLDEST },
  },
];
