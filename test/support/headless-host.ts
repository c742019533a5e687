import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Interface, createInterface } from 'node:readline';
import { type Answered, type Body, callApi } from './api-client.ts';

export interface HeadlessOptions {
  /** What Node runs, with what comes before the options of `serve`. */
  readonly program: readonly string[];
  readonly workspace: string;
  readonly state: string;
  readonly baseUrl: string;
  readonly token: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The headless host in a process of its own, and a client of it. */
export class HeadlessHost {
  readonly url: string;
  readonly child: ChildProcess;
  readonly #token: string;
  readonly #lines: Interface;
  #errors = '';

  private constructor(child: ChildProcess, lines: Interface, url: string, token: string) {
    [this.child, this.#lines, this.url, this.#token] = [child, lines, url, token];
    child.stderr?.on('data', (data) => (this.#errors += String(data)));
  }

  static async start(options: HeadlessOptions): Promise<HeadlessHost> {
    const { program, workspace, state, baseUrl, token, env } = options;
    const places = ['--workspace', workspace, '--state', state, '--base-url', baseUrl];
    const child = spawn(process.execPath, [...program, ...places, '--model', 'scripted'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, COUNTERSIGN_TOKEN: token, ...env },
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(() => {
        throw new Error('The host has ended');
      }),
    ])) as [string];
    return new HeadlessHost(child, lines, (JSON.parse(line) as { url: string }).url, token);
  }

  call(path: string, body?: unknown): Promise<Answered<Body>> {
    return callApi(this.url, this.#token, path, body);
  }

  /** Kills it as a power cut would, once it says that it is where it stops. */
  async killedAt(failpoint: string): Promise<void> {
    const [line] = (await once(this.#lines, 'line')) as [string];
    assert.equal(line, `at ${failpoint}`);
    await this.kill('SIGKILL');
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    assert.equal(this.#errors, '');
    return code;
  }
}
