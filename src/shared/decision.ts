/** What a person answers to a proposal. The first answer to an interrupt wins. */
export type Decision =
  { readonly kind: 'approve' } | { readonly kind: 'reject'; readonly reason: string };

/** What became of an answer: taken, or too late because the interrupt was answered before. */
export type DecisionOutcome =
  { readonly kind: 'taken' } | { readonly kind: 'tooLate'; readonly state: ProposalState };

/** The ledger's states of a proposal. `stale` and `failed` mean that nothing was changed. */
export type ProposalState =
  | 'proposed'
  | 'approved'
  | 'claimed'
  | 'applied'
  | 'rejected'
  | 'stale'
  | 'failed'
  | 'unknown'
  | 'cancelled';

/** The Agent Client Protocol's kinds of tool, https://agentclientprotocol.com/protocol/tool-calls. */
export type ToolKind =
  'read' | 'search' | 'edit' | 'delete' | 'move' | 'execute' | 'fetch' | 'other';
