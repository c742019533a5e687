import assert from 'node:assert/strict';
import { toReviewView } from '../../src/approval/review.ts';
import type { ReviewView } from '../../src/shared/thread-view.ts';
import { type Parts, makeParts } from './support/parts.ts';

describe('the review of a proposal', () => {
  let parts: Parts;
  const reviewOf = async (path: string, next: string | null): Promise<ReviewView> =>
    toReviewView(await parts.propose({ [path]: next }), parts.ledger);

  beforeEach(() => {
    parts = makeParts({
      'a.txt': 'old\n',
      'long.txt': `${'x'.repeat(100_000)}\n`,
      '.git/config': '',
      '.vscode/settings.json': '',
      '.env.local': '',
      'sub/AGENTS.md': '',
      'x.code-workspace': '',
    });
  });
  afterEach(() => {
    parts.close();
  });

  it('shows the frozen bytes, whatever is on disk by now', async () => {
    const { added, removed, files } = await reviewOf('a.txt', 'new\n');
    const [file] = files;
    assert.deepEqual([added, removed, file?.change], [1, 1, 'edit']);
    assert.deepEqual(
      file?.diff.map(({ kind, text }) => [kind, text]),
      [
        ['removed', 'old'],
        ['added', 'new'],
      ],
    );
  });

  it('says that a file is new or goes away', async () => {
    const made = await reviewOf('new.txt', 'one\ntwo\n');
    assert.deepEqual([made.files[0]?.change, made.added], ['create', 2]);
    const gone = await reviewOf('a.txt', null);
    assert.deepEqual([gone.files[0]?.change, gone.removed], ['delete', 1]);
    assert.equal(gone.risk, 'high');
  });

  it('leaves rows out and says how many', async () => {
    const { diff, moreRows } = (await reviewOf('new.txt', 'line\n'.repeat(1000))).files[0]!;
    assert.equal(diff.length + moreRows, 1000);
    assert.ok(moreRows > 0);
  });

  it('cuts a long row and says how much of it is left out', async () => {
    const { diff } = (await reviewOf('long.txt', `${'y'.repeat(100_000)}\n`)).files[0]!;
    for (const { text } of diff) {
      assert.ok(text.length < 2000);
      const [, shown = '', rest] = /^([xy]+)\[… (\d+) more characters\]$/u.exec(text) ?? [];
      assert.equal(shown.length + Number(rest), 100_000);
    }
  });

  it('counts what is hidden, also in rows and characters that it leaves out', async () => {
    const hidden = `${'line\n'.repeat(500)}${'z'.repeat(5000)}\u202e\n`;
    assert.equal((await reviewOf('new.txt', hidden)).hiddenCharacters, 1);
  });

  it('shown again reads no file again, and one that was edited alone', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `${at}.txt`);
    const proposal = await parts.propose(Object.fromEntries(names.map((name) => [name, 'new\n'])));
    const read: string[] = [];
    const bytes = (hash: string): Uint8Array => {
      read.push(hash);
      return parts.ledger.bytes(hash);
    };
    const ledger = { ...parts.ledger, bytes };
    toReviewView(proposal, ledger);
    read.length = 0;
    assert.equal(toReviewView(proposal, ledger).progress?.total, 20);
    assert.deepEqual(read, []);
    const typed = await Promise.all(
      names.map((name) => parts.change(name, name === '7.txt' ? 'typed\n' : 'new\n')),
    );
    const revision = { origin: 'edited', changes: typed, stacked: false, reason: '' } as const;
    assert.ok(await parts.ledger.revise(proposal, { ...revision, isAgents: false }));
    const { progress } = toReviewView(parts.find(proposal.proposalId), ledger);
    assert.deepEqual([progress?.edited, progress?.open], [1, 19]);
    assert.ok(read.length < 8, `${read.length} reads`);
  });

  for (const path of [
    '.git/config',
    '.GIT/hooks/pre-commit',
    '.vscode/settings.json',
    '.VSCode/tasks.json',
    '.env.local',
    'sub/AGENTS.md',
    'x.code-workspace',
    'deep/er/.env',
  ]) {
    it(`of ${path} is of high risk`, async () => {
      assert.equal((await reviewOf(path, 'new')).risk, 'high');
    });
  }

  for (const path of ['a.txt', '.gitignore', 'git/config', 'vscode/x']) {
    it(`of ${path} is not of high risk`, async () => {
      assert.equal((await reviewOf(path, 'new')).risk, 'low');
    });
  }
});
