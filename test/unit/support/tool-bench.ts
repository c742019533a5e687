import assert from 'node:assert/strict';
import type { FileChange } from '../../../src/approval/operation.ts';
import { ToolError } from '../../../src/shared/errors.ts';
import type { ToolContext, ToolResult } from '../../../src/tools/tool.ts';
import { findTool } from '../../../src/tools/registry.ts';
import { type Parts, makeParts } from './parts.ts';

export type Args = Record<string, unknown>;

/** Calls tools on a folder of files, as a task of the agent does. */
export class ToolBench {
  readonly parts: Parts;

  constructor(files: Record<string, string | Uint8Array>) {
    this.parts = makeParts(files);
  }

  get folder(): string {
    return this.parts.folder;
  }

  async run(name: string, args: Args, signal = new AbortController().signal): Promise<ToolResult> {
    const prepared = findTool(name)!.prepare(args);
    assert.ok(typeof prepared !== 'string' && 'run' in prepared, JSON.stringify(prepared));
    return prepared.run(this.#context(signal));
  }

  /** The one change that a call proposes. */
  async propose(name: string, args: Args): Promise<FileChange> {
    const [change, ...more] = await this.proposeAll(name, args);
    assert.ok(change !== undefined && more.length === 0);
    return change;
  }

  async proposeAll(name: string, args: Args): Promise<readonly FileChange[]> {
    const prepared = findTool(name)!.prepare(args);
    assert.ok(typeof prepared !== 'string' && 'propose' in prepared, JSON.stringify(prepared));
    return prepared.propose(this.#context(new AbortController().signal));
  }

  #context(signal: AbortSignal): ToolContext {
    return { workspace: this.parts.workspace, signal };
  }
}

/** The text that a change leads to; null if the file goes away. */
export function textOf({ next }: FileChange): string | null {
  return next === null ? null : Buffer.from(next).toString();
}

/** It fails with words for the model. */
export function fails(doing: Promise<unknown>, words: RegExp): Promise<void> {
  return assert.rejects(doing, (error) => {
    assert.ok(error instanceof ToolError, String(error));
    assert.match(error.message, words);
    return true;
  });
}
