import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Expected, FromServer, ServerReport, ServerScript, ToServer } from './messages.ts';

/** The model server as the benchmark sees it. */
export class ScriptedServer {
  readonly baseUrl: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.baseUrl = `http://127.0.0.1:${port}/v1`;
  }

  static async start(): Promise<ScriptedServer> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const port = await reply(child, (message) =>
      message.kind === 'listening' ? message.port : null,
    );
    return new ScriptedServer(child, port);
  }

  async play(script: ServerScript): Promise<void> {
    this.#send({ kind: 'script', script });
    await reply(this.#child, (message) => (message.kind === 'ready' ? true : null));
  }

  /** What came since the last `play`, the last request being checked. */
  report(expected: Expected): Promise<ServerReport> {
    this.#send({ kind: 'report', expected });
    return reply(this.#child, (message) => (message.kind === 'report' ? message.report : null));
  }

  close(): void {
    this.#child.disconnect();
  }

  #send(message: ToServer): void {
    this.#child.send(message);
  }
}

function reply<T>(child: ChildProcess, pick: (message: FromServer) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => {
      reject(new Error('The model server ended'));
    };
    const onMessage = (message: FromServer): void => {
      const picked = pick(message);
      if (picked === null) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(picked);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
