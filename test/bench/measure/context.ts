import type { ScriptedServer } from '../server/client.ts';
import type { StepScript } from '../script.ts';
import { writeFiles } from '../script.ts';
import { type Subject } from '../subjects.ts';
import type { Job } from '../subjects/job.ts';
import type { Programs } from '../support/bundles.ts';
import { type Running, startSubject } from '../support/child.ts';
import { makeFolder } from '../support/folders.ts';

/** What every measurement needs. */
export interface Context {
  readonly server: ScriptedServer;
  readonly programs: Programs;
  /** Arguments for Node, for the processes that `profile` is meant for. */
  readonly profileArgs: readonly string[];
  /** How often a single figure is taken; the median counts. */
  readonly repeats: number;
  /** A failure of correctness: goes to the log, the results and the exit code. */
  problem(where: string, what: string): void;
}

/** A workspace and a storage folder, and the jobs of one subject on them. */
export interface Bed {
  readonly workspace: string;
  readonly storage: string;
  start(job: Partial<Job>, nodeArgs?: readonly string[]): Running;
}

export function makeBed({ server, programs }: Context, subject: Subject, files: StepScript): Bed {
  const workspace = makeFolder('workspace');
  const storage = makeFolder('storage');
  writeFiles(files, workspace);
  return {
    workspace,
    storage,
    start: (job, nodeArgs = []) =>
      startSubject(
        programs.of(subject),
        {
          kind: 'turns',
          baseUrl: server.baseUrl,
          workspace,
          storage,
          threadId: null,
          prompts: [],
          rounds: 1,
          holdAt: null,
          corePath: programs.corePath,
          compareWrites: false,
          ...job,
        },
        nodeArgs,
      ),
  };
}
