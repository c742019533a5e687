import assert from 'node:assert/strict';
import type { ConfirmRequest } from '../../src/approval/confirming.ts';
import type { CommandOutcome } from '../../src/approval/run-command.ts';
import type { Command } from '../../src/shared/command.ts';
import { type BenchOptions } from '../support/core.ts';
import type { Flow } from './support/flow.ts';
import { startCommand } from './support/waiting-command.ts';

describe('a command, from its proposal to what the model is told', () => {
  let flow: Flow;
  let ran: Command[];
  let asked: ConfirmRequest[];
  let yes: boolean;
  let outcome: CommandOutcome;
  const options: BenchOptions = {
    confirm: (request) => {
      asked.push(request);
      return Promise.resolve(yes);
    },
    runner: {
      run(command) {
        ran.push(command);
        return Promise.resolve(outcome);
      },
    },
  };

  const start = async (over: Partial<Command> = {}): Promise<void> => {
    flow = await startCommand(options, over);
  };

  beforeEach(() => {
    ran = [];
    asked = [];
    yes = true;
    outcome = { kind: 'ended', detail: 'exit code 0' };
  });
  afterEach(async () => {
    await flow.close();
  });

  it('is shown exactly, asked about in the editor with all of it, run once and told', async () => {
    await start();
    const review = await flow.review();
    assert.equal((await flow.item()).title, 'Run npm test');
    assert.deepEqual(review.command?.argv, ['npm', 'test']);
    assert.deepEqual([review.files, review.risk], [[], 'high']);
    assert.ok(!JSON.stringify(await flow.bench.view(flow.id)).includes('hush'));
    await flow.takes({ kind: 'approve', note: 'go' });
    assert.match(asked[0]?.item ?? '', /^Run npm test\?/u);
    assert.match(asked[0]?.facts.join('\n') ?? '', /Argument 1: "test"\nProgram: \/usr\/bin\/npm/u);
    assert.equal(ran.length, 1);
    assert.deepEqual(ran[0]?.env.set, [{ name: 'API_KEY', value: 'hush' }]);
    assert.equal(flow.told('c'), "Run, approved by the user. The user's note: go\nexit code 0");
    assert.deepEqual(flow.events().slice(-4), ['shown', 'approved', 'claimed', 'applied']);
  });

  it('is not run without the yes of the editor', async () => {
    await start();
    yes = false;
    assert.deepEqual(await flow.answer({ kind: 'approve' }), { kind: 'dismissed' });
    assert.deepEqual(ran, []);
    await flow.takes({ kind: 'reject', reason: 'not now' });
    assert.match(flow.told('c'), /^Rejected by the user\. It was not run\. The reason: not now/u);
  });

  it('APR-14: runs as the user has changed it, which is what the editor asks about', async () => {
    await start();
    const command = { argv: ['npm', 'run', 'lint'], shell: null, timeLimit: 30 };
    await flow.takes({ kind: 'editCommand', command });
    assert.match(asked[0]?.item ?? '', /^Run npm run lint\?/u);
    assert.deepEqual(ran[0]?.argv, ['npm', 'run', 'lint']);
    assert.match(
      flow.told('c'),
      /The user changed your command before it ran, from\nnpm test \(time limit 60 s\)\nto\nnpm run lint \(time limit 30 s\)/u,
    );
    const approved = flow.bench.core.audit.rows().find(({ event }) => event === 'approved');
    assert.equal(approved?.edited, true);
  });

  it('refuses what is no command, and answers that are for files', async () => {
    await start();
    const empty = { argv: [], shell: ' ', timeLimit: 30 };
    await flow.refuses({ kind: 'editCommand', command: empty }, /no command in it/u);
    const files = [{ operation: 0, text: '' }];
    await flow.refuses({ kind: 'edit', files }, /not an answer/u);
    await flow.refuses({ kind: 'settle', way: 'again' }, /not an answer/u);
    assert.deepEqual(asked, []);
  });

  it('APR-11: approved too late, it is shown anew and asked again', async () => {
    await start({ expiresAt: Date.now() - 1 });
    // It was looked at anew before it was shown.
    assert.equal((await flow.review()).notice?.kind, 'expired');
    await flow.takes({ kind: 'approve' });
    assert.equal(ran.length, 1);
  });

  describe('that may have run', () => {
    beforeEach(async () => {
      await start();
      outcome = { kind: 'unknown', evidence: ['no exit code'] };
      await flow.takes({ kind: 'approve' });
      const review = await flow.review();
      assert.match(review.evidence.join('\n'), /^It may have run: npm test\n.*\nno exit code$/su);
      assert.equal((await flow.item()).state, 'unknown');
      outcome = { kind: 'ended', detail: 'exit code 1' };
    });

    it('stays an open question after a restart, and is not run by it', async () => {
      await flow.restart(options);
      assert.equal((await flow.item()).state, 'unknown');
      assert.equal(ran.length, 1);
    });

    it('is left as it is, and the model told that it may have run', async () => {
      await flow.takes({ kind: 'settle', way: 'keep' });
      assert.match(flow.told('c'), /^Unclear: it may have run, or may not\..*no exit code/su);
    });

    it('is proposed again, and runs once more only when that is approved', async () => {
      await flow.takes({ kind: 'settle', way: 'again' });
      assert.equal((await flow.review()).notice?.kind, 'again');
      assert.equal(ran.length, 1);
      await flow.takes({ kind: 'approve' });
      assert.equal(ran.length, 2);
      assert.match(flow.told('c'), /exit code 1/u);
    });

    it('did not run, as the user says', async () => {
      await flow.takes({ kind: 'settle', way: 'didNotRun' });
      assert.match(flow.told('c'), /^Failed: it did not run: the user has looked/u);
    });

    it('cannot be finished or rolled back as files are', async () => {
      for (const way of ['finish', 'rollBack'] as const) {
        await flow.refuses({ kind: 'settle', way }, /not an answer/u);
      }
    });
  });
});
