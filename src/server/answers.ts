import { z } from 'zod';
import type { CommandView } from '../shared/command.ts';
import { type Decision } from '../shared/decision.ts';
import { MAX_TEXT, isDecision } from '../shared/decision-shape.ts';
import { MODES } from '../shared/mode.ts';

// Everything that goes over the wire, in the shapes in which it is checked and described.

/** Characters of a question. */
const MAX_QUESTION = 200_000;

const place = z.int().nonnegative();
const note = z.string().max(MAX_TEXT).optional();
const reason = z.string().max(MAX_TEXT);
const lines = z.union([
  z.literal('all'),
  z.strictObject({ removed: z.array(place), added: z.array(place) }),
]);
const changes = z.union([
  z.literal('all'),
  z.array(z.strictObject({ change: place, lines })).min(1),
]);

/** As `Decision`; what a list may not name twice is checked by `isDecision`. */
const decision = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('approve'), note }),
    z.strictObject({
      kind: z.literal('edit'),
      files: z.array(z.strictObject({ operation: place, text: z.string().max(MAX_TEXT) })).min(1),
      note,
    }),
    z.strictObject({
      kind: z.literal('editCommand'),
      command: z.strictObject({
        argv: z.array(z.string()),
        shell: z.string().nullable(),
        timeLimit: place,
      }),
      note,
    }),
    z.strictObject({ kind: z.literal('editArguments'), arguments: z.string().max(MAX_TEXT) }),
    z.strictObject({
      kind: z.literal('partial'),
      files: z.array(z.strictObject({ operation: place, changes })).min(1),
      reason,
    }),
    z.strictObject({ kind: z.literal('reject'), reason }),
    z.strictObject({
      kind: z.literal('redirect'),
      instruction: z.string().min(1).max(MAX_QUESTION),
      mode: z.enum(MODES).optional(),
    }),
    z.strictObject({ kind: z.literal('respond'), answer: z.string().max(MAX_TEXT) }),
    z.strictObject({ kind: z.literal('doneByHand'), note }),
    z.strictObject({
      kind: z.literal('settle'),
      way: z.enum(['keep', 'finish', 'rollBack', 'again', 'didNotRun']),
    }),
  ])
  .refine(isDecision, 'no decision')
  .transform((value) => value as Decision);

export const sessionId = z.string().regex(/^[\w-]{1,100}$/u);
const interrupt_id = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('Which of the tool calls that wait; needed if several do.');
const effect_hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/u)
  .optional()
  .describe('What was shown, and is answered. Needed once several effects were shown for it.');

export const startBody = z.strictObject({
  question: z.string().trim().min(1).max(MAX_QUESTION),
  session_id: sessionId.optional().describe('Goes on with this session; a new one without.'),
  mode: z.enum(MODES).optional(),
});
export const approveBody = z.strictObject({
  interrupt_id,
  effect_hash,
  reason: z.string().max(MAX_TEXT).optional().describe('A note for the agent.'),
});
export const rejectBody = z.strictObject({
  interrupt_id,
  effect_hash,
  reason: z.string().max(MAX_TEXT).default('Rejected by user'),
});
export const decideBody = z.strictObject({ interrupt_id, effect_hash, decision });
export const emptyBody = z.strictObject({});

const file = z.object({
  operation: place,
  change: z.enum(['create', 'edit', 'delete', 'move']),
  path: z.string(),
  to: z.string().nullable(),
  added: z.number(),
  removed: z.number(),
});

export const pendingToolCall = z.object({
  id: z.string().describe('Of the tool call.'),
  interrupt_id: z.string(),
  session_id: z.string(),
  name: z.string().describe('Of the tool.'),
  args: z.unknown().describe('As the model gave them, or the user changed them.'),
  kind: z.string(),
  title: z.string(),
  state: z.string().describe('proposed; partial or unknown: whether it happened is not clear.'),
  diff: z
    .string()
    .describe('All that would happen to files, from the bytes that would be written.'),
  effect_hash: z.string().describe('Names exactly this effect.'),
  files: z.array(file),
  command: z.unknown().describe('What would be run, or null.'),
  question: z.object({ text: z.string(), choices: z.array(z.string()) }).nullable(),
  approvable: z.boolean(),
  why: z.string().describe('Which rule asks.'),
  risk: z.enum(['low', 'high']),
  warnings: z.array(z.string()),
  hidden_characters: z.number(),
  irrecoverable: z.array(z.string()).describe('What of it could not be taken back.'),
  notice: z.string().nullable(),
  evidence: z.array(z.string()),
});

export const complete = z.object({
  status: z.literal('complete'),
  session_id: z.string(),
  answer: z.string(),
});
export const pendingApproval = z.object({
  status: z.literal('pending_approval'),
  session_id: z.string(),
  pending_tool_calls: z.array(pendingToolCall),
});
/** Where a run has led. */
export const outcome = z.discriminatedUnion('status', [complete, pendingApproval]);
export const sessionState = z.discriminatedUnion('status', [
  complete,
  pendingApproval,
  z.object({ status: z.literal('running'), session_id: z.string() }),
  z.object({
    status: z.literal('unfinished').describe('POST /chat/resume goes on.'),
    session_id: z.string(),
    failure: z.string().nullable(),
  }),
]);
export const approvals = z.object({ pending_tool_calls: z.array(pendingToolCall) });
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  next_step: z.string(),
  session_id: z.string().optional(),
  pending_tool_calls: z.array(pendingToolCall).optional(),
});

export type StartBody = z.infer<typeof startBody>;
export type DecideBody = z.infer<typeof decideBody>;
export type Outcome = z.infer<typeof outcome>;
export type SessionState = z.infer<typeof sessionState>;
export type PendingToolCall = Omit<z.infer<typeof pendingToolCall>, 'command'> & {
  readonly command: CommandView | null;
};
