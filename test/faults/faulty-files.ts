import type { FileHandle } from 'node:fs/promises';
import type { FileSystem } from '../../src/workspace/file-system.ts';

/** One call of the file system, before it is made. */
export interface FileCall {
  /** Counted from 1 over all calls, those of open files included. */
  readonly number: number;
  /** `rename`, `open`, and of an open file `handle.write`, … */
  readonly name: string;
  /** Of the file, also for the calls of an open one. */
  readonly path: string;
  /** What is put here instead is what the call gets. */
  readonly args: unknown[];
}

export interface Fault {
  /** The operating system's name for it: `ENOSPC`. */
  readonly code: string;
  /**
   * `before`: nothing is done. `partly`: half of what is to be written is; other calls do nothing.
   * `after`: all of it is done and reported as failed, as a network share may.
   */
  readonly when: 'before' | 'partly' | 'after';
}

/** Sees every call right before it is made, and says whether it is to fail. */
export type Plan = (call: FileCall) => Fault | null;

/** A file system whose calls fail by a plan. Files are closed even by a `close` that fails. */
export function makeFaulty(files: FileSystem, plan: Plan): FileSystem {
  let calls = 0;
  const perform = async (
    name: string,
    path: string,
    args: unknown[],
    call: (args: unknown[]) => Promise<unknown>,
  ): Promise<unknown> => {
    const fault = plan({ number: ++calls, name, path, args });
    if (fault === null) return call(args);
    if (fault.when === 'after' || name === 'handle.close') {
      const answer = await call(args);
      if (name === 'open') await (answer as FileHandle).close();
    }
    if (fault.when === 'partly' && name === 'handle.write') await call(halfOf(args));
    throw Object.assign(new Error(`${fault.code}: ${name} '${path}'`), {
      code: fault.code,
      syscall: name,
      path,
    });
  };
  const counted = <Target extends object>(target: Target, prefix: string, path?: string): Target =>
    new Proxy(target, {
      get(_, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function' || typeof property === 'symbol') return value;
        return (...args: unknown[]) => {
          const of = path ?? String(args[0]);
          return perform(prefix + property, of, args, async (made) => {
            const answer: unknown = await Reflect.apply(value, target, made);
            return prefix === '' && property === 'open'
              ? counted(answer as FileHandle, 'handle.', of)
              : answer;
          });
        };
      },
    });
  return counted({ ...files }, '');
}

/** The call of this number fails, and no other. */
export function atCall(number: number, fault: Fault): Plan {
  return (call) => (call.number === number ? fault : null);
}

/** From the call of this number on, all fail, as when a disk is gone. */
export function fromCall(number: number, fault: Fault): Plan {
  return (call) => (call.number >= number ? fault : null);
}

/** Of a plan's faults the first that there is. */
export function firstOf(...plans: readonly Plan[]): Plan {
  return (call) => plans.reduce<Fault | null>((found, plan) => found ?? plan(call), null);
}

/** Notes down each call, and lets it be. */
export function recording(calls: FileCall[]): Plan {
  return (call) => {
    calls.push(call);
    return null;
  };
}

/** The arguments of a `write` of half as many bytes. */
function halfOf([bytes, offset, length]: readonly unknown[]): unknown[] {
  return [bytes, offset, Math.floor(Number(length) / 2)];
}
