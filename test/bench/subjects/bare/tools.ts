import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../write.ts';

export const SYSTEM_PROMPT = 'You are a coding agent.';

const path = { type: 'string' };

/** The two tools that the script calls, as a chat-completions API wants them. */
export const DEFINITIONS = [
  tool('read_file', 'Reads a text file.', { path }),
  tool('replace_in_file', 'Replaces a text that is in a file exactly once.', {
    path,
    old_text: { type: 'string' },
    new_text: { type: 'string' },
  }),
];

function tool(name: string, description: string, properties: Record<string, unknown>) {
  const required = Object.keys(properties);
  const parameters = { type: 'object', properties, required, additionalProperties: false };
  return { type: 'function' as const, function: { name, description, parameters } };
}

export function readText(workspace: string, args: Record<string, unknown>): string {
  return readFileSync(join(workspace, String(args['path'])), 'utf8');
}

export function replaceText(workspace: string, args: Record<string, unknown>): string {
  const file = join(workspace, String(args['path']));
  const parts = readFileSync(file, 'utf8').split(String(args['old_text']));
  if (parts.length !== 2) return 'old_text is not in the file exactly once.';
  writeDurably(file, parts.join(String(args['new_text'])));
  return 'Done.';
}
