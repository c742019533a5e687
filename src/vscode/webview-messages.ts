import type { HostCalls, HostMethod, PanelCommand, ToHost } from '../shared/protocol.ts';

type Fields = Record<string, unknown>;

const PANEL_COMMANDS: readonly PanelCommand[] = [
  'newThread',
  'setUpModel',
  'setApiKey',
  'openSettings',
  'showLog',
  'openWalkthrough',
  'manageTrust',
  'openFolder',
];

/** Longest text that is taken from the panel, in UTF-16 units. */
const MAX_TEXT = 1_000_000;

/** What the parameters of each call must look like. Nothing else reaches the host. */
const SHAPES: Readonly<Record<HostMethod, (params: Fields) => boolean>> = {
  state: () => true,
  send: ({ threadId, text }) => (threadId === null || isText(threadId)) && isText(text),
  decide: ({ threadId, interruptId, decision }) =>
    isText(threadId) && isText(interruptId) && isDecision(decision),
  resume: ({ threadId }) => isText(threadId),
  stop: ({ threadId }) => isText(threadId),
  undo: ({ threadId, proposalId, kind }) =>
    isText(threadId) && isText(proposalId) && (kind === 'undo' || kind === 'redo'),
  openDiff: ({ proposalId }) => isText(proposalId),
  openLink: ({ href }) => isText(href),
  remember: ({ memory }) => isText(memory),
  runCommand: ({ command }) => PANEL_COMMANDS.some((known) => known === command),
};

/** The call that a message from the webview makes, or null for anything that is not one. */
export function parseCall(raw: unknown): ToHost | null {
  if (!isObject(raw)) return null;
  const { type, id, method, params } = raw;
  if (type !== 'call' || !Number.isSafeInteger(id) || !isMethod(method)) return null;
  const fields = params ?? {};
  if (!isObject(fields) || !SHAPES[method](fields)) return null;
  return { type, id, method, params: fields } as unknown as ToHost;
}

/** The handlers of all calls, each with its own parameters and result. */
export type CallHandlers = {
  readonly [M in HostMethod]: (params: HostCalls[M]['params']) => Promise<HostCalls[M]['result']>;
};

export function handleCall(handlers: CallHandlers, call: ToHost): Promise<unknown> {
  const handler = handlers[call.method] as (params: unknown) => Promise<unknown>;
  return handler(call.params);
}

function isMethod(value: unknown): value is HostMethod {
  return typeof value === 'string' && Object.hasOwn(SHAPES, value);
}

function isDecision(value: unknown): boolean {
  if (!isObject(value)) return false;
  return value['kind'] === 'approve' || (value['kind'] === 'reject' && isText(value['reason']));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
