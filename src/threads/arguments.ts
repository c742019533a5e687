import { AIMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import type { Ledger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import type { DecisionOutcome } from '../shared/decision.ts';
import { ToolError, UserFacingError } from '../shared/errors.ts';
import { findTool } from '../tools/registry.ts';
import type { Workspace } from '../workspace/port.ts';
import type { LiveThread } from './thread.ts';

export interface ArgumentDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
}

/** The arguments of the call behind a proposal, as indented JSON. */
export async function argumentsOf(thread: LiveThread, proposal: Proposal | null): Promise<string> {
  const call = proposal === null ? null : await callOf(thread, proposal);
  if (proposal === null || call === null) {
    throw new UserFacingError('notFound', t('This proposal does not exist any more.'));
  }
  const args: unknown = proposal.arguments === null ? call.args : JSON.parse(proposal.arguments);
  return JSON.stringify(args, null, 2);
}

/** Proposes anew with the user's arguments. Nothing is approved by that: it is shown first. */
export async function changeArguments(
  { ledger, workspace }: ArgumentDeps,
  thread: LiveThread,
  proposal: Proposal,
  text: string,
): Promise<DecisionOutcome> {
  const refused = (reason: string): DecisionOutcome => ({ kind: 'refused', reason });
  let args: unknown;
  try {
    args = JSON.parse(text);
  } catch (error) {
    return refused(t('The arguments are no JSON: {0}', String(error)));
  }
  const name = (await callOf(thread, proposal))?.name ?? '';
  const prepared = findTool(name)?.prepare(args) ?? t('There is no tool named {0}.', name);
  if (typeof prepared === 'string') return refused(prepared);
  if (!('propose' in prepared)) return refused(t('This call has nothing to change.'));
  try {
    const changes = await prepared.propose({ workspace, signal: new AbortController().signal });
    const shown = await ledger.revise(proposal, {
      ...{ origin: 'arguments', changes, stacked: false, reason: '' },
      arguments: JSON.stringify(args),
    });
    thread.refresh(proposal.toolCallId);
    return { kind: shown ? 'taken' : 'changed' };
  } catch (error) {
    if (error instanceof ToolError) return refused(error.message);
    throw error;
  }
}

async function callOf(
  thread: LiveThread,
  { toolCallId }: Proposal,
): Promise<{ name: string; args: unknown } | null> {
  const messages = await thread.messages();
  const calls = messages.flatMap((one) =>
    AIMessage.isInstance(one) ? (one.tool_calls ?? []) : [],
  );
  return calls.findLast(({ id }) => id === toolCallId) ?? null;
}
