/**
 * A command exactly as it would be run: a program with its arguments and without a shell, or a text
 * that a shell reads.
 */
export interface Command {
  /** Real path of the program; null where it is not known before it is run. */
  readonly file: string | null;
  /** What the program gets, its name first. Empty if a shell reads a text. */
  readonly argv: readonly string[];
  /** What a shell reads; null without one. */
  readonly shell: string | null;
  /** Real path of the folder it runs in. */
  readonly cwd: string;
  /** In what its environment differs from the editor's. */
  readonly env: CommandEnvironment;
  /** In seconds; what runs longer is ended. */
  readonly timeLimit: number;
  /** Milliseconds since 1970. Not approved by then, it has to be looked at anew. */
  readonly expiresAt: number;
}

export interface CommandEnvironment {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly unset: readonly string[];
}

/** What of a command the user may write anew before it runs. */
export type EditedCommand = Pick<Command, 'argv' | 'shell' | 'timeLimit'>;

/** All that a surface shows of a command. */
export interface CommandView extends Omit<Command, 'env'> {
  readonly env: readonly VariableView[];
  /** What cannot be seen of it by looking at it, a sentence each. */
  readonly unseen: readonly string[];
}

export interface VariableView {
  readonly name: string;
  /** `hidden`: it is set, to what looks like a secret. */
  readonly change: 'set' | 'hidden' | 'unset';
  /** '' unless it is set and shown. */
  readonly value: string;
}

/** Whether it can be edited in a box of one line, which would join the lines of a text. */
export function isOneLine(shell: string | null): boolean {
  return shell?.includes('\n') !== true;
}
