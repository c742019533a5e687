/** A good answer of a model; text and arguments arrive in several pieces. */
export interface Reply {
  readonly text?: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly finish?: 'stop' | 'tool_calls' | 'length' | 'content_filter';
  /** `null` leaves the usage chunk out. */
  readonly usage?: { readonly input: number; readonly output: number } | null;
  /** Awaited between the first piece of the text and the rest: a test sees the answer half streamed. */
  readonly pause?: Promise<unknown>;
}

export interface ToolCall {
  readonly name: string;
  /** An object, or the exact text of the arguments when that is what is tested. */
  readonly args: Readonly<Record<string, unknown>> | string;
  readonly id?: string;
}

/** A short way to write a reply that calls one tool. */
export function call(name: string, args: ToolCall['args'], id?: string): Reply {
  return { toolCalls: [id === undefined ? { name, args } : { name, args, id }] };
}

/** The server-sent events of a reply; ids are unique per request `number`. */
export async function* chunksOf(
  reply: Reply,
  model: string,
  number: number,
): AsyncGenerator<string> {
  const envelope = { id: `chatcmpl-${number}`, object: 'chat.completion.chunk', created: 0, model };
  const event = (delta: unknown, finish: string | null = null): string =>
    sse({ ...envelope, choices: [{ index: 0, delta, finish_reason: finish }] });

  yield event({ role: 'assistant', content: '' });
  const pieces = split(reply.text ?? '');
  for (const [index, content] of pieces.entries()) {
    if (index === 1) await reply.pause;
    yield event({ content });
  }
  if (pieces.length < 2) await reply.pause;
  for (const [index, tool] of (reply.toolCalls ?? []).entries()) {
    const { name, args, id = `call_${number}_${index + 1}` } = tool;
    yield event({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
    });
    for (const piece of split(typeof args === 'string' ? args : JSON.stringify(args))) {
      yield event({ tool_calls: [{ index, function: { arguments: piece } }] });
    }
  }
  yield event({}, reply.finish ?? (reply.toolCalls?.length ? 'tool_calls' : 'stop'));
  if (reply.usage !== null) yield sse({ ...envelope, choices: [], usage: usageOf(reply) });
  yield 'data: [DONE]\n\n';
}

function usageOf({ usage }: Reply): Record<string, number> {
  const { input, output } = usage ?? { input: 100, output: 20 };
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function sse(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** About four pieces, never between the halves of a surrogate pair. */
function split(text: string): string[] {
  const characters = Array.from(text);
  const size = Math.max(1, Math.ceil(characters.length / 4));
  const pieces: string[] = [];
  for (let from = 0; from < characters.length; from += size) {
    pieces.push(characters.slice(from, from + size).join(''));
  }
  return pieces;
}
