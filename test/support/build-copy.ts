import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from './core.ts';

const root = resolve(import.meta.dirname, '../..');

/** The bundles, built in a folder of their own: no test looks at a bundle that is being written. */
export function buildCopy(): string {
  const copy = makeFolder();
  for (const name of ['src', 'media', 'esbuild.js', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const built = spawnSync(process.execPath, ['esbuild.js'], { cwd: copy, encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  return copy;
}
