import assert from 'node:assert/strict';
import { existsSync, linkSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { FileChange } from '../../src/approval/operation.ts';
import type { ProposalState } from '../../src/shared/decision.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { type Parts, bytesOf, makeParts } from '../unit/support/parts.ts';
import {
  type FileCall,
  type Plan,
  atCall,
  firstOf,
  fromCall,
  makeFaulty,
  recording,
} from './faulty-files.ts';
import { isTemporary } from './kill/checker.ts';

const OLD = 'as it was\n';
const NEW = 'as approved\n';
const OTHER = 'other\n';

/** An effect that writes one file, and gives another a new name and new content. */
class Mover {
  readonly calls: FileCall[] = [];
  readonly parts: Parts;
  mended = false;
  #number = 0;

  constructor(plan: Plan = () => null) {
    const until: Plan = (call) => (this.mended ? null : firstOf(recording(this.calls), plan)(call));
    const files = makeFaulty(nodeFileSystem, until);
    this.parts = makeParts({ 'a.txt': OLD, 'm.txt': OLD, 'z.txt': OTHER }, { files });
  }

  get disk(): Record<string, string> {
    const { folder } = this.parts;
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
    return Object.fromEntries(
      names
        .filter((name) => !isTemporary(name) && name !== 'sub')
        .map((name) => [name, readFileSync(this.parts.at(name), 'utf8')]),
    );
  }

  /** Approves it, with the new content or only the new name. */
  async approved(moved: string, undoes?: string): Promise<string> {
    const { ledger } = this.parts;
    const place = (path: string): { realPath: string; displayPath: string } => ({
      realPath: this.parts.at(path),
      displayPath: path,
    });
    const forth: FileChange[] = [
      { ...place('a.txt'), base: bytesOf(OLD), next: bytesOf(NEW) },
      { ...place('m.txt'), to: place('sub/n.txt'), base: bytesOf(OLD), next: bytesOf(moved) },
    ];
    const back: FileChange[] = [
      { ...place('sub/n.txt'), to: place('m.txt'), base: bytesOf(moved), next: bytesOf(OLD) },
      { ...place('a.txt'), base: bytesOf(NEW), next: bytesOf(OLD) },
    ];
    const call = { threadId: 't', toolCallId: `c${this.#number++}` };
    const frozen = await ledger.freeze(call, 'move', undoes === undefined ? forth : back, {
      ...(undoes === undefined ? {} : { undoes }),
    });
    await ledger.ask(frozen.proposalId, `i${this.#number}`, true);
    await this.parts.decide(frozen.proposalId, { kind: 'approve' });
    return frozen.proposalId;
  }

  state(proposalId: string): ProposalState {
    return this.parts.find(proposalId).state;
  }
}

const BEFORE = { 'a.txt': OLD, 'm.txt': OLD, 'z.txt': OTHER };
const after = (moved: string): Record<string, string> => ({
  'a.txt': NEW,
  'sub/n.txt': moved,
  'z.txt': OTHER,
});

describe('a move with a change, and a write beside it', () => {
  for (const moved of [NEW, OLD]) {
    const what = moved === OLD ? 'a new name' : 'a new name and content';
    for (const code of ['ENOSPC', 'EIO', 'EROFS', 'EBUSY', 'EMFILE']) {
      it(`FS-04, FS-22: ${what}, ${code} at any call: done, or as it was`, async () => {
        for (let number = 1; ; number++) {
          const mover = new Mover(atCall(number, { code, when: 'before' }));
          const proposalId = await mover.approved(moved);
          const { state } = await mover.parts.executor.apply(proposalId);
          const { name = '', path = '' } = mover.calls[number - 1] ?? {};
          const done = state === 'applied';
          assert.deepEqual(mover.disk, done ? after(moved) : BEFORE, `${state}, ${name} ${path}`);
          assert.ok(['applied', 'failed', 'stale', 'proposed'].includes(state), state);
          const ended = mover.calls.length < number;
          mover.parts.close();
          if (ended) break;
        }
      }).timeout(60_000);
    }

    it(`FS-04, FS-22: ${what}, the disk gone from any call on: nothing lost, and said`, async () => {
      for (let number = 1; ; number++) {
        const mover = new Mover(fromCall(number, { code: 'EIO', when: 'before' }));
        const proposalId = await mover.approved(moved);
        const { state, reason } = await mover.parts.executor.apply(proposalId);
        const { disk } = mover;
        assert.ok(Object.values(disk).every((text) => [OLD, NEW, OTHER].includes(text)));
        assert.ok('m.txt' in disk || 'sub/n.txt' in disk);
        if (state === 'applied') assert.deepEqual(disk, after(moved));
        else if (state !== 'partial' && state !== 'unknown') assert.deepEqual(disk, BEFORE);
        else assert.match(reason, /\na\.txt is [^\n]+\nm\.txt → sub\/n\.txt is /u);
        const ended = mover.calls.length < number;
        mover.parts.close();
        if (ended) break;
      }
    }).timeout(60_000);

    /** What the disk may look like when the process was killed within an undo of it. */
    const HALF: [string, (mover: Mover) => void][] = [
      ['before anything', () => undefined],
      [
        'with the old name beside the new one',
        ({ parts }) => {
          linkSync(parts.at('sub/n.txt'), parts.at('m.txt'));
        },
      ],
      [
        'with the old name and not yet the old content',
        ({ parts }) => {
          linkSync(parts.at('sub/n.txt'), parts.at('m.txt'));
          rmSync(parts.at('sub/n.txt'));
        },
      ],
      [
        'with the move taken back, and not the write',
        ({ parts }) => {
          rmSync(parts.at('sub/n.txt'));
          writeFileSync(parts.at('m.txt'), OLD);
        },
      ],
    ];
    for (const [how, cut] of HALF) {
      it(`${what}: an undo that was killed ${how} is put back by the next process`, async () => {
        const mover = new Mover();
        const { executor, ledger } = mover.parts;
        const applied = await mover.approved(moved);
        await executor.apply(applied);
        const undo = await mover.approved(moved, applied);
        assert.notEqual(await ledger.claim(undo), null);
        cut(mover);
        await executor.recover('t');
        assert.deepEqual(mover.disk, after(moved));
        assert.equal(mover.state(undo), 'failed');
        assert.equal(existsSync(mover.parts.at('m.txt')), false);
        mover.parts.close();
      });
    }

    it(`${what}: an undo of which something is neither is left as it is, and the rest put back`, async () => {
      const mover = new Mover();
      const { executor, ledger } = mover.parts;
      const applied = await mover.approved(moved);
      await executor.apply(applied);
      const undo = await mover.approved(moved, applied);
      await ledger.claim(undo);
      linkSync(mover.parts.at('sub/n.txt'), mover.parts.at('m.txt'));
      rmSync(mover.parts.at('sub/n.txt'));
      writeFileSync(mover.parts.at('a.txt'), 'mine\n');
      await executor.recover('t');
      assert.deepEqual(mover.disk, { ...after(moved), 'a.txt': 'mine\n' });
      assert.equal(mover.state(undo), 'unknown');
      mover.parts.close();
    });
  }
});
