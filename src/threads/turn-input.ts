import { type BaseMessage, RemoveMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import { repeated } from '../agent/guard/guard.ts';
import { modeNote } from '../agent/modes.ts';
import { userMessage, wordsOf } from '../agent/user-message.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import type { Decision } from '../shared/decision.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Mode } from '../shared/mode.ts';
import type { ThreadView } from '../shared/thread-view.ts';

/** What starts a turn: a message of the user. */
export interface TurnInput {
  readonly id: string;
  readonly text: string;
  readonly messages: readonly BaseMessage[];
  /** Items that it takes the place of. */
  readonly replaced: readonly string[];
  /** Null: that of the thread. */
  readonly mode: Mode | null;
  /** What the agent learns with it that the user has taken back. */
  readonly undone: readonly Proposal[];
}

/** What the user wants instead of what the agent proposes. */
export type Redirect = Extract<Decision, { kind: 'redirect' }>;

export type Compose = () => TurnInput | Promise<TurnInput>;

/** A new message; without a mode, in that of the thread. */
export function written(
  text: string,
  mode: Mode | undefined,
  { threadId, mode: before }: Pick<ThreadView, 'threadId' | 'mode'>,
  ledger: Ledger,
): TurnInput {
  const undone = ledger.untold(threadId);
  const message = userMessage(text, undone, modeNote(mode ?? before, before));
  const input = { id: message.id ?? '', text, messages: [message], replaced: [], undone };
  return { ...input, mode: mode ?? before };
}

/** A blocked message once more. @throws UserFacingError if it is not blocked any more */
export function again(
  messages: readonly BaseMessage[],
  messageId: string,
  anyway: boolean,
): TurnInput {
  const found = repeated(messages, messageId, anyway);
  if (found === null) {
    throw new UserFacingError('notFound', t('This message does not wait to be sent any more.'));
  }
  const { message, replaced } = found;
  return {
    id: message.id ?? '',
    text: wordsOf(message),
    messages: [...replaced.map((id) => new RemoveMessage({ id })), message],
    replaced,
    undone: [],
    mode: null,
  };
}
