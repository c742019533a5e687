import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SOURCE = resolve(import.meta.dirname, '../../src');

/** What is left in a bundle of the places where tests make things fail. */
export function failpointsIn(bundle: string): string[] {
  const names = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(SOURCE, name), 'utf8'))
    .flatMap((text) => [...text.matchAll(/\bfailpoint\(['`]([\w.]+)/gu)])
    .map(([, name = '']) => name);
  assert.ok(names.length >= 10);
  const code = readFileSync(bundle, 'latin1');
  return [...names, 'atFailpoints', 'failpoint'].filter((name) => code.includes(name));
}
