import { CHANGE_GUARDS } from './change-guards.ts';
import { INPUT_GUARDS } from './input-guards.ts';
import { OUTSIDE_GUARDS } from './outside-guards.ts';
import { PAUSE_GUARDS } from './pause-guards.ts';

/** A guard of an approval, how it is taken out, and which tests have to notice. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Stands there exactly once. */
  readonly text: string;
  readonly without: string;
  readonly tests: readonly string[];
}

const PERFORM = 'src/approval/perform.ts';
const EXECUTOR = 'src/approval/executor.ts';
const DECIDING = 'src/approval/deciding.ts';
const unit = (...names: string[]): string[] => names.map((name) => `test/unit/${name}.test.ts`);

export const GUARDS: readonly Guard[] = [
  {
    name: 'base hash',
    file: PERFORM,
    text: 'if ((now === null ? null : sha256(now)) !== baseSha256) {',
    without: 'if (sha256(now ?? new Uint8Array()) === String(baseSha256).slice(1)) {',
    tests: unit('executor', 'approval-flow'),
  },
  {
    name: 'path resolved again at apply',
    file: PERFORM,
    text: 'for (const place of pathsOf([operation])) await checkPlace(place, workspace);',
    without: 'if (pathsOf([operation]).length > 9) await checkPlace(operation, workspace);',
    tests: unit('executor', 'attacks-approval'),
  },
  {
    name: 'trust at apply',
    file: PERFORM,
    text: 'if (!workspace.trusted())',
    without: 'if (workspace.trusted === null)',
    tests: unit('attacks-approval'),
  },
  {
    name: 'claim held at each file',
    file: PERFORM,
    text: 'if (!ledger.holds(claimed))',
    without: 'if (claimed.fence < 0)',
    tests: unit('executor', 'ledger', 'recovery'),
  },
  {
    name: 'preimage kept first',
    file: EXECUTOR,
    text: 'await keepPreimages(claimed, ledger, workspace);',
    without: 'void keepPreimages;',
    tests: [...unit('executor'), 'test/faults/executor-faults.test.ts'],
  },
  {
    name: 'effect hash before the claim',
    file: EXECUTOR,
    text: 'return proposal.approvedHash !== null && hashNow(proposal) === proposal.approvedHash;',
    without: 'return proposal.approvedHash !== null && hashNow(proposal) !== null;',
    tests: unit('envelope', 'attacks-effects'),
  },
  {
    name: 'a person confirms what could not be taken back',
    file: 'src/threads/decide.ts',
    text: 'if (refused !== null) return refused;',
    without: "if (refused?.kind === 'taken') return refused;",
    tests: unit('irrecoverable', 'command-flow'),
  },
  {
    name: 'a command expires',
    file: DECIDING,
    text: "if (state === 'approved' && isExpired(seen.command, recorder.now())) return 'expired';",
    without:
      "if (state === 'rejected' && isExpired(seen.command, recorder.now())) return 'expired';",
    tests: unit('command'),
  },
  {
    name: 'what may have run is not run again',
    file: 'src/approval/aftermath.ts',
    text: 'if (command !== null) return mayHaveRun(ledger, proposal, command);',
    without:
      'if (command !== null && operations.length > 9) return mayHaveRun(ledger, proposal, command);',
    tests: unit('command'),
  },
  {
    name: 'policy version',
    file: EXECUTOR,
    text: 'if (policyVersion !== deps.policyVersion) {',
    without: 'if (policyVersion === -deps.policyVersion) {',
    tests: unit('attacks-approval'),
  },
  {
    name: 'claim compares the state',
    file: 'src/approval/claiming.ts',
    text: `WHERE proposal_id = ? AND state = 'approved'\``,
    without: 'WHERE proposal_id = ?`',
    tests: unit('ledger', 'executor'),
  },
  {
    name: 'claim compares the fence at the end',
    file: 'src/approval/claiming.ts',
    text: `\`UPDATE proposals SET state = ?, reason = ?, finished_at = ?
           WHERE proposal_id = ? AND state = ? AND fence = ?\``,
    without: `\`UPDATE proposals SET state = ?, reason = ?, finished_at = ?
           WHERE proposal_id = ? AND state = ? AND fence <> -?\``,
    tests: unit('ledger'),
  },
  {
    name: 'first answer wins',
    file: DECIDING,
    text: `if (seen === null || !open.includes(seen.state)) return 'tooLate';`,
    without: `if (seen === null || open.length === 0) return 'tooLate';`,
    tests: unit('ledger', 'approval-flow'),
  },
  {
    name: 'nonce: the answer is to what is shown',
    file: DECIDING,
    text: `if (shown?.effectHash !== effectHash || interruptId === null) return 'changed';`,
    without: `if (shown === null || interruptId === null) return 'changed';`,
    tests: unit('ledger', 'clock'),
  },
  {
    name: 'a new nonce each time',
    file: 'src/approval/recording.ts',
    text: `const nonce = randomBytes(16).toString('hex');`,
    without: `const nonce = randomBytes(0).toString('hex').padEnd(32, '0');`,
    tests: unit('ledger', 'envelope'),
  },
  {
    name: 'audit in the same transaction',
    file: DECIDING,
    text: `recorder.record(proposalId, decisionEvent(decision), 'user');`,
    without: 'void decisionEvent;',
    tests: unit('audit'),
  },
  {
    name: 'audit chained',
    file: 'src/approval/audit.ts',
    text: 'rowHash(previous, row) === row.hash',
    without: 'rowHash(previous, row) !== String(row.seq)',
    tests: unit('audit', 'audit-random'),
  },
  {
    name: 'durability sync',
    file: 'src/threads/run.ts',
    text: `durability: 'sync',`,
    without: `durability: 'exit',`,
    tests: ['test/faults/crash.test.ts', 'test/faults/crash-message.test.ts'],
  },
  {
    name: 'strict resume',
    file: 'src/threads/run.ts',
    text: '__pregel_strict_resume: true',
    without: '__pregel_strict_resume: false',
    tests: ['test/architecture.test.ts'],
  },
  {
    name: 'the ledger speaks, not the resume value',
    file: 'src/agent/tool-task.ts',
    text: 'if (awaitsPerson(outcome.state)) continue;',
    without: `if (awaitsPerson(outcome.state)) { await deps.ledger.decide(proposal.proposalId, outcome.shown?.effectHash ?? '', { kind: 'approve' }); }`,
    tests: unit('attacks-approval'),
  },
  {
    name: 'exclusive creation',
    file: 'src/workspace/publishing.ts',
    text: 'await files.link(temporary, realPath);',
    without: 'await files.rename(temporary, realPath);',
    tests: unit('disk', 'disk-move', 'executor'),
  },
  {
    name: 'recheck right before the new bytes take their place',
    file: 'src/workspace/publishing.ts',
    text: 'await check(temporary);',
    without: 'void check;',
    tests: unit('executor', 'disk'),
  },
  {
    name: 'an approval nobody took asks again',
    file: 'src/approval/aftermath.ts',
    text: 'else if (proposal.undoes === null) await deps.ledger.reopen(proposal, reason);',
    without: 'else if (proposal.undoes === null) return;',
    tests: unit('recovery'),
  },
  ...(
    [
      ['src/approval/claiming.ts', "leases.guard(find(proposalId)?.threadId ?? '');"],
      ['src/approval/deciding.ts', 'recorder.leases.guard(seen.threadId);'],
      ['src/approval/ledger.ts', 'deps.leases.guard(call.threadId);'],
      ['src/approval/marking.ts', 'recorder.leases.guard(seen.threadId);'],
      ['src/approval/showing.ts', 'recorder.leases.guard(found.threadId);'],
      ['src/approval/showing.ts', 'recorder.leases.guard(seen.threadId);'],
    ] as const
  ).map(([file, text]) => ({
    name: `another window's thread, ${text}`,
    ...{ file, text, without: '', tests: unit('leases') },
  })),
  {
    name: 'a new message withdraws what waits',
    file: 'src/threads/open-calls.ts',
    text: `await ledger.finish(proposal, 'cancelled', '', 'user')`,
    without: `ledger.find(proposal.proposalId)`,
    tests: unit('approval-flow', 'history-property'),
  },
  {
    name: 'conflicts cannot be approved',
    file: 'src/approval/answers.ts',
    text: `if (decision.kind === 'approve') return approvable(proposal, ledger);`,
    without: `if (decision.kind === 'approve') return { kind: 'asShown' };`,
    tests: unit('restage', 'restage-forms', 'decisions'),
  },
  ...CHANGE_GUARDS,
  ...INPUT_GUARDS,
  ...OUTSIDE_GUARDS,
  ...PAUSE_GUARDS,
];
