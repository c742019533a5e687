import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PLACE } from '../../support/place.ts';
import type { Act, ChildConfig, Line, StopAt } from './lines.ts';
import type { Scenario } from './scenario.ts';
import { sha256Of } from './stored.ts';

/** Everything a child is made of in one file, so that it starts in a fraction of a second. */
export async function buildChild(entry = 'child.ts'): Promise<{ path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-child-'));
  const path = join(folder, 'child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'error',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'no-native-sqlite',
        setup(on) {
          on.onResolve({ filter: /^better-sqlite3$/ }, ({ path: name }) => ({
            path: name,
            namespace: 'none',
          }));
          on.onLoad({ filter: /./, namespace: 'none' }, () => ({
            contents: 'export default class {}',
          }));
        },
      },
    ],
  });
  return {
    path,
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An effect on one path that certainly happened. */
export interface Effect extends Act {
  /** In the how many-th process. */
  readonly life: number;
  /** What the path had before, as it was followed from the start. */
  readonly before: string | null;
}

/** How one process ended, and all that it said. */
export interface Life {
  readonly lines: readonly Line[];
  readonly errors: string;
}

export interface StartOptions {
  readonly stopAt?: StopAt;
  readonly clock?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A folder and a storage on which one process after the other works, and is killed. */
export class Site {
  readonly folder: string;
  readonly storage = makeFolder();
  readonly lives: Life[] = [];
  readonly effects: Effect[] = [];
  /** What every path must have, followed from the start by what was done to it. */
  readonly expected = new Map<string, string>();
  /** Away from the database. */
  readonly #elsewhere = makeFolder();
  readonly headFile = join(this.#elsewhere, 'head');
  readonly #child: string;
  readonly #scenarioFile = join(this.#elsewhere, 'scenario.json');

  constructor(child: string, scenario: Scenario) {
    this.#child = child;
    this.folder = makeFolder(scenario.files);
    for (const path of Object.keys(scenario.files)) this.#noteUserBytes(join(this.folder, path));
    writeFileSync(this.#scenarioFile, JSON.stringify(scenario));
  }

  /** Runs a process until it stops at a failpoint, and kills it there. */
  async killAt(stopAt: StopAt, options: StartOptions = {}): Promise<Life> {
    return this.run({ ...options, stopAt }, (child, line) => {
      if (line.kind === 'at') child.kill('SIGKILL');
    });
  }

  /** Runs a process to its end. */
  async finish(options: StartOptions = {}): Promise<Life> {
    const life = await this.run(options, () => undefined);
    const last = life.lines.at(-1);
    assert.equal(last?.kind, 'finished', `${life.errors}\n${JSON.stringify(last)}`);
    return life;
  }

  /** Runs a process until it ends, by itself or by what `onLine` does. */
  async run(
    options: StartOptions,
    onLine: (child: ChildProcess, line: Line) => void,
  ): Promise<Life> {
    const child = this.#start(options);
    const errors: string[] = [];
    child.stderr?.on('data', (data) => errors.push(String(data)));
    const lines: Line[] = [];
    const ended = once(child, 'exit');
    for await (const text of createInterface({ input: child.stdout! })) {
      // The last line may be cut off.
      const line = parsed(text);
      if (line === null) continue;
      lines.push(line);
      onLine(child, line);
    }
    await ended;
    const life = { lines, errors: errors.join('') };
    this.lives.push(life);
    this.#follow(lines);
    return life;
  }

  /** What the user does to a file, by its full path, while no process is there. */
  userAppends(path: string, text: string): void {
    writeFileSync(path, text, { flag: 'a' });
    const { ino } = statSync(path);
    // A move that was killed half-way leaves one file with two names.
    for (const other of this.expected.keys()) {
      if (statSync(other).ino === ino) this.#noteUserBytes(other);
    }
  }

  remove(): void {
    for (const path of [this.folder, this.storage, this.#elsewhere]) {
      rmSync(path, { recursive: true, force: true });
    }
  }

  #noteUserBytes(full: string): void {
    this.expected.set(full, sha256Of(readFileSync(full)));
  }

  /** Of the calls that the process began, the last may have happened or not: the disk knows. */
  #follow(lines: readonly Line[]): void {
    const acted = new Set(lines.flatMap((line) => (line.kind === 'acted' ? [line.number] : [])));
    for (const line of lines) {
      if (line.kind !== 'act') continue;
      const { path, sha256 } = line;
      if (!acted.has(line.number) && hashOf(path) !== sha256) continue;
      const before = this.expected.get(path) ?? null;
      this.effects.push({ ...line, life: this.lives.length, before });
      if (sha256 === null) this.expected.delete(path);
      else this.expected.set(path, sha256);
    }
  }

  #start({ stopAt, clock, env }: StartOptions): ChildProcess {
    const config: ChildConfig = {
      ...{ folder: this.folder, storage: this.storage, headFile: this.headFile },
      ...{ scenarioFile: this.#scenarioFile, stopAt: stopAt ?? null, clock: clock ?? 0 },
    };
    return spawn(process.execPath, [this.#child, JSON.stringify(config)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        // Shared, so that only the first process has to compile everything.
        NODE_COMPILE_CACHE: join(dirname(this.#child), 'cache'),
        ...env,
      },
    });
  }
}

function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(PLACE, 'countersign-site-')));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function hashOf(path: string): string | null {
  return existsSync(path) ? sha256Of(readFileSync(path)) : null;
}

function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}
