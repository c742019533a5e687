import { createInterface } from 'node:readline/promises';
import { showHidden } from '../workspace/hidden.ts';

/** Where a person, or another program, started the command line. */
export interface Terminal {
  /** A person sits in front of it, and can be asked. */
  readonly isInteractive: boolean;
  /** What is printed appears on a screen at once. */
  readonly isScreen: boolean;
  /** The result, and nothing else. */
  print(text: string): void;
  /** Everything else that there is to say, a line each. */
  say(...lines: readonly string[]): void;
  /** Null where the input has ended, or the person has had enough. */
  ask(question: string): Promise<string | null>;
  paint(color: Color, text: string): string;
}

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;
export type Color = keyof typeof CODES;

export interface TerminalDeps {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly messages: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when the person has had enough. */
  readonly signal: AbortSignal;
  readonly onInterrupt: () => void;
}

export function createTerminal(deps: TerminalDeps): Terminal {
  const { input, output, messages, env, signal, onInterrupt } = deps;
  const isInteractive = input.isTTY && messages.isTTY;
  // https://no-color.org
  const colored = messages.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    isInteractive,
    isScreen: output.isTTY,
    print: (text) => void output.write(text),
    say: (...lines) => void messages.write(`${lines.join('\n')}\n`),
    async ask(question) {
      if (!isInteractive || signal.aborted) return null;
      const lines = createInterface({ input, output: messages, terminal: true });
      lines.on('SIGINT', onInterrupt);
      const ended = new Promise<null>((resolve) => {
        lines.once('close', () => {
          resolve(null);
        });
      });
      try {
        return await Promise.race([lines.question(question, { signal }), ended]);
      } catch {
        return null;
      } finally {
        lines.close();
      }
    },
    paint: (color, text) => (colored ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text),
  };
}

/** Text of others for a terminal: nothing in it moves the cursor, or is a command to the terminal. */
export function harmless(text: string): string {
  return showHidden(text.replaceAll(/\r\n?/gu, '\n'));
}
