import { t } from '@vscode/l10n';
import { parseArgs } from 'node:util';
import { MODES, type Mode } from '../shared/mode.ts';

/** Where everything is, and who answers. */
export interface Place {
  readonly workspace: string;
  /** Null: where the platform keeps state. */
  readonly state: string | null;
}

export interface ModelOptions {
  /** '' : the demo model. */
  readonly baseUrl: string;
  readonly model: string;
  /** Seconds of silence after which a request is given up. */
  readonly patience: number;
}

export type Invocation =
  | { readonly kind: 'help' | 'version' }
  | {
      readonly kind: 'run';
      readonly place: Place;
      readonly model: ModelOptions;
      /** Null: goes on with what waits or was cut off. */
      readonly text: string | null;
      readonly threadId: string | null;
      readonly mode: Mode | null;
      readonly json: boolean;
      readonly yesEdits: boolean;
    }
  | {
      readonly kind: 'serve';
      readonly place: Place;
      readonly model: ModelOptions;
      readonly port: number;
      readonly tokenFile: string | null;
      readonly allowIrrecoverable: boolean;
    }
  | {
      readonly kind: 'audit';
      readonly place: Place;
      readonly act: 'verify' | 'export';
      readonly form: 'markdown' | 'json';
    };

/** The command line is not what is expected; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const PLACE = { workspace: { type: 'string' }, state: { type: 'string' } } as const;
const MODEL = {
  'base-url': { type: 'string' },
  model: { type: 'string' },
  timeout: { type: 'string' },
} as const;
const DEFAULT_PATIENCE = 120;

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): Invocation {
  const [command = '--help', ...rest] = args;
  try {
    switch (command) {
      case '--help':
      case '-h':
      case 'help':
        return { kind: 'help' };
      case '--version':
      case '-v':
        return { kind: 'version' };
      case 'run':
        return parseRun(rest, env);
      case 'serve':
        return parseServe(rest, env);
      case 'audit':
        return parseAudit(rest);
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
  throw new UsageError(t('There is no command “{0}”.', command));
}

function parseRun(rest: string[], env: NodeJS.ProcessEnv): Invocation {
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      ...PLACE,
      ...MODEL,
      continue: { type: 'string' },
      mode: { type: 'string' },
      json: { type: 'boolean' },
      'yes-edits': { type: 'boolean' },
    },
  });
  const [text = null, ...more] = positionals;
  if (more.length > 0) throw new UsageError(t('Put the question in quotes: it is one argument.'));
  if (text === null && values.continue === undefined) {
    throw new UsageError(
      t('There is nothing to ask. Give a question, or a thread with --continue.'),
    );
  }
  const mode = MODES.find((one) => one === values.mode) ?? null;
  if (values.mode !== undefined && mode === null) {
    throw new UsageError(t('The mode is one of {0}.', MODES.join(', ')));
  }
  return {
    ...{ kind: 'run', place: placeOf(values), model: modelOf(values, env), text, mode },
    threadId: values.continue ?? null,
    json: values.json ?? false,
    yesEdits: values['yes-edits'] ?? false,
  };
}

function parseServe(rest: string[], env: NodeJS.ProcessEnv): Invocation {
  const { values } = parseArgs({
    args: rest,
    options: {
      ...PLACE,
      ...MODEL,
      port: { type: 'string' },
      'token-file': { type: 'string' },
      'allow-irrecoverable': { type: 'boolean' },
    },
  });
  return {
    ...{ kind: 'serve', place: placeOf(values), model: modelOf(values, env) },
    port: values.port === undefined ? 0 : numberOf('--port', values.port, 65_535),
    tokenFile: values['token-file'] ?? null,
    allowIrrecoverable: values['allow-irrecoverable'] ?? false,
  };
}

function parseAudit(rest: string[]): Invocation {
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: { ...PLACE, json: { type: 'boolean' }, markdown: { type: 'boolean' } },
  });
  const [act, ...more] = positionals;
  if ((act !== 'verify' && act !== 'export') || more.length > 0) {
    throw new UsageError(t('It is either “audit verify” or “audit export”.'));
  }
  return { kind: 'audit', place: placeOf(values), act, form: values.json ? 'json' : 'markdown' };
}

function placeOf(values: { readonly workspace?: string; readonly state?: string }): Place {
  return { workspace: values.workspace ?? '.', state: values.state ?? null };
}

function modelOf(
  values: { 'base-url'?: string; model?: string; timeout?: string },
  env: NodeJS.ProcessEnv,
): ModelOptions {
  const timeout = values.timeout ?? env['COUNTERSIGN_TIMEOUT'];
  return {
    baseUrl: values['base-url'] ?? env['COUNTERSIGN_BASE_URL'] ?? '',
    model: values.model ?? env['COUNTERSIGN_MODEL'] ?? '',
    patience: timeout === undefined ? DEFAULT_PATIENCE : numberOf('--timeout', timeout, 3600),
  };
}

function numberOf(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/u.test(text) && number <= most) return number;
  throw new UsageError(t('{0} is a whole number of at most {1}.', name, most));
}
