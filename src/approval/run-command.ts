import { t } from '@vscode/l10n';
import type { Command } from '../shared/command.ts';
import { failpoint } from '../shared/failpoint.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';
import { COMMAND_LIFETIME, isExpired } from './command.ts';
import { commandLine } from './command-words.ts';
import type { Ledger } from './ledger.ts';
import type { Proposal } from './proposal.ts';

/**
 * Runs exactly what it is given: no shell but for a text that a shell reads, nothing added. What it
 * throws is taken for a command that may have run.
 */
export interface CommandRunner {
  run(command: Command): Promise<CommandOutcome>;
}

/** `ended`: what there is to say of it. `notStarted`: certainly. `unknown`: it may have run. */
export type CommandOutcome =
  | { readonly kind: 'ended'; readonly detail: string }
  | { readonly kind: 'notStarted'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly evidence: readonly string[] };

export interface RunDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
  /** Nothing is run without. */
  readonly runner?: CommandRunner | undefined;
  /** Milliseconds since 1970; the clock of the machine if not given. */
  readonly now?: (() => number) | undefined;
}

/** Runs an approved command at most once. Must not throw for anything that it may do. */
export async function runApproved(
  deps: RunDeps,
  proposal: Proposal,
  command: Command,
): Promise<void> {
  const { ledger, runner } = deps;
  if (isExpired(command, timeIn(deps))) {
    await showAnew(deps, proposal, 'expired');
    return;
  }
  const reason = await whyNot(deps, command);
  if (reason !== null || runner === undefined) {
    await ledger.finish(proposal, 'failed', reason ?? NO_RUNNER());
    return;
  }
  const claimed = await ledger.claim(proposal.proposalId);
  if (claimed === null) return;
  failpoint('run.claimed');
  const outcome = await runner
    .run(command)
    .catch((error: unknown): CommandOutcome => ({ kind: 'unknown', evidence: [messageOf(error)] }));
  failpoint('run.ended');
  if (outcome.kind === 'ended') await ledger.finish(claimed, 'applied', outcome.detail);
  else if (outcome.kind === 'notStarted') await ledger.finish(claimed, 'failed', outcome.reason);
  else await mayHaveRun(ledger, claimed, command, outcome.evidence);
}

/** An open question, to a person alone: nothing runs it again. */
export async function mayHaveRun(
  ledger: Ledger,
  claimed: Proposal,
  command: Command,
  evidence: readonly string[] = [t('The editor stopped while this ran. It may still be running.')],
): Promise<void> {
  const lines = [
    t('It may have run: {0}', commandLine(command)),
    t('In the folder {0}', command.cwd),
    ...evidence,
  ];
  await ledger.finish(claimed, 'unknown', lines.join('\n'), 'recovery');
}

/**
 * The same command as a proposal that nobody has approved, which can be approved for a while from
 * now on. False if something else is shown by now.
 */
export function showAnew(
  deps: Pick<RunDeps, 'ledger' | 'now'>,
  proposal: Proposal,
  origin: 'expired' | 'interrupted' | 'again',
): Promise<boolean> {
  const { command, revision, proposedRevision, reason } = proposal;
  if (command === null) return Promise.resolve(false);
  return deps.ledger.revise(proposal, {
    ...{ origin, changes: [], stacked: false },
    isAgents: revision === proposedRevision,
    reason: origin === 'interrupted' ? reason : '',
    command: { ...command, expiresAt: timeIn(deps) + COMMAND_LIFETIME },
  });
}

/** True once it is too old to be approved. */
export function hasExpired(deps: Pick<RunDeps, 'now'>, { command }: Proposal): boolean {
  return isExpired(command, timeIn(deps));
}

function timeIn({ now = Date.now }: Pick<RunDeps, 'now'>): number {
  return now();
}

async function whyNot({ workspace, runner }: RunDeps, { cwd }: Command): Promise<string | null> {
  if (!workspace.trusted()) return t('the workspace is not trusted any more');
  const leadsThere = await gatePath(workspace.folders(), cwd).then(
    ({ realPath }) => realPath === cwd,
    () => false,
  );
  if (!leadsThere)
    return t('{0} is not a folder of the workspace, or leads somewhere else now', cwd);
  return runner === undefined ? NO_RUNNER() : null;
}

const NO_RUNNER = (): string => t('Nothing here can run commands, so nothing was run');
