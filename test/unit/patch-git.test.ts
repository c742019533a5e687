import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { applyHunks, parsePatch } from '../../src/workspace/patch.ts';
import { pair } from '../support/patch-oracle.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;

if (hasGit) {
  describe('a patch of git', () => {
    it('leads from one tree to the other, whatever the names and the changes', () => {
      const name = fc.constantFrom(
        ...['a.ts', 'b dir/c d.ts', 'b/x', 'a/b', 'é.txt', '"q".txt', 'tab\t.txt', 'back\\slash'],
      );
      const tree = fc.dictionary(name, pair, { minKeys: 1, maxKeys: 5 });
      const flags = fc.constantFrom(
        [],
        ['-M'],
        ['--no-prefix'],

        ['-M', '-U1'],
        ['--minimal'],
      );
      fc.assert(
        fc.property(tree, fc.array(fc.nat(3)), flags, (files, fates, options) => {
          const [old, now] = trees(files, fates);
          const patch = gitDiff(old, now, options);
          if (patch === '') return;
          assert.deepEqual(appliedTo(old, patch), now);
        }),
        { numRuns: 60 },
      );
    });
  });
}

type Tree = Record<string, string>;

/** Both sides of a change: files edited, created, deleted, renamed. */
function trees(files: Record<string, [string, string]>, fates: readonly number[]): [Tree, Tree] {
  const [old, now]: [Tree, Tree] = [{}, {}];
  for (const [index, [path, [before, after]]] of Object.entries(files).entries()) {
    const lf = (text: string): string => text.replaceAll(/\r\n?/gu, '\n');
    const fate = fates[index] ?? 0;
    if (fate !== 1) old[path] = lf(before);
    if (fate === 3) now[`moved/${path}`] = lf(before);
    else if (fate !== 2) now[path] = lf(after);
  }
  return [old, now];
}

function gitDiff(old: Tree, now: Tree, options: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-git-'));
  const git = (...given: readonly string[]): string => {
    const config = ['-c', 'user.name=x', '-c', 'user.email=x@x', '-c', 'core.autocrlf=false'];
    const ran = spawnSync('git', [...config, ...given], { cwd: folder, encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  };
  const write = (tree: Tree): void => {
    for (const entry of readdirSync(folder)) {
      if (entry !== '.git') rmSync(join(folder, entry), { recursive: true });
    }
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    git('add', '--all', '--force');
  };
  try {
    git('init', '--quiet');
    write(old);
    git('commit', '--quiet', '--allow-empty', '-m', 'x');
    write(now);
    return git('diff', '--cached', ...options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function appliedTo(tree: Tree, patch: string): Tree {
  const made = { ...tree };
  for (const one of parsePatch(patch)) {
    if (one.kind === 'create') {
      made[one.path] = one.text;
      continue;
    }
    const from = one.kind === 'move' ? one.from : one.path;
    const text = applyHunks(tree[from]!, one.hunks, from);
    Reflect.deleteProperty(made, from);
    if (one.kind === 'delete') assert.equal(text, '');
    else made[one.kind === 'move' ? one.to : from] = text;
  }
  return made;
}
