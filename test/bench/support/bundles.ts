import { build } from 'esbuild';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from '../subjects.ts';
import { ROOT, makeFolder } from './folders.ts';

/** The programs of one run; a build that happens meanwhile cannot change them. */
export interface Programs {
  readonly corePath: string;
  of(subject: Subject): string;
}

export async function buildPrograms(subjects: readonly Subject[]): Promise<Programs> {
  const folder = makeFolder('programs');
  const built = join(ROOT, 'dist/core.cjs');
  if (!existsSync(built)) throw new Error('dist/core.cjs is missing: run `npm run build`');
  const corePath = join(folder, 'core.cjs');
  copyFileSync(built, corePath);
  const of = (subject: Subject): string =>
    join(folder, `${subject.entry}${subject.unbundled ? '.mjs' : '.cjs'}`);
  for (const subject of subjects) {
    await build({
      entryPoints: [join(ROOT, 'test/bench/subjects', `${subject.entry}.ts`)],
      outfile: of(subject),
      bundle: true,
      platform: 'node',
      format: subject.unbundled ? 'esm' : 'cjs',
      packages: subject.unbundled ? 'external' : 'bundle',
      logLevel: 'warning',
    });
  }
  return { corePath, of };
}
