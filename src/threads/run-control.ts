import { t } from '@vscode/l10n';
import { nodesOf } from '../agent/graph.ts';
import type { Breakpoints } from '../shared/breakpoints.ts';
import { UserFacingError } from '../shared/errors.ts';
import { type ForkDeps, forkThread } from './fork.ts';
import { type HistoryPage, type PageOptions, readHistory } from './history.ts';
import type { Loader } from './loader.ts';
import { type StateDeps, type ThreadState, readState } from './state.ts';
import { stateText, updateOf } from './state-text.ts';
import {
  type StateOutcome,
  type StateUpdate,
  type UpdateDeps,
  updateState,
} from './state-update.ts';

/** Where runs stop, what they stand at, and what can be done there. */
export interface RunControl {
  /** The nodes of the compiled graph. */
  nodes(): readonly string[];
  /** Where runs stop: in every thread, and in this one. */
  breakpoints(threadId: string): { readonly everywhere: Breakpoints; readonly own: Breakpoints };
  /** Durable, and heeded at once by a run that goes. @throws UserFacingError for names of no node */
  setBreakpoints(threadId: string, breakpoints: Breakpoints): Promise<void>;
  /** Those of every thread are others now. */
  breakpointsChanged(): Promise<void>;
  /** Goes on with a run that is paused, was cut off or failed; with `step`, only to the next node. */
  resume(threadId: string, step?: boolean): Promise<void>;
  /** Cuts the run off that goes; it can be continued. */
  stop(threadId: string): Promise<void>;
  /** Stops the run that goes before its next node. */
  pause(threadId: string): Promise<void>;
  /** Ends a run for good: each open call gets its one tool message, and nothing comes next. */
  cancel(threadId: string): Promise<void>;
  /** The state of a thread, at its newest checkpoint if none is named. */
  state(threadId: string, checkpointId?: string): Promise<ThreadState>;
  history(threadId: string, options?: PageOptions): Promise<HistoryPage>;
  /** Approves nothing and does nothing: what is changed is proposed anew when the run goes on. */
  updateState(threadId: string, update: StateUpdate): Promise<StateOutcome>;
  /** A new thread that begins at a checkpoint of another one. Answers its id. */
  fork(threadId: string, checkpointId: string): Promise<string>;
  /** The state as a JSON document: of the newest checkpoint, one that `applyStateText` takes back. */
  stateText(threadId: string, checkpointId?: string): Promise<string>;
  applyStateText(threadId: string, text: string): Promise<StateOutcome>;
}

export interface RunControlDeps extends StateDeps, UpdateDeps, ForkDeps {
  readonly everywhere: () => Breakpoints;
  readonly loader: Loader;
  readonly onForked: () => void;
}

export function controlRuns(deps: RunControlDeps): RunControl {
  const { agent, breakpoints, everywhere, index, loader } = deps;
  const find = (threadId: string): void => {
    if (index.find(threadId) !== null) return;
    throw new UserFacingError('notFound', t('This conversation does not exist any more.'));
  };
  const update = async (threadId: string, change: StateUpdate): Promise<StateOutcome> =>
    (await loader.load(threadId)).change(() => updateState(deps, threadId, change));
  return {
    nodes: () => nodesOf(agent),
    breakpoints: (threadId) => ({ everywhere: everywhere(), own: breakpoints.of(threadId) }),
    async setBreakpoints(threadId, chosen) {
      find(threadId);
      checkNodes(nodesOf(agent), chosen);
      await breakpoints.set(threadId, chosen);
      await loader.loaded(threadId)?.breakpointsChanged();
    },
    async breakpointsChanged() {
      for (const thread of loader.all()) await thread.breakpointsChanged();
    },
    resume: async (threadId, step = false) => (await loader.load(threadId)).resume(step),
    stop: async (threadId) => (await loader.load(threadId)).stop(),
    pause: async (threadId) => (await loader.load(threadId)).pause(),
    cancel: async (threadId) => (await loader.load(threadId)).cancel(),
    async state(threadId, checkpointId) {
      find(threadId);
      return readState(deps, threadId, checkpointId);
    },
    async history(threadId, options) {
      find(threadId);
      return readHistory(deps, threadId, options);
    },
    updateState: update,
    async fork(threadId, checkpointId) {
      const id = await forkThread(deps, threadId, checkpointId);
      deps.onForked();
      return id;
    },
    async stateText(threadId, checkpointId) {
      find(threadId);
      return stateText(await readState(deps, threadId, checkpointId));
    },
    async applyStateText(threadId, text) {
      find(threadId);
      const wanted = updateOf(text, await readState(deps, threadId));
      return 'about' in wanted ? { kind: 'refused', ...wanted } : update(threadId, wanted);
    },
  };
}

/** A name of no node would stop nothing, and look as if it did. */
export function checkNodes(nodes: readonly string[], { before, after }: Breakpoints): void {
  const unknown = [...before, ...after].find((name) => !nodes.includes(name));
  if (unknown === undefined) return;
  const message = t('The graph has no node “{0}”. It has: {1}.', unknown, nodes.join(', '));
  throw new UserFacingError('badRequest', message);
}
