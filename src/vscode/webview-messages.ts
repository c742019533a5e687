import { MODES } from '../shared/mode.ts';
import { STORAGE_WAYS } from '../shared/storage.ts';
import type { HostCalls, HostMethod, PanelCommand, ToHost, ToWebview } from '../shared/protocol.ts';
import {
  type Check,
  choice,
  exactly,
  isDecision,
  isPlace,
  isText,
  orNull,
} from '../shared/decision-shape.ts';

const PANEL_COMMANDS: readonly PanelCommand[] = [
  'newThread',
  'takeOver',
  'setUpModel',
  'setApiKey',
  'openSettings',
  'showLog',
  'openWalkthrough',
  'manageTrust',
  'openFolder',
];

const inThread = exactly({ threadId: isText });

/** What the parameters of each call must look like. Nothing else reaches the host. */
const SHAPES: Readonly<Record<HostMethod, Check>> = {
  state: exactly({}),
  send: exactly({ threadId: orNull(isText), text: isText, mode: choice(...MODES) }),
  sendAgain: exactly({ threadId: isText, messageId: isText, way: choice('anyway', 'check') }),
  pickMode: exactly({ threadId: isText, mode: choice(...MODES) }),
  openPlan: inThread,
  revisePlan: inThread,
  carryOutPlan: exactly({
    threadId: isText,
    shown: exactly({ planId: isText, hash: isText }),
  }),
  decide: exactly({
    threadId: isText,
    shown: exactly({ interruptId: isText, effectHash: isText }),
    decision: isDecision,
  }),
  resume: inThread,
  stop: inThread,
  undo: exactly({ threadId: isText, proposalId: isText, kind: choice('undo', 'redo') }),
  openDiff: exactly({ proposalId: isText, operation: orNull(isPlace) }),
  compareRejected: exactly({ proposalId: isText }),
  readArguments: exactly({ threadId: isText, proposalId: isText }),
  openLink: exactly({ href: isText }),
  remember: exactly({ memory: isText }),
  chooseStorage: exactly({ way: choice(...STORAGE_WAYS) }),
  soundPlayed: exactly({ outcome: choice('played', 'refused') }),
  runCommand: exactly({ command: choice(...PANEL_COMMANDS) }),
};

/** The call that a message from the webview makes, or null for anything that is not one. */
export function parseCall(raw: unknown): ToHost | null {
  if (!isCall(raw)) return null;
  const { type, id, method } = raw;
  const params = raw.params ?? {};
  return isMethod(method) && SHAPES[method](params)
    ? ({ type, id, method, params } as unknown as ToHost)
    : null;
}

/** The number under which a refused message waits for an answer, or null if it waits for none. */
export function callId(raw: unknown): number | null {
  return isCall(raw) ? raw.id : null;
}

/** The handlers of all calls, each with its own parameters and result. */
export type CallHandlers = {
  readonly [M in HostMethod]: (params: HostCalls[M]['params']) => Promise<HostCalls[M]['result']>;
};

export function handleCall(handlers: CallHandlers, call: ToHost): Promise<unknown> {
  const handler = handlers[call.method] as (params: unknown) => Promise<unknown>;
  return handler(call.params);
}

/** Words for a message that got no result: it was refused, or the call failed. */
export interface CallFaults {
  readonly refused: () => string;
  readonly failed: (error: unknown) => string;
}

/** The reply to whatever the webview sent: every call settles. Null where nobody waits for one. */
export async function replyTo(
  handlers: CallHandlers,
  raw: unknown,
  faults: CallFaults,
): Promise<ToWebview | null> {
  const call = parseCall(raw);
  if (call === null) {
    const message = faults.refused();
    const id = callId(raw);
    return id === null ? null : { type: 'error', id, message };
  }
  const { id } = call;
  try {
    return { type: 'result', id, result: await handleCall(handlers, call) };
  } catch (error) {
    return { type: 'error', id, message: faults.failed(error) };
  }
}

interface RawCall {
  readonly type: 'call';
  readonly id: number;
  readonly method: unknown;
  readonly params?: unknown;
}

function isCall(raw: unknown): raw is RawCall {
  if (typeof raw !== 'object' || raw === null) return false;
  return 'type' in raw && raw.type === 'call' && 'id' in raw && Number.isSafeInteger(raw.id)
    ? 'method' in raw
    : false;
}

function isMethod(value: unknown): value is HostMethod {
  return typeof value === 'string' && Object.hasOwn(SHAPES, value);
}
