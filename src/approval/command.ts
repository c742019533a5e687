import { t } from '@vscode/l10n';
import { sha256 } from '../checkpoint/blobs.ts';
import type { Command, EditedCommand } from '../shared/command.ts';
import { ToolError } from '../shared/errors.ts';
import { type Json, canonicalJson } from './canonical-json.ts';

/** How long a command that is shown can be approved, in milliseconds. */
export const COMMAND_LIFETIME = 10 * 60_000;

const MAX_TIME = 24 * 60 * 60;
/** What a program would not get as it is written here, or a terminal would obey. */
const UNFIT = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}]/u;
const NAME = /^[^=\p{Cc}]+$/u;

/** @throws ToolError for what could not be run exactly as it would be shown */
export function checkCommand(command: Command): Command {
  const { argv, shell, cwd, env, timeLimit } = command;
  const [program = ''] = argv;
  if (shell === null ? program === '' : argv.length > 0 || shell.trim() === '') {
    throw new ToolError(t('There is no command in it.'));
  }
  const texts = [...argv, shell ?? '', cwd, ...env.set.map(({ value }) => value)];
  if (texts.some((text) => UNFIT.test(text) || !text.isWellFormed())) {
    throw new ToolError(t('The command has control characters in it, and is not run.'));
  }
  const names = [...env.set.map(({ name }) => name), ...env.unset];
  if (new Set(names).size < names.length || !names.every((name) => NAME.test(name))) {
    throw new ToolError(t('The environment of the command cannot be set like this.'));
  }
  if (!Number.isInteger(timeLimit) || timeLimit < 1 || timeLimit > MAX_TIME) {
    throw new ToolError(t('The time limit has to be between 1 and {0} seconds.', MAX_TIME));
  }
  return command;
}

/** The user's own command in place of a proposed one. */
export function editedCommand(
  proposed: Command,
  { argv, shell, timeLimit }: EditedCommand,
): Command {
  const file = argv[0] === proposed.argv[0] ? proposed.file : null;
  return checkCommand({ ...proposed, file, argv: [...argv], shell, timeLimit });
}

export function isExpired(command: Command | null, now: number): boolean {
  return command !== null && now >= command.expiresAt;
}

export function isSameCommand(one: Command, other: Command): boolean {
  const sealed = (command: Command): string =>
    canonicalJson(commandJson({ ...command, expiresAt: 0 }));
  return sealed(one) === sealed(other);
}

/** As an envelope has it: the environment by its hash. */
export function sealedCommand(command: Command): Json {
  const { env, ...rest } = commandFields(command);
  return { ...rest, envSha256: sha256(new TextEncoder().encode(canonicalJson(env))) };
}

/** The commands that a proposal has had, the one that it has now last, as they are stored. */
export function packCommands(commands: readonly Command[]): string {
  return canonicalJson(commands.map(commandJson));
}

export function unpackCommands(stored: string | null): readonly Command[] {
  return stored === null ? [] : (JSON.parse(stored) as Command[]);
}

function commandJson(command: Command): Json {
  return commandFields(command);
}

function commandFields({ file, argv, shell, cwd, env, timeLimit, expiresAt }: Command): {
  readonly env: Json;
  readonly [field: string]: Json;
} {
  return {
    ...{ file, argv, shell, cwd, timeLimit, expiresAt },
    env: { set: env.set.map(({ name, value }) => ({ name, value })), unset: env.unset },
  };
}
