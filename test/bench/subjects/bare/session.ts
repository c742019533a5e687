import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Session } from '../process.ts';
import { type Ask, closeConnections } from './ask.ts';
import type { Call, Reply } from './reply.ts';
import { DEFINITIONS, SYSTEM_PROMPT, readText, replaceText } from './tools.ts';

const THREAD = 'thread';
const SYSTEM = JSON.stringify({ role: 'system', content: SYSTEM_PROMPT });
const TAIL = `],"tools":${JSON.stringify(DEFINITIONS)},"stream":true}`;

/**
 * The floor: what no agent can do without, and nothing else. Every message is serialised once, for
 * the request and for the file.
 */
export function openBareLoop({ job, approval }: Host, ask: Ask): Session {
  mkdirSync(job.storage, { recursive: true });
  const path = join(job.storage, `${THREAD}.jsonl`);
  const known = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  const file = openSync(path, 'a');
  let messages = [SYSTEM, ...known].join(',');

  const add = (message: unknown): void => {
    const text = JSON.stringify(message);
    writeSync(file, `${text}\n`);
    messages += `,${text}`;
  };
  const perform = async ({ id, name, args }: Call): Promise<void> => {
    const read = JSON.parse(args) as Record<string, unknown>;
    if (name !== 'read_file') await approval(THREAD, id);
    const work = name === 'read_file' ? readText : replaceText;
    add({ role: 'tool', tool_call_id: id, content: work(job.workspace, read) });
  };
  const loop = async (): Promise<void> => {
    for (;;) {
      const { text, calls } = await ask(
        job.baseUrl,
        `{"model":"scripted","messages":[${messages}${TAIL}`,
      );
      add({
        role: 'assistant',
        content: text,
        ...(calls.length > 0 && { tool_calls: toJson(calls) }),
      });
      for (const call of calls) await perform(call);
      if (calls.length === 0) return;
    }
  };
  return {
    threadId: THREAD,
    async turn(prompt) {
      add({ role: 'user', content: prompt });
      await loop();
    },
    async carryOn() {
      for (const call of openCalls(known.at(-1))) await perform(call);
      await loop();
    },
    reopen: () => Promise.resolve(),
    close() {
      closeSync(file);
      closeConnections();
      return Promise.resolve();
    },
  };
}

function toJson(calls: Reply['calls']) {
  return calls.map(({ id, name, args }) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  }));
}

/** The calls of the last message, if the process ended before they were answered. */
function openCalls(last: string | undefined): Call[] {
  const { tool_calls: calls = [] } = JSON.parse(last ?? '{}') as {
    tool_calls?: ReturnType<typeof toJson>;
  };
  return calls.map((call) => ({
    id: call.id,
    name: call.function.name,
    args: call.function.arguments,
  }));
}
