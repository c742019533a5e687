import {
  AIMessage,
  BaseMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import {
  DeltaSnapshot,
  type SerializerProtocol,
  isDeltaSnapshot,
} from '@langchain/langgraph-checkpoint';

type Fields = Record<string, unknown>;

/** Around plain data that looks like the format itself; LangChain core marks it inside messages. */
const ESCAPED = '__lc_escaped__';

/** The only classes that stored data can become, by the name `toJSON` gives them. */
const MESSAGE_CLASSES: Record<string, (fields: never) => BaseMessage> = {
  HumanMessage: (fields) => new HumanMessage(fields),
  AIMessage: (fields) => new AIMessage(fields),
  SystemMessage: (fields) => new SystemMessage(fields),
  ToolMessage: (fields) => new ToolMessage(fields),
  RemoveMessage: (fields) => new RemoveMessage(fields),
};

/** A value as it is stored: a type and its bytes. */
export type Packed = readonly [type: 'bytes' | 'json', bytes: Uint8Array];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Writes the format of LangGraph's own serializer and reads of it only what our state holds:
 * messages, delta snapshots, plain data and raw bytes. What is inside a message stays plain data,
 * so that a tool's arguments or results can never come back as a live object.
 */
export function pack(value: unknown): Packed {
  if (value instanceof Uint8Array) return ['bytes', value];
  return ['json', encoder.encode(JSON.stringify(encode(value)))];
}

/** @throws Error if that is not what `pack` makes */
export function unpack(type: string, data: Uint8Array | string): unknown {
  if (type === 'bytes') return typeof data === 'string' ? encoder.encode(data) : data;
  if (type !== 'json') throw new Error(`Unknown stored type: ${type}`);
  return decode(JSON.parse(typeof data === 'string' ? data : decoder.decode(data)));
}

/** The same as LangGraph wants it, for whom it could be work that waits for something. */
export const stateSerializer: SerializerProtocol = {
  dumpsTyped: (value) => Promise.resolve([...pack(value)]),
  loadsTyped: (type, data) =>
    new Promise((resolve) => {
      resolve(unpack(type, data));
    }),
};

function encode(value: unknown): unknown {
  if (value === undefined) return { lc: 2, type: 'undefined' };
  if (value === null || typeof value !== 'object') return value;
  if (BaseMessage.isInstance(value)) return value.toJSON();
  if (isDeltaSnapshot(value)) {
    return { lc: 2, type: 'delta_snapshot', value: encode(value.value) };
  }
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (isSend(value)) return { node: value.node, args: encode(value.args) };
  if ('lc' in value || isEscaped(value)) return { [ESCAPED]: value };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, encode(field)]),
  );
}

function isSend(value: object): value is { node: string; args: unknown } {
  return 'lg_name' in value && value.lg_name === 'Send' && 'args' in value;
}

function isEscaped(value: object): value is { [ESCAPED]: unknown } {
  return Object.keys(value).length === 1 && Object.hasOwn(value, ESCAPED);
}

function decode(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(decode);
  if (isEscaped(value)) return value[ESCAPED];
  const fields = value as Fields;
  if (fields['lc'] === 2 && fields['type'] === 'undefined') return undefined;
  if (fields['lc'] === 2 && fields['type'] === 'delta_snapshot') {
    return new DeltaSnapshot(decode(fields['value']));
  }
  return (
    asMessage(fields) ??
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, decode(field)]))
  );
}

/** A stored message, its fields as they are; anything that only resembles one stays data. */
function asMessage(record: Fields): BaseMessage | null {
  const { lc, type, id, kwargs } = record;
  if (lc !== 1 || type !== 'constructor' || !Array.isArray(id)) return null;
  const [library, module, name] = id as unknown[];
  if (id.length !== 3 || library !== 'langchain_core' || module !== 'messages') return null;
  if (typeof name !== 'string' || !Object.hasOwn(MESSAGE_CLASSES, name)) return null;
  if (kwargs === null || typeof kwargs !== 'object') return null;
  return MESSAGE_CLASSES[name]?.(unescape(kwargs) as never) ?? null;
}

function unescape(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(unescape);
  if (isEscaped(value)) return value[ESCAPED];
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, unescape(field)]));
}
