import { t } from '@vscode/l10n';
import type { Command, CommandView, VariableView } from '../shared/command.ts';
import { countHidden } from '../workspace/hunks.ts';
import { visible } from '../workspace/names.ts';

/** The longest command that a title has room for, in UTF-16 units. */
const TITLE_LENGTH = 80;

/** In one line, for reading; what is run are the arguments themselves. */
export function commandLine({ argv, shell }: Command): string {
  const line = shell ?? argv.map(quoted).join(' ');
  return visible(line.replaceAll(/\s*\n\s*/gu, ' ⏎ '));
}

export function commandTitle(command: Command): string {
  const line = commandLine(command);
  if (line.length <= TITLE_LENGTH) return t('Run {0}', line);
  const half = TITLE_LENGTH / 2;
  return t('Run {0}', `${line.slice(0, half)} […] ${line.slice(-half)}`);
}

export function commandView(command: Command): CommandView {
  const { file, argv, shell, cwd, timeLimit, expiresAt } = command;
  const env = variablesOf(command);
  return { file, argv, shell, cwd, env, timeLimit, expiresAt, unseen: unseenIn(command) };
}

/** All of a command in lines of plain text, for where there is no card. */
export function commandFacts(command: CommandView): string[] {
  const { shell } = command;
  const facts = aroundCommand(command);
  return shell === null ? facts : [visible(t('For the shell: {0}', shell)), ...facts];
}

/** The same without the text for the shell. */
export function aroundCommand(command: CommandView): string[] {
  const { file, argv, cwd, env, timeLimit, expiresAt, unseen } = command;
  return [
    ...argv.map((argument, index) => t('Argument {0}: {1}', index, JSON.stringify(argument))),
    ...(file === null ? [] : [t('Program: {0}', file)]),
    t('Folder: {0}', cwd),
    ...env.map(variableWords),
    t('Time limit: {0} seconds', timeLimit),
    t('Can be approved until {0}', new Date(expiresAt).toLocaleTimeString()),
    ...unseen,
  ].map(visible);
}

function variableWords({ name, change, value }: VariableView): string {
  switch (change) {
    case 'set':
      return t('Environment: {0} is {1}', name, JSON.stringify(value));
    case 'hidden':
      return t('Environment: {0} is set to what looks like a secret', name);
    case 'unset':
      return t('Environment: without {0}', name);
  }
}

export function hiddenInCommand({ argv, shell, cwd, env }: CommandView): number {
  const texts = [...argv, shell ?? '', cwd, ...env.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, text) => sum + countHidden(text), 0);
}

const SECRET_NAME = /pass|secret|token|key|credential|auth|cookie|private|dsn/iu;
const SECRET_VALUE =
  /^(?:sk|ghp|gho|ghs|glpat|xox[a-z]|AKIA|eyJ)[-_A-Za-z0-9]|:\/\/[^/\s]*:[^/\s]*@|-----BEGIN|^[A-Za-z0-9+/_=-]{32,}$/u;

function variablesOf({ env }: Command): VariableView[] {
  const set = env.set.map(({ name, value }): VariableView => {
    const isSecret = SECRET_NAME.test(name) || SECRET_VALUE.test(value);
    return isSecret ? { name, change: 'hidden', value: '' } : { name, change: 'set', value };
  });
  return [...set, ...env.unset.map((name): VariableView => ({ name, change: 'unset', value: '' }))];
}

/** Their work is in their arguments, which are shown. */
const PLAIN = /^(?:cat|echo|ls|pwd|head|tail|wc|true|false|sleep|mkdir|rmdir|touch|cp|mv|rm)$/u;
/** They run what the project says they should. */
const SCRIPTS =
  /^(?:npm|npx|pnpm|yarn|bun|make|just|cargo|go|gradlew?|mvn|dotnet|tox|rake|composer|pip3?|uv)$/u;
const INTERPRETER =
  /^(?:(?:ba|z|da|k|fi)?sh|cmd|powershell|pwsh|python[\d.]*|node|deno|ruby|perl|php|lua|awk|sed|osascript|env|xargs|sudo|ssh|eval)$/u;
/** With them, a program loads code that nobody named. */
const LOADS =
  /^(?:LD_|DYLD_|NODE_OPTIONS|PYTHON|PERL5|RUBY|BASH_ENV|ENV$|PATH$|GIT_|npm_config_)/iu;

/** Nothing here lowers what is asked: it only says what reading the command does not tell. */
function unseenIn({ argv, shell, file, env }: Command): string[] {
  const [program = ''] = argv;
  const name = nameOf(program);
  const loads = [...env.set.map((one) => one.name), ...env.unset].filter((one) => LOADS.test(one));
  return [
    ...(shell === null
      ? programWords(name)
      : [
          t(
            'A shell reads this: what its variables, patterns and substitutions stand for is known only when it runs.',
          ),
        ]),
    ...(shell === null && file === null
      ? [t('Which program answers to the name {0} is known only when it runs.', program)]
      : []),
    ...loads.map((one) => t('{0} can make programs load other code.', one)),
  ];
}

function programWords(name: string): string[] {
  if (PLAIN.test(name)) return [];
  if (INTERPRETER.test(name)) {
    return [t('{0} runs code that it is given, which is not looked at here.', name)];
  }
  if (SCRIPTS.test(name)) {
    return [
      t('{0} runs scripts of the project and of its packages, which are not shown here.', name),
    ];
  }
  return [t('What {0} does is not known here.', name)];
}

function nameOf(program: string): string {
  const last = program.split(/[\\/]/u).at(-1) ?? program;
  return last.toLowerCase().replace(/\.(?:exe|cmd|bat)$/u, '');
}

/** As a shell would want it, where it would want anything. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/u.test(argument) ? argument : JSON.stringify(argument);
}
