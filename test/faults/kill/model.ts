import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { ChatGenerationChunk } from '@langchain/core/outputs';
import { type ScriptedReply, ScriptedModel } from '../../support/scripted-model.ts';
import type { Asked } from './lines.ts';
import type { Scenario } from './scenario.ts';

/** Says the scenario's lines, wherever in the conversation it is asked: after a restart, too. */
export class ScenarioModel extends ScriptedModel {
  readonly #replies: readonly ScriptedReply[];
  readonly #onAsked: (messages: readonly Asked[]) => void;

  constructor({ turns }: Scenario, onAsked: (messages: readonly Asked[]) => void) {
    super([]);
    this.#onAsked = onAsked;
    this.#replies = turns.flatMap(({ text, calls }) => [
      ...(calls.length === 0 ? [] : [{ calls }]),
      { text: `That was ${text}` },
    ]);
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
  ): AsyncGenerator<ChatGenerationChunk> {
    this.#onAsked(messages.map(asked));
    const said = messages.filter((message) => AIMessage.isInstance(message)).length;
    const reply = this.#replies[said];
    yield* new ScriptedModel(reply === undefined ? [] : [reply])._streamResponseChunks(
      messages,
      options,
    );
  }
}

function asked(message: BaseMessage): Asked {
  const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
  return {
    type: message.type,
    calls: calls.map(({ id = '' }) => id),
    answers: ToolMessage.isInstance(message) ? message.tool_call_id : null,
    text: message.text.slice(0, 200),
  };
}
