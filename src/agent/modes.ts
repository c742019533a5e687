import type { Mode } from '../shared/mode.ts';
import { TOOLS } from '../tools/registry.ts';
import type { Tool, ToolDefinition } from '../tools/tool.ts';

const DEFINITIONS: Readonly<Record<Mode, readonly ToolDefinition[]>> = {
  ask: definitionsIn('ask'),
  plan: definitionsIn('plan'),
  act: definitionsIn('act'),
};

/** The tools that the model gets in a mode, always in the same order. */
export function toolsOf(mode: Mode): readonly ToolDefinition[] {
  return DEFINITIONS[mode];
}

export function isBound(tool: Tool, mode: Mode): boolean {
  switch (mode) {
    case 'ask':
      return tool.does === 'reads';
    case 'plan':
      return tool.does !== 'changes';
    case 'act':
      return true;
  }
}

/** The answer to a call of a tool that the mode has not. */
export function unboundText(name: string, mode: Mode): string {
  const only = mode === 'ask' ? 'only reads' : 'reads and plans';
  return `${name} is not there in the mode "${mode}", which ${only}.`;
}

const NOTES: Readonly<Record<Mode, string>> = {
  ask: 'Only look and answer: nothing can be changed in this mode.',
  plan: 'Nothing can be changed in this mode. Look, and then answer with a plan in Markdown: what would be changed, in which files, in which order, and what is open. The user may change the plan before it is carried out.',
  act: 'Changes can be proposed again.',
};

/**
 * What a message says of the mode that it is sent in; null in `act`, unless another went before. It is
 * part of that message, so that no earlier one is ever another than it was.
 */
export function modeNote(mode: Mode, before: Mode): string | null {
  return mode === 'act' && before === 'act' ? null : `[Mode: ${mode}. ${NOTES[mode]}]`;
}

function definitionsIn(mode: Mode): readonly ToolDefinition[] {
  return TOOLS.filter((tool) => isBound(tool, mode)).map((tool) => tool.definition);
}
