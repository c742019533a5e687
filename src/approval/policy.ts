import { t } from '@vscode/l10n';
import { ToolError } from '../shared/errors.ts';
import type { Risk } from '../shared/thread-view.ts';
import { foldPath, isRepositoryName, withoutEscapes } from '../workspace/names.ts';
import type { GatedPath } from '../workspace/path-gate.ts';

/** Why a proposal waits for a person, in words, and how much there is at stake. */
export interface Verdict {
  readonly why: string;
  readonly risk: Risk;
}

/** What a card says about one path. */
export interface JudgedPath {
  readonly displayPath: string;
  readonly warnings: readonly string[];
  /** From the path gate; without it the display path alone is judged. */
  readonly policyPath?: string;
}

/**
 * What holds for a path whoever asks and whatever the rules say: `denied` is never changed,
 * `guarded` always asks with high risk, and `secret` is guarded and never read.
 */
export type Protection = 'denied' | 'guarded' | 'secret' | 'none';

/** By name of a file or of any folder around it, folded. */
const EDITOR = /^(?:\.vscode|.*\.code-workspace)$/u;
/** Ours, and those of other agents that run in the same folder (CVE-2025-54135, CVE-2025-59944). */
const AGENTS =
  /^(?:\.countersign.*|agents\.md|\.cursor|\.mcp\.json|\.claude|\.codex|\.gemini|\.kiro|\.roo)$/u;
const ENVIRONMENT = /^\.env.*/u;
/** Made to be shared: they have the names of the settings without the values. */
const ENVIRONMENT_SAMPLE = /^\.env.*\.(?:example|sample|template)$/u;

export type Steered = 'repository' | 'agents' | 'editor';

interface Steering {
  readonly steers: Steered;
  readonly covers: (name: string) => boolean;
  readonly words: () => string;
}

const STEERING: readonly [Steering, ...Steering[]] = [
  {
    steers: 'repository',
    covers: isRepositoryName,
    words: () => t('Protected file of the repository: never changed'),
  },
  {
    steers: 'agents',
    covers: (name) => AGENTS.test(name),
    words: () => t('Protected file, steers agents: always asks'),
  },
  {
    steers: 'editor',
    covers: (name) => EDITOR.test(name),
    words: () => t('Protected file, steers the editor: always asks'),
  },
];

/** The protection of a path from the gate, in whatever spelling. */
export function protection(policyPath: string): Protection {
  const names = namesOf(policyPath);
  if (names.some(isRepositoryName)) return 'denied';
  if (names.some((name) => ENVIRONMENT.test(name) && !ENVIRONMENT_SAMPLE.test(name))) {
    return 'secret';
  }
  return reasonFor(policyPath) === null ? 'none' : 'guarded';
}

/**
 * What a file steers, beyond what is in it, as seen by its path and by what was said of it when the
 * change of it was made; null: nothing.
 */
export function steeredBy({
  displayPath,
  warnings,
}: Pick<JudgedPath, 'displayPath' | 'warnings'>): Steered | null {
  const names = namesOf(displayPath);
  const steers = ({ words, covers }: Steering): boolean =>
    names.some(covers) || warnings.some((warning) => warning.includes(words()));
  return STEERING.find(steers)?.steers ?? null;
}

/** Every change asks. There is no rule yet that allows one. */
export function judge(displayPath: string, deletes: boolean): Verdict {
  return judgePaths([{ displayPath, warnings: [] }], deletes);
}

/** There is no rule yet that lets a command run, and how it reads is no reason to. */
export function judgeCommand(): Verdict {
  return { why: t('Default: every command asks'), risk: 'high' };
}

/** The worst that can be said of all paths of one proposal: both ends of a move, for instance. */
export function judgePaths(paths: readonly JudgedPath[], deletes: boolean): Verdict {
  const reasons = paths.flatMap(({ displayPath, policyPath = '', warnings }) => [
    ...[displayPath, policyPath].flatMap((path) => reasonFor(path) ?? []),
    ...warnings,
  ]);
  if (reasons.length > 0) return { why: [...new Set(reasons)].join(' · '), risk: 'high' };
  return { why: t('Default: every change asks'), risk: deletes ? 'high' : 'low' };
}

/**
 * Stops a change of the repository's own files: with them it could be made to run programs, or to
 * lose its history. To call for every path of a change, when it is proposed and again at apply.
 */
export function refuseDenied({ policyPath, displayPath }: GatedPath): void {
  if (protection(policyPath) !== 'denied') return;
  throw new ToolError(
    `${displayPath} is part of the repository's own data, which is never changed by a tool. Tell the user what should be changed there and why.`,
  );
}

/** Stops every change while what is approved and done could not be recorded. */
export function refuseUnrecorded(recorded: boolean): void {
  if (recorded) return;
  throw new ToolError(
    'Nothing can be changed now: this conversation is not saved, so that no approval could be recorded. Do not call a tool that changes anything. Answer in words, and tell the user what you would change.',
  );
}

/** Stops reading what may hold passwords and keys, whatever link led there. */
export function refuseSecret({ policyPath, displayPath }: GatedPath): void {
  if (protection(policyPath) !== 'secret') return;
  throw new ToolError(
    `${displayPath} may hold secrets and is not read. Ask the user for the one thing that you need of it.`,
  );
}

/** Why a path always asks, in words; null for an ordinary one. */
function reasonFor(path: string): string | null {
  const names = namesOf(path);
  const [repository, ...others] = STEERING;
  if (names.some(repository.covers)) return repository.words();
  if (names.some((name) => ENVIRONMENT.test(name))) {
    return t('Protected file, may hold secrets: always asks');
  }
  return others.find(({ covers }) => names.some(covers))?.words() ?? null;
}

function namesOf(path: string): string[] {
  return foldPath(withoutEscapes(path)).split('/');
}
