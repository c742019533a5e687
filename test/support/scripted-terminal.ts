import type { Terminal } from '../../src/server/terminal.ts';

/** A terminal at which a person types what a test tells them to, and then has had enough. */
export class ScriptedTerminal implements Terminal {
  readonly isInteractive: boolean;
  readonly isScreen = false;
  printed = '';
  said = '';
  readonly #answers: string[];

  /** @param answers null: nobody is there */
  constructor(answers: readonly string[] | null) {
    this.isInteractive = answers !== null;
    this.#answers = [...(answers ?? [])];
  }

  /** What was not typed, since it was not asked for. */
  get left(): readonly string[] {
    return this.#answers;
  }

  print(text: string): void {
    this.printed += text;
  }

  say(...lines: readonly string[]): void {
    this.said += `${lines.join('\n')}\n`;
  }

  ask(question: string): Promise<string | null> {
    this.said += question;
    return Promise.resolve(this.#answers.shift() ?? null);
  }

  paint(_: unknown, text: string): string {
    return text;
  }
}
