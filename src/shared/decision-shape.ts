import { MODES } from './mode.ts';
import type { Decision, SettleWay } from './decision.ts';

export type Check = (value: unknown) => boolean;

/** Longest text that is taken from the panel, in UTF-16 units. */
export const MAX_TEXT = 1_000_000;

/** The most of a proposal that one answer may name. */
export const MAX_FILES = 5000;
export const MAX_CHANGES = 50_000;
export const MAX_LINES = 200_000;
export const MAX_ARGUMENTS = 10_000;

const WAYS: readonly SettleWay[] = ['keep', 'finish', 'rollBack', 'again', 'didNotRun'];

/** True for an object with all these fields and no others, but for the optional ones. */
export function exactly(
  fields: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  const checks = new Map([...Object.entries(fields), ...Object.entries(optional)]);
  const needed = Object.keys(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const found = Object.entries(value);
    return (
      needed.every((name) => Object.hasOwn(value, name)) &&
      found.every(([name, content]) => checks.get(name)?.(content) === true)
    );
  };
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

export function choice(...choices: readonly string[]): Check {
  return (value) => choices.some((one) => one === value);
}

/** A place in a list, counted from 0. */
export function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function listOf(check: Check, least: number, most: number): Check {
  return (value) =>
    Array.isArray(value) &&
    value.length >= least &&
    value.length <= most &&
    // A copy, since `every` would step over the holes of a list.
    Array.from<unknown>(value).every(check);
}

/** A list of places, none twice. */
function places(most: number): Check {
  const isList = listOf(isPlace, 0, most);
  return (value) => isList(value) && Array.isArray(value) && new Set(value).size === value.length;
}

/** A list of objects that name a place under this field, none twice. */
function named(field: string, check: Check, most: number): Check {
  const isList = listOf(check, 1, most);
  return (value) => {
    if (!isList(value)) return false;
    const list = value as readonly Record<string, unknown>[];
    return new Set(list.map((entry) => entry[field])).size === list.length;
  };
}

const someLines = exactly({ removed: places(MAX_LINES), added: places(MAX_LINES) });

const isLines: Check = (value) => {
  if (value === 'all') return true;
  if (!someLines(value)) return false;
  const { removed, added } = value as Readonly<Record<'removed' | 'added', readonly number[]>>;
  return removed.length + added.length > 0;
};

const changes = named('change', exactly({ change: isPlace, lines: isLines }), MAX_CHANGES);
const isChanges: Check = (value) => value === 'all' || changes(value);

/** Every decision, with its fields; `kind` is checked by its name here. */
const DECISIONS: Readonly<Record<Decision['kind'], Check>> = {
  approve: decision({}, { note: isText }),
  edit: decision(
    { files: named('operation', exactly({ operation: isPlace, text: isText }), MAX_FILES) },
    { note: isText },
  ),
  editCommand: decision(
    {
      command: exactly({
        argv: listOf(isText, 0, MAX_ARGUMENTS),
        shell: orNull(isText),
        timeLimit: isPlace,
      }),
    },
    { note: isText },
  ),
  editArguments: decision({ arguments: isText }),
  partial: decision({
    files: named('operation', exactly({ operation: isPlace, changes: isChanges }), MAX_FILES),
    reason: isText,
  }),
  reject: decision({ reason: isText }),
  redirect: decision({ instruction: isText }, { mode: choice(...MODES) }),
  respond: decision({ answer: isText }),
  doneByHand: decision({}, { note: isText }),
  settle: decision({ way: choice(...WAYS) }),
};

function decision(
  fields: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  return exactly({ kind: (kind) => typeof kind === 'string', ...fields }, optional);
}

export function isDecision(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind } = value;
  return isKind(kind) && DECISIONS[kind](value);
}

function isKind(kind: unknown): kind is Decision['kind'] {
  return typeof kind === 'string' && Object.hasOwn(DECISIONS, kind);
}
