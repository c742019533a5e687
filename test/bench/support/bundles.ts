import { build } from 'esbuild';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from '../subjects.ts';
import { ROOT, makeFolder } from './folders.ts';

/** The programs of one run; a build that happens meanwhile cannot change them. */
export interface Programs {
  readonly corePath: string;
  readonly maintenancePath: string;
  readonly commandLinePath: string;
  of(subject: Subject): string;
}

export async function buildPrograms(subjects: readonly Subject[]): Promise<Programs> {
  const folder = makeFolder('programs');
  const copy = (name: string): string => {
    const built = join(ROOT, 'dist', name);
    if (!existsSync(built)) throw new Error(`dist/${name} is missing: run \`npm run build\``);
    copyFileSync(built, join(folder, name));
    return join(folder, name);
  };
  const [corePath, maintenancePath] = [copy('core.cjs'), copy('maintenance.cjs')];
  const commandLinePath = copy('countersign.cjs');
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
  return { corePath, maintenancePath, commandLinePath, of };
}
