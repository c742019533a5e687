import { z } from 'zod';
import type { FileChange } from '../approval/operation.ts';
import type { ToolKind } from '../shared/decision.ts';
import type { Question } from '../shared/thread-view.ts';
import type { Workspace } from '../workspace/port.ts';

/** What a tool may use while it runs. */
export interface ToolContext {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

export interface ToolResult {
  /** What the model reads. */
  readonly text: string;
  /** The outcome in a few words, for the user: "120 lines". */
  readonly detail: string;
}

interface ToolBase<A> {
  readonly name: string;
  readonly kind: ToolKind;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  readonly schema: z.ZodType<A>;
  /** For the user: what this call is about, "Read src/app.ts". Must not throw. */
  title(args: A): string;
}

/** A tool that changes nothing; it runs at once. Failures for the model are `ToolError`s. */
export interface ReadingTool<A> extends ToolBase<A> {
  run(args: A, context: ToolContext): Promise<ToolResult>;
}

/**
 * A tool that only computes an effect: what each file would be. Doing it is the executor's business,
 * after a decision, all of it or nothing.
 */
export interface ChangingTool<A> extends ToolBase<A> {
  propose(args: A, context: ToolContext): Promise<readonly FileChange[]>;
}

/** A tool that asks the user something. The answer is data for the model, never an approval. */
export interface AskingTool<A> extends ToolBase<A> {
  ask(args: A): Question;
}

/** A call whose arguments passed the tool's schema. */
export type PreparedCall = {
  readonly kind: ToolKind;
  readonly title: string;
} & (
  | { readonly run: (context: ToolContext) => Promise<ToolResult> }
  | { readonly propose: (context: ToolContext) => Promise<readonly FileChange[]> }
  | { readonly question: Question }
);

export interface Tool {
  readonly name: string;
  readonly kind: ToolKind;
  readonly does: 'reads' | 'asks' | 'changes';
  /** The tool as a chat-completions API wants it. */
  readonly definition: ToolDefinition;
  /** Checks the arguments strictly; a string says, for the model, what is wrong with them. */
  prepare(args: unknown): PreparedCall | string;
}

export interface ToolDefinition {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: Record<string, unknown>;
  };
}

/** Makes a tool of its parts. Unknown arguments are refused, like missing ones. */
export function defineTool<A>(parts: ReadingTool<A> | ChangingTool<A> | AskingTool<A>): Tool {
  const { name, kind, description, schema } = parts;
  const parameters = z.toJSONSchema(schema);
  delete parameters.$schema;
  return {
    name,
    kind,
    does: 'run' in parts ? 'reads' : 'ask' in parts ? 'asks' : 'changes',
    definition: { type: 'function', function: { name, description, parameters } },
    prepare(args) {
      const parsed = schema.safeParse(args);
      if (!parsed.success) return z.prettifyError(parsed.error);
      const checked = parsed.data;
      const title = parts.title(checked);
      if ('ask' in parts) return { kind, title, question: parts.ask(checked) };
      return 'run' in parts
        ? { kind, title, run: (context) => parts.run(checked, context) }
        : { kind, title, propose: (context) => parts.propose(checked, context) };
    },
  };
}
