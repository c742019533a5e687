import { t } from '@vscode/l10n';
import type { Decision } from '../../src/shared/decision.ts';
import { assertNever } from '../../src/shared/lifecycle.ts';
import type { Mode } from '../../src/shared/mode.ts';
import { KEYS } from '../words.ts';

/** Answers that are written in a box before they are sent. */
export type Written = 'reject' | 'note' | 'redirect' | 'byHand' | 'arguments' | 'command';

export interface AnswerWords {
  readonly label: string;
  readonly placeholder: string;
  readonly send: string;
  /** An empty text is no answer. */
  readonly required: boolean;
}

export function answerWords(written: Written): AnswerWords {
  switch (written) {
    case 'reject':
      return {
        label: t('Why not? The agent is told this.'),
        placeholder: t('Reason (may be empty)'),
        send: t('Reject'),
        required: false,
      };
    case 'note':
      return {
        label: t('A note that goes to the agent with your approval.'),
        placeholder: t('Note'),
        send: t('Approve'),
        required: false,
      };
    case 'redirect':
      return {
        label: t(
          'What should the agent do instead? What it asked for along with this is cancelled, too.',
        ),
        placeholder: t('Instruction'),
        send: t('Redirect'),
        required: true,
      };
    case 'byHand':
      return {
        label: t('Nothing is applied; the agent is told that you did it yourself.'),
        placeholder: t('What you did (may be empty)'),
        send: t('I Did It Myself'),
        required: false,
      };
    case 'command':
      return {
        label: t('Your own command. {0} approves it instead of the proposed one.', KEYS.approve),
        placeholder: t('Command'),
        send: t('Approve This Instead…'),
        required: true,
      };
    case 'arguments':
      return {
        label: t('Arguments of the tool call, as JSON. {0} shows the new proposal.', KEYS.approve),
        placeholder: t('Reading…'),
        send: t('Show the New Proposal'),
        required: true,
      };
    default:
      return assertNever(written);
  }
}

export function writtenDecision(
  written: Exclude<Written, 'command'>,
  text: string,
  route: Mode | null = null,
): Decision {
  const said = text.trim();
  switch (written) {
    case 'reject':
      return { kind: 'reject', reason: said };
    case 'note':
      return said === '' ? { kind: 'approve' } : { kind: 'approve', note: said };
    case 'redirect':
      return { kind: 'redirect', instruction: said, ...(route === null ? {} : { mode: route }) };
    case 'byHand':
      return said === '' ? { kind: 'doneByHand' } : { kind: 'doneByHand', note: said };
    case 'arguments':
      return { kind: 'editArguments', arguments: text };
    default:
      return assertNever(written);
  }
}

/** Why a text cannot be sent, or null if it can. */
export function faultOf(written: Written, text: string): string | null {
  if (text.trim() === '') {
    return answerWords(written).required ? t('Write something first.') : null;
  }
  return written === 'arguments' ? jsonFault(text) : null;
}

function jsonFault(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? null : t('The arguments must be a JSON object: { … }');
  } catch (error) {
    return t('This is not JSON: {0}', error instanceof Error ? error.message : String(error));
  }
}
