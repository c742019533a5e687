import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Every layer may import the layers named here and itself. */
const mayImport: Record<string, readonly string[]> = {
  shared: [],
  workspace: ['shared'],
  checkpoint: ['shared'],
  approval: ['workspace', 'checkpoint', 'shared'],
  tools: ['approval', 'workspace', 'shared'],
  agent: ['tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  threads: ['agent', 'tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  vscode: ['threads', 'agent', 'tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  server: ['threads', 'agent', 'tools', 'approval', 'workspace', 'checkpoint', 'shared'],
  '.': ['vscode', 'shared'],
  media: ['shared'],
};

interface SourceFile {
  readonly path: string;
  readonly layer: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sources(): SourceFile[] {
  const paths = ['src', 'media'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return paths.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const imports = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g)];
    return { path, layer: layerOf(path), text, imports: imports.map((found) => found[1] ?? '') };
  });
}

function layerOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split(sep);
  return top === 'media' ? 'media' : rest.length === 0 ? '.' : second;
}

describe('architecture', () => {
  it('imports follow the layers', () => {
    const wrong = sources().flatMap((file) =>
      file.imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(root, resolve(root, dirname(file.path), name)))
        .filter((target) => {
          const layer = layerOf(target);
          return layer !== file.layer && !(mayImport[file.layer] ?? []).includes(layer);
        })
        .map((target) => `${file.path} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('vscode is imported only in src/vscode and src/extension.ts', () => {
    const wrong = sources().filter(
      (file) => file.imports.includes('vscode') && !['vscode', '.'].includes(file.layer),
    );
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    );
  });

  it('src/shared imports nothing but itself', () => {
    const wrong = sources().filter(
      (file) => file.layer === 'shared' && file.imports.some((name) => !name.startsWith('.')),
    );
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    );
  });
});
