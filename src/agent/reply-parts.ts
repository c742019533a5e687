import type { AIMessageChunk, ToolCallChunk, UsageMetadata } from '@langchain/core/messages';

/** A tool call as the server sent it: nothing of it is checked yet. */
export interface RawCall {
  readonly id: string | null;
  readonly name: string;
  readonly args: string;
}

/** A streamed reply, whole as far as it came. */
export interface RawReply {
  readonly text: string;
  readonly calls: readonly RawCall[];
  /** Every reason for the end that the server gave; none if the stream just stopped. */
  readonly finishReasons: readonly string[];
  readonly usage: UsageMetadata | null;
}

interface OpenCall {
  readonly id: string | null;
  readonly index: number | null;
  name: string;
  args: string;
}

/**
 * Puts the pieces of a streamed reply together. LangChain's own merging (core 1.4.0) keeps only the
 * last part of a name sent in two, joins a reason for the end that is sent twice into one that nobody
 * knows, and runs two calls without ids into one.
 */
export class ReplyParts {
  readonly #texts: string[] = [];
  readonly #calls: OpenCall[] = [];
  readonly #finishReasons = new Set<string>();
  #usage: UsageMetadata | null = null;
  #length = 0;

  /** Characters received. */
  get length(): number {
    return this.#length;
  }

  add(chunk: AIMessageChunk): void {
    const { text } = chunk;
    if (text !== '') this.#texts.push(text);
    this.#length += text.length;
    for (const piece of chunk.tool_call_chunks ?? []) this.#addPiece(piece);
    const reason: unknown = chunk.response_metadata['finish_reason'];
    if (typeof reason === 'string') this.#finishReasons.add(reason);
    this.#usage = (chunk.usage_metadata as UsageMetadata | undefined) ?? this.#usage;
  }

  whole(): RawReply {
    return {
      text: this.#texts.join(''),
      calls: this.#calls.map(({ id, name, args }) => ({ id, name, args })),
      finishReasons: [...this.#finishReasons],
      usage: this.#usage,
    };
  }

  #addPiece({ id, index, name = '', args = '' }: ToolCallChunk): void {
    const piece = { id: id === '' ? null : (id ?? null), index: index ?? null, name, args };
    this.#length += name.length + args.length;
    const call = this.#calls.findLast((open) => continues(open, piece));
    if (call === undefined) {
      this.#calls.push(piece);
      return;
    }
    // Some servers say the whole name with every piece, others a part of it with each.
    if (call.name !== name) call.name += name;
    call.args += args;
  }
}

/** By index where the server counts, and never across two ids. */
function continues(open: OpenCall, piece: OpenCall): boolean {
  if (open.index !== piece.index) return false;
  if (piece.id !== null) return open.id === piece.id;
  return piece.name === '' || !isWhole(open.args);
}

function isWhole(args: string): boolean {
  try {
    JSON.parse(args);
    return true;
  } catch {
    return false;
  }
}
