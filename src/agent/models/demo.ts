import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import {
  BaseChatModel,
  type BaseChatModelParams,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import {
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  ToolMessage,
} from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { concat } from '@langchain/core/utils/stream';
import { t } from '@vscode/l10n';
import { setImmediate } from 'node:timers/promises';
import { fenced } from '../../shared/markdown.ts';
import { wordsOf } from '../user-message.ts';
import { type DemoCall, instructionsIn, planOf, understand } from './demo-language.ts';

/**
 * A model without a model: it understands a few plain instructions and answers with real tool calls,
 * so that every other part of the extension runs as it would with a real one. Offline, no key.
 */
export class DemoModel extends BaseChatModel {
  /** It may ask, and change nothing. */
  readonly #plans: boolean;

  constructor({ plans = false, ...fields }: BaseChatModelParams & { plans?: boolean } = {}) {
    super(fields);
    this.#plans = plans;
  }

  override _llmType(): string {
    return 'countersign-demo';
  }

  /** The demo knows the tools it calls by heart; from what it gets it sees what it is to do. */
  override bindTools(tools: readonly BindToolsInput[]): DemoModel {
    const has = (name: string): boolean => JSON.stringify(tools).includes(`"${name}"`);
    return new DemoModel({ plans: has('request_clarification') && !has('write_file') });
  }

  override async _generate(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    let whole: ChatGenerationChunk | null = null;
    for await (const chunk of this._streamResponseChunks(messages, options, runManager)) {
      whole = whole === null ? chunk : concat(whole, chunk);
    }
    return { generations: whole === null ? [] : [whole] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { text, calls } = reply(messages, this.#plans);
    for (const word of text.match(/\s*\S+\s*/gu) ?? []) {
      options.signal?.throwIfAborted();
      await setImmediate();
      yield generation(new AIMessageChunk(word));
      await runManager?.handleLLMNewToken(word);
    }
    for (const [index, { name, args }] of calls.entries()) {
      const id = `demo-${messages.length}-${index}`;
      const chunk = {
        type: 'tool_call_chunk' as const,
        index,
        id,
        name,
        args: JSON.stringify(args),
      };
      yield generation(new AIMessageChunk({ content: '', tool_call_chunks: [chunk] }));
    }
    const finish_reason = calls.length > 0 ? 'tool_calls' : 'stop';
    yield generation(new AIMessageChunk({ content: '', response_metadata: { finish_reason } }));
  }
}

function generation(message: AIMessageChunk): ChatGenerationChunk {
  return new ChatGenerationChunk({ message, text: message.text });
}

const CHANGES = /write|replace|patch|move|delete/u;

interface Reply {
  readonly text: string;
  readonly calls: readonly DemoCall[];
}

function reply(messages: readonly BaseMessage[], plans: boolean): Reply {
  const sinceCalls = messages.slice(messages.findLastIndex((m) => !ToolMessage.isInstance(m)) + 1);
  if (sinceCalls.length > 0) {
    return { text: sinceCalls.map(reportOn).join('\n\n'), calls: [] };
  }
  const last = messages.findLast((message) => HumanMessage.isInstance(message));
  const instructions = instructionsIn(last === undefined ? '' : wordsOf(last));
  const calls = understand(instructions);
  if (plans && calls.some(({ name }) => CHANGES.test(name))) {
    return { text: `# ${t('Plan')}\n\n${planOf(instructions)}`, calls: [] };
  }
  return calls.length > 0 ? { text: '', calls } : { text: help(), calls: [] };
}

/** What the demo says of a tool's result: the result itself, for it has no opinion of its own. */
function reportOn(message: BaseMessage): string {
  const { text } = message;
  if (message.name === 'read_file' || message.name === 'list_files') return fenced(text);
  if (message.name === 'search_text') return fenced(text);
  if (text.startsWith('Applied. ') && !text.includes('note:')) {
    return t('Done: you approved it, and it is exactly as you saw it.');
  }
  if (text.startsWith('Applied')) return t('Done, and I was told: {0}', `\n\n${fenced(text)}`);
  if (message.name === 'request_clarification') return t('I see. {0}', text);
  const reason = /The reason: (.+)/u.exec(text)?.[1];
  if (text.startsWith('Rejected') && reason !== undefined) {
    return t('Understood, nothing was changed. You said: “{0}”', reason);
  }
  if (text.startsWith('Rejected')) return t('Understood, nothing was changed.');
  return t('Nothing was changed. {0}', text);
}

function help(): string {
  return [
    t('I am the built-in demo model: offline, and not clever. I understand these, one a line:'),
    '',
    '- `list files`',
    '- `read README.md`',
    '- `search hello`',
    '- `create notes.md with Hello`',
    '- `replace Hello with Goodbye in notes.md`',
    '- `create one.md, two.md and three.md with Hello`',
    '- `move notes.md to docs/notes.md`',
    '- `delete notes.md`',
    '- `ask me which name you prefer`',
    '',
    t('For real work, set the address of a model server in the settings.'),
  ].join('\n');
}
