import type { Decision, ProposalState } from '../shared/decision.ts';
import { assertNever } from '../shared/lifecycle.ts';
import type { AuditEvent } from './audit-rows.ts';

/** The state that a decision leads to. */
export function decisionState(decision: Decision): ProposalState {
  switch (decision.kind) {
    case 'approve':
    case 'edit':
    case 'editCommand':
    case 'partial':
      return 'approved';
    case 'reject':
      return 'rejected';
    case 'redirect':
      return 'cancelled';
    case 'respond':
      return 'answered';
    case 'doneByHand':
      return 'doneByHand';
    case 'settle':
      return 'kept';
    case 'editArguments':
      throw new Error('Other arguments lead to another proposal, not to a decision');
    default:
      return assertNever(decision);
  }
}

export function decisionEvent(decision: Decision): AuditEvent {
  switch (decision.kind) {
    case 'approve':
    case 'edit':
    case 'editCommand':
    case 'partial':
      return 'approved';
    case 'reject':
      return 'rejected';
    case 'redirect':
      return 'redirected';
    case 'respond':
      return 'answered';
    case 'doneByHand':
      return 'doneByHand';
    case 'settle':
      return 'settled';
    case 'editArguments':
      throw new Error('Other arguments lead to another proposal, not to a decision');
    default:
      return assertNever(decision);
  }
}

/** The user's words to it, as a surface shows them beside the outcome; '' without any. */
export function decisionReason(decision: Decision): string {
  switch (decision.kind) {
    case 'reject':
    case 'partial':
      return decision.reason;
    case 'redirect':
      return decision.instruction;
    case 'respond':
      return decision.answer;
    case 'approve':
    case 'edit':
    case 'editCommand':
    case 'doneByHand':
      return decision.note ?? '';
    case 'settle':
    case 'editArguments':
      return '';
    default:
      return assertNever(decision);
  }
}
