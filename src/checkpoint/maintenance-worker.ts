import { Worker } from 'node:worker_threads';
import { messageOf } from '../shared/lifecycle.ts';
import type { FromWorker, JobKind, JobRequest, JobResult, ToWorker, WorkerData } from './jobs.ts';
import { after } from './timing.ts';

/** The maintenance worker, seen from the thread that everybody waits for. */
export interface Maintenance {
  /**
   * Starts the worker if it does not run.
   * @param noteAt the time at which the job is noted as done; it is not noted without
   * @throws Error saying what went wrong
   */
  run<K extends JobKind>(
    job: K,
    request: JobRequest<K>,
    noteAt?: number | null,
  ): Promise<JobResult<K>>;
  /** While true, no step of what takes long begins. */
  hold(held: boolean): void;
  /** Waits a short time for the transaction that goes. */
  close(): Promise<void>;
}

/** How long a transaction may take to end when the editor is closed, in milliseconds. */
const PATIENCE = 1000;
/** Of the worker's own memory. If it needs more, it ends, and nothing else does. */
const MEGABYTES = 128;

/**
 * @param path of the worker's code
 * @param folder in which the database is
 */
export function createMaintenance(path: string, folder: string): Maintenance {
  let current: RunningWorker | null = null;
  let held = false;
  let closed = false;
  const ending = new Set<Promise<void>>();
  const end = (worker: RunningWorker): void => {
    if (current === worker) current = null;
    const ended = worker.stop().finally(() => ending.delete(ended));
    ending.add(ended);
  };
  return {
    async run(job, request, noteAt = null) {
      if (closed) throw new Error('The database is closed');
      const worker = (current ??= new RunningWorker(path, { folder, held }));
      try {
        return await worker.run(job, request, noteAt);
      } finally {
        // With nothing to do it would only take up memory.
        if (!worker.busy) end(worker);
      }
    },
    hold(next) {
      held = next;
      current?.tell({ kind: 'hold', held });
    },
    async close() {
      closed = true;
      if (current !== null) end(current);
      await Promise.all(ending);
    },
  };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

class RunningWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #last = 0;

  constructor(path: string, data: WorkerData) {
    this.#worker = new Worker(path, {
      workerData: data,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: FromWorker) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('result' in answer) waiting?.resolve(answer.result);
      else waiting?.reject(new Error(answer.problem));
    });
    this.#worker.on('error', (error) => {
      this.#fail(messageOf(error));
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail('The maintenance worker has ended');
        resolve();
      });
    });
  }

  /** True while somebody waits for an answer. */
  get busy(): boolean {
    return this.#waiting.size > 0;
  }

  run<K extends JobKind>(
    job: K,
    request: JobRequest<K>,
    noteAt: number | null,
  ): Promise<JobResult<K>> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: (result) => {
          resolve(result as JobResult<K>);
        },
        reject,
      });
      this.tell({ kind: 'job', id, job, request, noteAt });
    });
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  async stop(): Promise<void> {
    const tooLong = after(PATIENCE, () => void this.#worker.terminate());
    this.tell({ kind: 'stop' });
    await this.#ended;
    tooLong.dispose();
  }

  #fail(problem: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(problem));
    this.#waiting.clear();
  }
}
