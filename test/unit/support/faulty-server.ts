import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawAnswer } from '../../support/model-server.ts';

/** One case of `test/cases/llm-faults.json`. */
export interface Fault {
  readonly name: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunksBase64?: readonly string[];
  readonly bytesBase64?: string;
  readonly body?: string;
  readonly end?: 'close' | 'destroy';
  readonly hang?: 'headers' | 'after first chunk';
}

const path = join(import.meta.dirname, '../../cases/llm-faults.json');

export const FAULTS = JSON.parse(readFileSync(path, 'utf8')) as readonly Fault[];

export function fault(name: string): Fault {
  const found = FAULTS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`No case ${name}`);
  return found;
}

/** What the server sends for a case, write by write. */
export function answerOf({ status, headers, end, ...sent }: Fault): RawAnswer {
  return {
    raw: writesOf(sent),
    ...(status === undefined ? {} : { status }),
    ...(headers === undefined ? {} : { headers }),
    ...(end === undefined ? {} : { end }),
  };
}

function writesOf({ chunksBase64, bytesBase64, body }: Partial<Fault>): (string | Uint8Array)[] {
  if (chunksBase64 !== undefined) return chunksBase64.map((chunk) => Buffer.from(chunk, 'base64'));
  if (bytesBase64 === undefined) return [body ?? ''];
  return [...Buffer.from(bytesBase64, 'base64')].map((byte) => Uint8Array.of(byte));
}

/** One event of a chat-completions stream. */
export function event(delta: unknown, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices })}\n\n`;
}

interface CallDelta {
  readonly index?: number;
  readonly id?: string;
  readonly name?: string;
  readonly args?: string;
}

/** An event with a piece of a tool call. */
export function piece({ index, id, name, args }: CallDelta): string {
  const call = { index, id, type: 'function', function: { name, arguments: args } };
  return event({ role: 'assistant', tool_calls: [call] });
}

/** A stream of these pieces of tool calls that ends as it should. */
export function calling(...pieces: readonly CallDelta[]): RawAnswer {
  return { raw: [...pieces.map(piece), event({}, 'tool_calls'), 'data: [DONE]\n\n'] };
}

/** Prose that ends as it should. */
export function saying(text: string): RawAnswer {
  return { raw: [event({ role: 'assistant', content: text }), event({}, 'stop')] };
}
