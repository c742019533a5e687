import assert from 'node:assert/strict';
import { COMMAND_LIFETIME, checkCommand } from '../../src/approval/command.ts';
import { commandFacts, commandTitle, commandView } from '../../src/approval/command-words.ts';
import { type Binding, effectHash, envelopeOf } from '../../src/approval/envelope.ts';
import type { CommandOutcome } from '../../src/approval/run-command.ts';
import { toReviewView } from '../../src/approval/review.ts';
import type { Command } from '../../src/shared/command.ts';
import type { Proposal } from '../../src/approval/proposal.ts';
import { ToolError } from '../../src/shared/errors.ts';
import { tamper } from '../support/tamper.ts';
import { type Parts, makeParts } from './support/parts.ts';

const SAMPLE: Command = {
  file: '/usr/bin/npm',
  argv: ['npm', 'test', '--', 'a b'],
  shell: null,
  cwd: '/p',
  env: { set: [{ name: 'CI', value: '1' }], unset: ['HOME'] },
  timeLimit: 60,
  expiresAt: 1_000_000,
};
const shellText = (shell: string): Command => ({ ...SAMPLE, file: null, argv: [], shell });

describe('a command, exactly', () => {
  const BINDING: Binding = {
    ...{ threadId: 't', interruptId: 'i', nonce: '0'.repeat(32), policyVersion: 1, trusted: true },
  };
  const hashOf = (command: Command | null): string =>
    effectHash(envelopeOf({ kind: 'execute', operations: [], command }, BINDING));

  const OTHERS: Record<string, Partial<Command>> = {
    program: { file: '/tmp/npm' },
    'an argument': { argv: ['npm', 'test', '--', 'a  b'] },
    'where an argument ends': { argv: ['npm', 'test', '--', 'a', 'b'] },
    shell: { shell: 'npm test' },
    folder: { cwd: '/q' },
    'a value': { env: { set: [{ name: 'CI', value: '0' }], unset: ['HOME'] } },
    'a variable that goes': { env: { ...SAMPLE.env, unset: [] } },
    'the time limit': { timeLimit: 61 },
    expiry: { expiresAt: 1_000_001 },
  };
  for (const [what, other] of Object.entries(OTHERS)) {
    it(`has another hash with another ${what}`, () => {
      assert.notEqual(hashOf({ ...SAMPLE, ...other }), hashOf(SAMPLE));
    });
  }

  it('is not the same as no command, and has its environment in the envelope by a hash only', () => {
    assert.notEqual(hashOf(null), hashOf(SAMPLE));
    const envelope = JSON.stringify(
      envelopeOf({ kind: 'execute', operations: [], command: SAMPLE }, BINDING),
    );
    assert.ok(!envelope.includes('"CI"'));
    assert.match(envelope, /"envSha256":"[0-9a-f]{64}"/u);
  });

  for (const [why, wrong] of Object.entries({
    'no program': { argv: [] },
    'both a program and a shell': { shell: 'ls' },
    'CMD-28: a control character': { argv: ['echo', '\u0003'] },
    'CMD-28: an escape': { argv: ['echo', '\u001b[2J'] },
    'CMD-02: a carriage return': { argv: ['ls\rtouch x'] },
    'CMD-02: a line separator': { argv: ['ls\u2028touch x'] },
    'half a character': { argv: ['echo', '\ud800'] },
    'a variable without a name': { env: { set: [{ name: '', value: '1' }], unset: [] } },
    'a variable set and unset': { env: { ...SAMPLE.env, unset: ['CI'] } },
    'no time': { timeLimit: 0 },
  } satisfies Record<string, Partial<Command>>)) {
    it(`is refused with ${why}`, () => {
      assert.throws(() => checkCommand({ ...SAMPLE, ...wrong }), ToolError);
    });
  }

  it('is said in words: each argument, and what cannot be seen', () => {
    const view = commandView(SAMPLE);
    assert.equal(commandTitle(SAMPLE), 'Run npm test -- "a b"');
    const facts = commandFacts(view).join('\n');
    assert.match(facts, /Argument 3: "a b"\n/u);
    assert.match(facts, /Environment: CI is "1"\nEnvironment: without HOME\n/u);
    assert.match(facts, /npm runs scripts of the project/u);
    const unseen = (command: Command): string => commandView(command).unseen.join('\n');
    assert.match(unseen(shellText('rm -rf $DIR')), /A shell reads this/u);
    assert.match(unseen({ ...SAMPLE, argv: ['python3', '-c', 'x'] }), /python3 runs code/u);
    assert.match(unseen({ ...SAMPLE, argv: ['./frobnicate'] }), /What frobnicate does/u);
    assert.match(unseen({ ...SAMPLE, file: null, argv: ['ls'] }), /Which program answers/u);
    assert.equal(unseen({ ...SAMPLE, file: '/bin/ls', argv: ['ls'] }), '');
    const env = { set: [{ name: 'LD_PRELOAD', value: '/tmp/x.so' }], unset: [] };
    assert.match(unseen({ ...SAMPLE, env }), /LD_PRELOAD can make/u);
  });

  it('names what looks like a secret, and shows it to nobody', () => {
    const set = [
      { name: 'NPM_TOKEN', value: 'abc' },
      { name: 'URL', value: 'https://me:pw@example.com' },
      { name: 'X', value: 'ghp_0123456789' },
      { name: 'Y', value: 'dGhpcyBpcyBhIHZlcnkgbG9uZyBzZWNyZXQh' },
      { name: 'LEVEL', value: 'debug' },
    ];
    const view = commandView({ ...SAMPLE, env: { set, unset: [] } });
    assert.deepEqual(
      view.env.map(({ change, value }) => [change, value]),
      [...Array.from({ length: 4 }, () => ['hidden', '']), ['set', 'debug']],
    );
  });

  it('TXT-02: shows what turns the direction of the text', () => {
    assert.equal(
      commandTitle(shellText('echo \u202etxt.exe\nls')),
      'Run echo <U+202E>txt.exe ⏎ ls',
    );
  });
});

describe('a command on its way', () => {
  let parts: Parts;
  let time: number;
  let ran: Command[];
  let outcome: () => Promise<CommandOutcome>;

  const start = (runner = true): void => {
    const run = (command: Command): Promise<CommandOutcome> => {
      ran.push(command);
      return outcome();
    };
    parts = makeParts({}, { now: () => time, ...(runner ? { runner: { run } } : {}) });
  };
  const propose = async (over: Partial<Command> = {}): Promise<Proposal> => {
    const command = { ...SAMPLE, cwd: parts.folder, expiresAt: time + COMMAND_LIFETIME, ...over };
    const call = { threadId: 't', toolCallId: `c${Math.random()}` };
    const { proposalId } = await parts.ledger.freeze(call, 'execute', [], { command });
    await parts.ledger.ask(proposalId, `interrupt-${proposalId}`, true);
    return parts.find(proposalId);
  };
  const approved = async (over?: Partial<Command>): Promise<Proposal> => {
    const proposal = await propose(over);
    assert.equal(await parts.decide(proposal.proposalId, { kind: 'approve' }), 'taken');
    return proposal;
  };
  const apply = async ({ proposalId }: Proposal): Promise<[string, string]> => {
    const { state, reason } = await parts.executor.apply(proposalId);
    return [state, reason];
  };

  beforeEach(() => {
    time = 1;
    ran = [];
    outcome = () => Promise.resolve({ kind: 'ended', detail: 'exit code 0' });
    start();
  });
  afterEach(() => {
    parts.close();
  });

  it('is run once, exactly as it was shown, and cannot be undone', async () => {
    const proposal = await approved();
    assert.deepEqual(await apply(proposal), ['applied', 'exit code 0']);
    assert.deepEqual(await apply(proposal), ['applied', 'exit code 0']);
    assert.deepEqual(ran, [proposal.command]);
    assert.equal(toReviewView(parts.find(proposal.proposalId), parts.ledger).undo, null);
  });

  it('fails in words where nothing can run it', async () => {
    parts.close();
    start(false);
    const [state, reason] = await apply(await approved());
    assert.equal(state, 'failed');
    assert.match(reason, /nothing was run/u);
  });

  it('APR-05: is not run if the stored command is another than the approved one', async () => {
    const proposal = await approved();
    const sql = `UPDATE proposals SET command = replace(command, '"test"', '"publish"')`;
    assert.equal(tamper(parts.database, sql), 1);
    assert.equal((await apply(proposal))[0], 'failed');
    assert.deepEqual(ran, []);
  });

  it('APR-11: is not approved after its time, nor run', async () => {
    const late = await propose();
    const early = await approved();
    time += COMMAND_LIFETIME;
    assert.equal(await parts.decide(late.proposalId, { kind: 'approve' }), 'expired');
    assert.equal(parts.find(late.proposalId).state, 'proposed');
    assert.equal((await apply(early))[0], 'proposed');
    assert.deepEqual(ran, []);
    const anew = parts.find(early.proposalId);
    assert.equal(anew.command?.expiresAt, time + COMMAND_LIFETIME);
    assert.equal(toReviewView(anew, parts.ledger).notice?.kind, 'expired');
    assert.notEqual(anew.shown?.effectHash, early.shown?.effectHash);
    assert.equal(await parts.decide(late.proposalId, { kind: 'reject', reason: '' }), 'taken');
  });

  it('APR-11: is looked at anew after the editor was started again', async () => {
    const waiting = await propose();
    const cutOff = await approved();
    await parts.executor.recover('t');
    for (const [before, kind] of [
      [waiting, 'expired'],
      [cutOff, 'interrupted'],
    ] as const) {
      const after = parts.find(before.proposalId);
      assert.equal(after.state, 'proposed');
      assert.equal(toReviewView(after, parts.ledger).notice?.kind, kind);
      assert.equal(parts.ledger.ofCall(before)?.revision, 1);
      const old = before.shown?.effectHash ?? '';
      const late = await parts.ledger.decide(before.proposalId, old, { kind: 'approve' });
      assert.equal(late, 'changed');
    }
  });

  it('is an open question where it may have run, with evidence, and is never run again by itself', async () => {
    outcome = () => Promise.reject(new Error('the pipe broke'));
    const thrown = await approved();
    assert.equal((await apply(thrown))[0], 'unknown');
    const claimed = await approved({ argv: ['npm', 'publish'] });
    await parts.ledger.claim(claimed.proposalId);
    await parts.executor.recover('t');
    for (const { proposalId } of [thrown, claimed]) {
      const proposal = parts.find(proposalId);
      const { evidence } = toReviewView(proposal, parts.ledger);
      assert.equal(proposal.state, 'unknown');
      assert.match(evidence.join('\n'), /It may have run: npm (?:test|publish).*\nIn the folder/u);
      await parts.executor.recover('t');
      await parts.executor.apply(proposalId);
    }
    assert.equal(ran.length, 1);
  });

  it('is not run in a folder that leads out of the workspace, nor without trust', async () => {
    assert.match((await apply(await approved({ cwd: '/' })))[1], /not a folder of the workspace/u);
    const proposal = await approved();
    parts.editor.isTrusted = false;
    assert.match((await apply(proposal))[1], /not trusted/u);
    assert.deepEqual(ran, []);
  });
});
