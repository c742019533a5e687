import { cpSync } from 'node:fs';
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
  /** The same workspace with a copy of what is stored now. */
  copy(): Bed;
}

export function makeBed(context: Context, subject: Subject, files: StepScript): Bed {
  const workspace = makeFolder('workspace');
  writeFiles(files, workspace);
  return bedOn(context, subject, { workspace, storage: makeFolder('storage') });
}

function bedOn(
  context: Context,
  subject: Subject,
  { workspace, storage }: Pick<Bed, 'workspace' | 'storage'>,
): Bed {
  const { server, programs } = context;
  return {
    workspace,
    storage,
    copy() {
      const copied = makeFolder('storage');
      cpSync(storage, copied, { recursive: true });
      return bedOn(context, subject, { workspace, storage: copied });
    },
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
          maintenancePath: programs.maintenancePath,
          compareWrites: false,
          ...job,
        },
        nodeArgs,
      ),
  };
}
