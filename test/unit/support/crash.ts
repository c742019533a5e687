import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeGraph } from '../../../src/agent/graph.ts';
import { createExecutor } from '../../../src/approval/executor.ts';
import { createLedger } from '../../../src/approval/ledger.ts';
import { createBlobStore } from '../../../src/checkpoint/blobs.ts';
import { openDatabase } from '../../../src/checkpoint/database.ts';
import { CheckpointSaver } from '../../../src/checkpoint/saver.ts';
import type { ProposalState } from '../../../src/shared/decision.ts';
import { createDiskWorkspace } from '../../../src/workspace/disk.ts';
import { makeFolder } from '../../support/core.ts';

const CHILD = join(import.meta.dirname, '../../support/crash-child.ts');

/** Every file: before anything, and after everything; null where there is none. */
const FILES: Record<string, [before: string | null, after: string | null]> = {
  '1.txt': ['one', 'one-one'],
  'new/2.txt': [null, 'two\n'],
  '3.txt': ['three', null],
  '4.txt': ['four', 'four'],
  '5.txt': ['five', 'five'],
};

/** The only ways to end here, and how the model is told of them. */
const WORDS: Partial<Record<ProposalState, string>> = {
  applied: 'Applied',
  rejected: 'Rejected',
  failed: 'Failed',
};

/** Shared, so that only the first process has to compile everything. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };

/** A folder and a storage on which one process after the other works, and is killed. */
export class CrashSite {
  readonly folder = makeFolder({
    '1.txt': 'one',
    '3.txt': 'three',
    '4.txt': 'four',
    '5.txt': 'five',
  });
  readonly storage = makeFolder();
  /** All that the processes said, in order. */
  readonly said: string[] = [];
  /** The states that proposals had when a process had been killed. */
  readonly found: ProposalState[][] = [];

  /** Runs a process until it says a point, and kills it there. */
  async killAt(point: string): Promise<void> {
    const child = this.#start(point);
    const lines = createInterface({ input: child.stdout! });
    for await (const line of lines) {
      this.said.push(line);
      if (line !== point) continue;
      child.kill('SIGKILL');
      break;
    }
    await ended(child);
    assert.equal(this.said.at(-1), point, 'The process ended before it came there');
    this.check();
  }

  /** Runs a process and kills it once it has said so many lines, or lets it end. */
  async killAfter(lines: number, turns: number): Promise<void> {
    const child = this.#start('');
    let left = lines;
    for await (const line of createInterface({ input: child.stdout! })) {
      this.said.push(line);
      if (--left > 0) continue;
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      break;
    }
    child.kill('SIGKILL');
    await ended(child);
    this.check();
  }

  /** Runs a process to its end. */
  async finish(): Promise<void> {
    const child = this.#start('');
    const errors: string[] = [];
    child.stderr!.on('data', (data) => errors.push(String(data)));
    for await (const line of createInterface({ input: child.stdout! })) this.said.push(line);
    await ended(child);
    assert.equal(this.said.at(-1), 'finished', errors.join(''));
    this.check();
  }

  /** What holds at every moment: whole files, and no effect that nobody approved. */
  check(): void {
    for (const [path, [before, after]] of Object.entries(FILES)) {
      const now = this.#read(path);
      assert.ok(now === before || now === after, `${path} has ${JSON.stringify(now)}`);
      if (now !== before)
        assert.ok(this.said.includes(`deciding ${path}`), `${path}: not approved`);
    }
    if (!existsSync(join(this.storage, 'countersign.sqlite'))) return;
    const { states } = this.#stored();
    this.found.push(Object.values(states));
    for (const [path, state] of Object.entries(states)) {
      const now = this.#read(path);
      const [before = null, after = null] = FILES[path] ?? [];
      if (state === 'applied') assert.equal(now, after, path);
      if (state === 'proposed' || state === 'approved' || state === 'rejected') {
        assert.equal(now, before, `${path} is ${state}`);
      }
    }
  }

  /** What holds in the end: every effect that was approved, once, and one answer to each call. */
  async checkEnd(): Promise<void> {
    const { states } = this.#stored();
    for (const [path, state] of Object.entries(states)) {
      const [before = null, after = null] = FILES[path] ?? [];
      assert.equal(this.#read(path), state === 'applied' ? after : before, `${path} is ${state}`);
    }
    assert.equal(states['4.txt'], 'rejected');
    assert.equal(states['5.txt'], 'rejected');
    const rest = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      rest.filter((name) => name.includes('.countersign-')),
      [],
    );
    const messages = await this.messages();
    const calls = messages.flatMap((one) => (AIMessage.isInstance(one) ? one.tool_calls! : []));
    const answers = messages.filter((one) => ToolMessage.isInstance(one));
    assert.equal(calls.length, 5);
    assert.deepEqual(
      answers.map((one) => one.tool_call_id),
      calls.map(({ id }) => id),
    );
    for (const [index, path] of Object.keys(FILES).entries()) {
      const told = answers[index]!.text;
      const word = WORDS[states[path]!];
      assert.ok(word !== undefined && told.startsWith(word), `${path}, ${states[path]!}: ${told}`);
    }
    assert.deepEqual(
      messages.map(({ type }) => type),
      ['human', 'ai', ...Array.from({ length: 5 }, () => 'tool'), 'ai'],
    );
  }

  get states(): Record<string, ProposalState> {
    return this.#stored().states;
  }

  /** The conversation as it is stored. */
  async messages(): Promise<readonly BaseMessage[]> {
    const database = openDatabase(this.storage);
    const ledger = createLedger(database, createBlobStore(database), () => 0);
    const workspace = createDiskWorkspace({
      folders: () => [],
      hasUnsavedChanges: () => false,
      moveToTrash: () => Promise.resolve(false),
    });
    const graph = makeGraph({
      workspace,
      ledger,
      executor: createExecutor({ ledger, workspace }),
      model: () => Promise.reject(new Error('Nothing is asked here')),
      checkpointer: new CheckpointSaver(database),
    });
    const thread_id = String(database.get('SELECT thread_id FROM threads')?.['thread_id']);
    const { values } = (await graph.getState({ configurable: { thread_id } })) as {
      values: { messages: BaseMessage[] };
    };
    database.close();
    return values.messages;
  }

  remove(): void {
    for (const path of [this.folder, this.storage]) rmSync(path, { recursive: true });
  }

  #start(point: string): ChildProcess {
    return spawn(process.execPath, [CHILD, this.folder, this.storage, point], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
  }

  #read(path: string): string | null {
    const full = join(this.folder, path);
    return existsSync(full) ? readFileSync(full, 'utf8') : null;
  }

  #stored(): { states: Record<string, ProposalState> } {
    const database = openDatabase(this.storage);
    const rows = database.all('SELECT display_path, state FROM proposals ORDER BY rowid');
    database.close();
    return {
      states: Object.fromEntries(
        rows.map((row) => [String(row['display_path']), row['state'] as ProposalState]),
      ),
    };
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
