import assert from 'node:assert/strict';
import type { Confirm, ConfirmRequest } from '../../src/approval/confirming.ts';
import { affectedBy, irrecoverableIn } from '../../src/approval/irrecoverable.ts';
import type { Decision } from '../../src/shared/decision.ts';
import { changeOf, locate } from '../../src/tools/change.ts';
import { createDiskWorkspace } from '../../src/workspace/disk.ts';
import { FakeEditor } from '../support/fake-editor.ts';
import { Flow, create, remove } from './support/flow.ts';
import { bytesOf, makeParts } from './support/parts.ts';

const SETTINGS = '.vscode/settings.json';

describe('what could not be taken back', () => {
  const asks = (path: string, op: 'write' | 'delete' | 'move' = 'write', to?: string): string[] => [
    ...irrecoverableIn([
      {
        ...{ realPath: `/p/${path}`, displayPath: path, op, warnings: [] },
        to: to === undefined ? null : { realPath: `/p/${to}`, displayPath: to },
      },
    ]),
  ];

  for (const path of [
    ...[SETTINGS, '.VSCODE/Settings.json', 'sub/.vscode/tasks.json', 'x.code-workspace'],
    ...['.mcp.json', '.cursor/mcp.json', '.claude/settings.json', '.codex/config.toml'],
    ...['.roo/mcp.json', '.gemini/settings.json', '.kiro/x', '.countersign/policy.json'],
    ...['AGENTS.md', '.git/hooks/pre-commit'],
  ]) {
    it(`is a change of ${path}, by whatever verb`, () => {
      for (const op of ['write', 'delete'] as const) {
        const [only, ...more] = asks(path, op);
        assert.ok(only?.includes(path));
        assert.deepEqual(more, []);
      }
      assert.equal(asks(path, 'move', 'notes.txt').length, 1);
      assert.equal(asks('notes.txt', 'move', path).length, 1);
    });
  }

  it('is not what an undo brings back: any other file, deleted or not', () => {
    for (const path of ['src/a.ts', 'package.json', '.env', 'vscode/settings.json']) {
      assert.deepEqual(asks(path), []);
      assert.deepEqual(asks(path, 'delete'), []);
    }
  });

  it('is what steers something as seen from a folder around the one that is open, too', async () => {
    const parts = makeParts({ [SETTINGS]: '{}' });
    const workspace = createDiskWorkspace(
      new FakeEditor([
        { name: 'project', path: parts.folder },
        { name: 'settings', path: parts.at('.vscode') },
      ]),
    );
    const located = await locate(workspace, 'settings/settings.json');
    assert.equal(located.displayPath, 'settings/settings.json');
    const change = affectedBy(changeOf(located, bytesOf('{"a": 1}')));
    assert.match(irrecoverableIn([change]).join(), /^Change settings\/settings\.json\?/u);
    parts.close();
  });
});

describe('approving what could not be taken back', () => {
  let flow: Flow;
  let requests: ConfirmRequest[];
  /** What is answered to each question; yes without. */
  let answers: (request: ConfirmRequest) => boolean | Promise<boolean>;
  const confirm: Confirm = async (request) => {
    requests.push(request);
    return answers(request);
  };
  const items = (): string[] => requests.map(({ item }) => /\S+(?=\?)/u.exec(item)?.[0] ?? '');
  const start = async (nobody = false): Promise<void> => {
    flow = await Flow.startWith(
      nobody ? {} : { confirm },
      {},
      {
        calls: [create('c', { 'b.txt': 'b\n', [SETTINGS]: '{}\n', 'x.code-workspace': '{}\n' })],
      },
    );
  };
  const nothingDone = async (): Promise<void> => {
    assert.deepEqual(
      ['b.txt', SETTINGS, 'x.code-workspace'].map((path) => flow.onDisk(path)),
      [null, null, null],
    );
    assert.equal(flow.events().includes('approved'), false);
    assert.equal((await flow.item('c')).state, 'proposed');
  };

  beforeEach(() => {
    requests = [];
    answers = () => true;
  });
  afterEach(async () => {
    await flow.close();
  });

  const APPROVING: readonly Decision[] = [
    { kind: 'approve' },
    { kind: 'edit', files: [{ operation: 0, text: 'mine\n' }] },
    { kind: 'partial', files: [{ operation: 1, changes: 'all' }], reason: '' },
  ];
  for (const decision of APPROVING) {
    it(`${decision.kind}: is refused in words where nobody can be asked`, async () => {
      await start(true);
      await flow.refuses(decision, /settings\.json\?.*in the editor only/u);
      await nothingDone();
    });

    it(`${decision.kind}: a no leaves everything, and the card can be answered again`, async () => {
      await start();
      answers = () => false;
      assert.deepEqual(await flow.answer(decision), { kind: 'dismissed' });
      await nothingDone();
      assert.deepEqual(items(), [SETTINGS]);
      answers = () => true;
      await flow.takes(decision);
      assert.equal(flow.onDisk(SETTINGS), '{}\n');
    });
  }

  it('asks about one thing after the other, as far as the answers are yes', async () => {
    await start();
    answers = ({ number }) => number === 1;
    assert.deepEqual(await flow.answer({ kind: 'approve' }), { kind: 'dismissed' });
    await nothingDone();
    assert.deepEqual(items(), [SETTINGS, 'x.code-workspace']);
    assert.deepEqual(
      requests.map(({ number, total, title }) => [number, total, title]),
      [
        [1, 2, 'Change 3 files'],
        [2, 2, 'Change 3 files'],
      ],
    );
    answers = () => true;
    await flow.takes({ kind: 'approve' });
    const approved = flow.bench.core.audit.rows().find(({ event }) => event === 'approved');
    assert.equal(approved?.by, 'user');
  });

  it('asks only about what the decision takes', async () => {
    await start();
    const files = [0, 2].map((operation) => ({ operation, changes: 'all' as const }));
    await flow.takes({ kind: 'partial', files, reason: 'no settings' });
    assert.deepEqual(items(), ['x.code-workspace']);
    assert.equal(flow.onDisk(SETTINGS), null);
  });

  for (const decision of [
    { kind: 'reject', reason: 'no' },
    { kind: 'redirect', instruction: 'else' },
    { kind: 'doneByHand' },
    { kind: 'partial', files: [{ operation: 0, changes: 'all' }], reason: '' },
  ] satisfies Decision[]) {
    it(`asks nothing for ${decision.kind} of what is harmless`, async () => {
      await start(true);
      await flow.takes(decision);
    });
  }

  it('looks again after the answer: what was edited meanwhile is not approved', async () => {
    await start();
    const { proposalId, effectHash } = await flow.review();
    answers = async () => {
      await flow.bench.core.threads.edit(proposalId, effectHash, new Map([[1, '{"a":1}']]));
      return true;
    };
    assert.deepEqual(await flow.answer({ kind: 'approve' }), { kind: 'changed' });
    await nothingDone();
    assert.deepEqual(items(), [SETTINGS, 'x.code-workspace']);
  });

  it('looks again after the answer: what was rejected meanwhile stays rejected', async () => {
    await start();
    let rejecting = false;
    answers = async () => {
      if (!rejecting) await flow.takes({ kind: 'reject', reason: 'no' });
      return (rejecting = true);
    };
    const item = await flow.item();
    const { interruptId, effectHash } = item.review!;
    const shown = { interruptId: interruptId!, effectHash };
    const outcome = await flow.bench.core.threads.decide(flow.id, shown, { kind: 'approve' });
    assert.deepEqual(outcome, { kind: 'tooLate', state: 'rejected' });
    assert.equal(flow.onDisk('b.txt'), null);
  });

  it('asks before an undo and a redo of it as well', async () => {
    await start();
    await flow.takes({ kind: 'approve' });
    const { proposalId } = await flow.review('c');
    const { threads } = flow.bench.core;
    answers = () => false;
    assert.equal((await threads.undo(flow.id, proposalId, 'undo')).kind, 'refused');
    assert.equal(flow.onDisk(SETTINGS), '{}\n');
    answers = () => true;
    assert.equal((await threads.undo(flow.id, proposalId, 'undo')).kind, 'done');
    answers = () => false;
    assert.equal((await threads.undo(flow.id, proposalId, 'redo')).kind, 'refused');
    assert.equal(flow.onDisk(SETTINGS), null);
  });

  it('takes what an undo brings back as it was, bytes and all, after a folder was deleted', async () => {
    flow = await Flow.startWith(
      {},
      { '.gitignore': 'build\n', 'build/out.js': 'ignored\n' },
      { calls: [remove('c', 'build')] },
    );
    assert.deepEqual((await flow.review()).irrecoverable, []);
    await flow.takes({ kind: 'approve' });
    const { proposalId } = await flow.review('c');
    await flow.bench.core.threads.undo(flow.id, proposalId, 'undo');
    assert.equal(flow.onDisk('build/out.js'), 'ignored\n');
  });
});
