import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../support/folders.ts';

/** Bytes of what is shipped; null for what is not built. */
export interface Sizes {
  readonly vsix: number | null;
  readonly webviewGzip: number | null;
  readonly core: number | null;
  readonly extension: number | null;
}

export function measureSizes(): Sizes {
  return {
    vsix: size('countersign.vsix'),
    webviewGzip: gzipSize('webview.js'),
    core: size('core.cjs'),
    extension: size('extension.cjs'),
  };
}

function size(name: string): number | null {
  const path = join(ROOT, 'dist', name);
  return existsSync(path) ? statSync(path).size : null;
}

function gzipSize(name: string): number | null {
  const path = join(ROOT, 'dist', name);
  return existsSync(path) ? gzipSync(readFileSync(path)).length : null;
}
