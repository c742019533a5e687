import type { ToolKind } from '../shared/decision.ts';
import type { Refusal } from '../shared/thread-view.ts';

/** What a run tells while it goes; together with the ledger it is all that a surface shows. */
export type AgentEvent =
  /** The guard looks at what the user said, which is stored. */
  | { readonly kind: 'checking' }
  /** The guard keeps a message from the agent. */
  | ({ readonly kind: 'refused' } & Refusal)
  /** The model is asked; all that came before is stored. */
  | { readonly kind: 'asking' }
  /** More of an answer. A new attempt at the same answer has a new id. */
  | { readonly kind: 'text'; readonly messageId: string; readonly delta: string }
  /** The answer that was streaming is whole. */
  | {
      readonly kind: 'answered';
      readonly messageId: string;
      readonly text: string;
      /** It is a plan. */
      readonly plan: boolean;
    }
  | {
      readonly kind: 'toolStarted';
      readonly toolCallId: string;
      readonly toolName: string;
      readonly toolKind: ToolKind;
      readonly title: string;
    }
  /** A proposal is frozen, or its state changed. */
  | { readonly kind: 'proposal'; readonly toolCallId: string }
  | {
      readonly kind: 'toolEnded';
      readonly toolCallId: string;
      readonly toolName: string;
      readonly failed: boolean;
      readonly detail: string;
    };

/** Where a node sends its events. */
export type EmitEvent = (event: AgentEvent) => void;
