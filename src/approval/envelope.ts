import { createHash } from 'node:crypto';
import type { Command } from '../shared/command.ts';
import type { ToolKind } from '../shared/decision.ts';
import { type Json, canonicalJson } from './canonical-json.ts';
import { sealedCommand } from './command.ts';
import type { Operation } from './operation.ts';

/** Version of the policy that judged a proposal. Counts up when what asks or is denied changes. */
export const POLICY_VERSION = 1;

/** Keeps a hash made for an approval from being taken for a hash made for anything else. */
const PREFIX = 'countersign-approval-v1';

/** What an approval is bound to, beside the operations. */
export interface Binding {
  readonly threadId: string;
  readonly interruptId: string;
  /** Random, new whenever an effect is shown; 32 hex digits. */
  readonly nonce: string;
  readonly policyVersion: number;
  readonly trusted: boolean;
}

/** What would be done. */
export interface Effect {
  readonly kind: ToolKind;
  readonly operations: readonly Operation[];
  readonly command: Command | null;
}

/** Everything that an approval is about; its hash is what is approved. */
export function envelopeOf(
  { kind, operations, command }: Effect,
  { threadId, interruptId, nonce, policyVersion, trusted }: Binding,
): Json {
  return {
    v: 1,
    kind,
    thread: threadId,
    interrupt: interruptId,
    nonce,
    policyVersion,
    trusted,
    ops: operations.map(sealed),
    ...(command === null ? {} : { command: sealedCommand(command) }),
  };
}

/** SHA-256 of an envelope in canonical form, in lower-case hex. */
export function effectHash(envelope: Json): string {
  return createHash('sha256')
    .update(`${PREFIX}\0${canonicalJson(envelope)}`)
    .digest('hex');
}

function sealed(operation: Operation): Json {
  const { op, realPath, to, folder, baseSha256, newSha256, mode, form } = operation;
  const { encoding, bom, eol } = form;
  return {
    ...{ op, path: realPath, baseSha256, newSha256, mode, encoding, bom, eol },
    ...(to === null ? {} : { to: to.realPath }),
    ...(folder === null ? {} : { folder }),
  };
}
