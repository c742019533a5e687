import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Proposal } from '../../src/approval/proposal.ts';
import { type Parts, makeParts, snapshot } from './support/parts.ts';

describe('after a crash', () => {
  let parts: Parts;
  const at = (path: string): string => join(parts.folder, path);
  const onDisk = (path: string): string => readFileSync(at(path), 'utf8');
  const approved = (path: string, next: string | null): Promise<string> =>
    parts.approved({ [path]: next });
  const claimed = async (path: string, next: string | null): Promise<string> => {
    const proposalId = await approved(path, next);
    assert.notEqual(await parts.ledger.claim(proposalId), null);
    return proposalId;
  };
  const recovered = async (proposalId: string): Promise<Proposal> => {
    await parts.executor.recover('t');
    return parts.ledger.find(proposalId)!;
  };

  beforeEach(() => {
    parts = makeParts({ 'a.txt': 'old', 'sub/b.txt': 'b' });
  });
  afterEach(() => {
    parts.close();
  });

  it('an approved proposal that nobody took asks again', async () => {
    const proposal = await recovered(await approved('a.txt', 'new'));
    assert.equal(proposal.state, 'proposed');
    assert.equal(onDisk('a.txt'), 'old');
  });

  const CLAIMED: [string, string, string | null, string | null, string][] = [
    ['the new bytes', 'a.txt', 'new', 'new', 'applied'],
    ['the old bytes', 'a.txt', 'new', 'old', 'proposed'],
    ['other bytes', 'a.txt', 'new', 'mine', 'unknown'],
    ['no file', 'a.txt', 'new', null, 'unknown'],
    ['the new file', 'new.txt', 'new', 'new', 'applied'],
    ['no new file', 'new.txt', 'new', null, 'proposed'],
    ['another new file', 'new.txt', 'new', 'theirs', 'unknown'],
    ['no file, as was approved', 'a.txt', null, null, 'applied'],
    ['the file that was to be deleted', 'a.txt', null, 'old', 'proposed'],
    ['another file than was to be deleted', 'a.txt', null, 'mine', 'unknown'],
  ];
  for (const [what, path, next, found, state] of CLAIMED) {
    it(`a claimed proposal with ${what} on disk is ${state}`, async () => {
      const id = await claimed(path, next);
      if (found === null) rmSync(at(path), { force: true });
      else writeFileSync(at(path), found);
      const before = snapshot(parts.folder);
      assert.equal((await recovered(id)).state, state);
      assert.deepEqual(snapshot(parts.folder), before);
    });
  }

  it('a claimed proposal with a folder in its place is unknown', async () => {
    const id = await claimed('a.txt', 'new');
    rmSync(at('a.txt'));
    mkdirSync(at('a.txt'));
    assert.equal((await recovered(id)).state, 'unknown');
  });

  it('the rest of a write is swept', async () => {
    const id = await claimed('a.txt', 'new');
    let rest = '';
    const seen = parts.workspace.replace(at('a.txt'), Uint8Array.of(1), () => {
      rest = readdirSync(parts.folder).find((name) => name.startsWith('.countersign')) ?? '';
      return Promise.reject(new Error('stopped'));
    });
    await assert.rejects(seen, /stopped/u);
    assert.notEqual(rest, '');
    writeFileSync(at(rest), 'half');
    assert.equal((await recovered(id)).state, 'proposed');
    assert.equal(existsSync(at(rest)), false);
  });

  it('what is settled stays as it is', async () => {
    const id = await approved('a.txt', 'new');
    await parts.executor.apply(id);
    writeFileSync(at('a.txt'), 'mine');
    assert.equal((await recovered(id)).state, 'applied');
  });
});
