import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { nodesOf } from '../agent/graph.ts';
import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import { pathsOf } from '../approval/operation.ts';
import type { Proposal } from '../approval/proposal.ts';
import type { Breakpoints } from '../shared/breakpoints.ts';
import type { Decision, DecisionOutcome, Shown } from '../shared/decision.ts';
import { UserFacingError } from '../shared/errors.ts';
import { type Disposable, type Event, createEmitter } from '../shared/lifecycle.ts';
import type { Mode } from '../shared/mode.ts';
import type { UndoOutcome } from '../shared/protocol.ts';
import type {
  NumberedEvent,
  Resend,
  ThreadEvent,
  ThreadSnapshot,
  ThreadView,
  ToolItem,
  UndoKind,
} from '../shared/thread-view.ts';
import { argumentsOf } from './arguments.ts';
import { waitingIn } from './asked.ts';
import { type Answering, decide } from './decide.ts';
import { type MarkChanges, marking } from './mark-changes.ts';
import { editProposal } from './edit-proposal.ts';
import { type Loader, createLoader } from './loader.ts';
import { type RunControl, checkNodes, controlRuns } from './run-control.ts';
import { type KeptThreadList, type ThreadList, createThreadList } from './thread-list.ts';
import { type Plans, planning } from './plans.ts';
import { titleFor } from './thread-title.ts';
import type { ThreadDeps } from './thread-deps.ts';

/** An approval that waits, as a surface announces it. */
export interface Asked {
  readonly threadId: string;
  readonly threadTitle: string;
  readonly item: ToolItem;
}

export interface SendOptions {
  /** Stop before every node of this run. */
  readonly step?: boolean;
  /** Where runs of this thread stop from now on. */
  readonly breakpoints?: Breakpoints;
}

/** The execution manager: every surface goes through it, and none around it. */
export interface Threads extends ThreadList, MarkChanges, Plans, RunControl {
  readonly onEvent: Event<NumberedEvent>;
  /** Fires once for each interrupt that waits for a person, restored ones included. */
  readonly onAsked: Event<Asked>;
  open(threadId: string): Promise<ThreadSnapshot>;
  /** The threads that are loaded, as they stand. */
  views(): readonly ThreadView[];
  /** Starts a turn, on a new thread if there is none given. Answers the thread, once it is stored. */
  send(threadId: string | null, text: string, mode?: Mode, options?: SendOptions): Promise<string>;
  /** Sends a blocked message once more. Answers once that is stored. */
  sendAgain(threadId: string, messageId: string, way: Resend): Promise<void>;
  /**
   * The one function that decides. The first answer to an interrupt wins.
   * @param from who answers, if not the person in front of the editor
   */
  decide(
    threadId: string,
    shown: Shown,
    decision: Decision,
    from?: Answering,
  ): Promise<DecisionOutcome>;
  /**
   * Changes the text of files of a proposal that waits: what is shown from then on, and approved, is
   * the user's text. By the file's place in the proposal; false if something else is shown by now.
   */
  edit(
    proposalId: string,
    effectHash: string,
    texts: ReadonlyMap<number, string>,
  ): Promise<boolean>;
  /** The arguments of the call behind a proposal, as indented JSON. */
  readArguments(threadId: string, proposalId: string): Promise<string>;
  /** A hint that these files may have changed: what waits is looked at again. */
  filesChanged(realPaths: ReadonlySet<string>): Promise<void>;
  /** Takes an applied effect back, or brings it back. */
  undo(threadId: string, proposalId: string, kind: UndoKind): Promise<UndoOutcome>;
  /** Makes a thread this window's that another window has. */
  takeOver(threadId: string): Promise<void>;
  /** The thread as soon as nothing is done there or about to be. */
  settled(threadId: string): Promise<ThreadSnapshot>;
  /** Everything that waits now, oldest first. Loads the threads, which announces what is new. */
  pending(): Promise<readonly Asked[]>;
  /** Stops every run; each can be continued later. */
  close(): Promise<void>;
}

/** What changes the list of threads. */
const LISTED: readonly ThreadEvent['kind'][] = ['status', 'title', 'mode'];

export interface ThreadsDeps extends Omit<ThreadDeps, 'onEvent' | 'onAsked'> {
  readonly index: ThreadIndex;
  /** Looks again and again what other windows do, and tells whether they stored anything. */
  readonly watch: (onLook: (changed: boolean) => void) => Disposable;
}

export function createThreads(deps: ThreadsDeps): Threads {
  const { index, ledger, log } = deps;
  const events = createEmitter<NumberedEvent>(log);
  const asked = createEmitter<Asked>(log);
  const onEvent = (numbered: NumberedEvent): void => {
    events.fire(numbered);
    if (LISTED.includes(numbered.event.kind)) list.changed();
  };
  const onAsked = (threadId: string, toolCallId: string): void => {
    load(threadId).then((thread) => {
      const one = waitingIn(thread.snapshot().view).find(({ item }) => item.id === toolCallId);
      if (one !== undefined) asked.fire(one);
    }, log);
  };
  const loader = createLoader({ ...deps, onEvent, onAsked }, index);
  const { load } = loader;
  const list = createThreadList({ index, ledger, breakpoints: deps.breakpoints, loader, log });
  const watching = deps.watch((changed) => {
    lookAround(loader, list, changed);
  });

  return {
    ...list,
    onEvent: events.event,
    onAsked: asked.event,
    open: async (threadId) => (await load(threadId)).snapshot(),
    views: () => viewsOf(loader),
    async send(threadId, text, mode, { step = false, breakpoints: stops } = {}) {
      const words = text.trim();
      if (words === '') throw new UserFacingError('badRequest', t('The message is empty.'));
      if (stops !== undefined) checkNodes(nodesOf(deps.agent), stops);
      const id = threadId ?? randomUUID();
      if (threadId === null) await index.add(id, titleFor(words));
      if (stops !== undefined) await deps.breakpoints.set(id, stops);
      await (await load(id)).send(words, mode, step);
      await touch(index, id, log);
      list.changed();
      return id;
    },
    sendAgain: async (threadId, messageId, way) => (await load(threadId)).sendAgain(messageId, way),
    decide: deciding({ ...deps, load }),
    edit: (id, shownHash, texts) => editProposal({ ...deps, load }, id, shownHash, texts),
    ...marking({ ledger, load }),
    ...planning({ plans: deps.plans, load }),
    ...controlRuns({ ...deps, loader, onForked: list.changed }),
    readArguments: async (id, proposalId) => argumentsOf(await load(id), ledger.find(proposalId)),
    filesChanged: (realPaths) => lookAgain({ ...deps, load }, realPaths),
    undo: async (threadId, proposalId, kind) => (await load(threadId)).undo(proposalId, kind),
    takeOver: async (threadId) => (await load(threadId)).takeOver(),
    settled: async (threadId) => (await load(threadId)).settled(),
    pending: () => allPending({ ...deps, load }),
    async close() {
      watching.dispose();
      await loader.stopAll();
      events.dispose();
      asked.dispose();
      list.dispose();
    },
  };
}

function deciding(deps: ThreadsDeps & Pick<Loader, 'load'>): Threads['decide'] {
  return (threadId, shown, decision, from = { by: 'user', confirm: deps.confirm }) =>
    decide(deps, { threadId, shown, decision, from });
}

async function allPending(deps: ThreadsDeps & Pick<Loader, 'load'>): Promise<readonly Asked[]> {
  const threadIds = new Set(openIn(deps).map(({ threadId }) => threadId));
  const threads = await Promise.all([...threadIds].map(deps.load));
  return threads.flatMap((thread) => waitingIn(thread.snapshot().view));
}

/** What is open in the threads that are there; those that are shared are away while they are not. */
function openIn({ ledger, index }: Pick<ThreadsDeps, 'ledger' | 'index'>): readonly Proposal[] {
  return ledger.open().filter(({ threadId }) => index.find(threadId) !== null);
}

function viewsOf(loader: Loader): readonly ThreadView[] {
  return [...loader.all()].map((thread) => thread.snapshot().view);
}

function lookAround(loader: Loader, list: KeptThreadList, changed: boolean): void {
  for (const thread of loader.all()) thread.look(changed);
  if (changed) list.changed();
}

/** What waits for a decision about one of these files may not fit it any more. */
async function lookAgain(
  deps: ThreadsDeps & Pick<Loader, 'load'>,
  realPaths: ReadonlySet<string>,
): Promise<void> {
  for (const { proposalId, threadId, toolCallId, operations } of openIn(deps)) {
    if (!pathsOf(operations).some(({ realPath }) => realPaths.has(realPath))) continue;
    const thread = await deps.load(threadId);
    if (thread.snapshot().view.elsewhere) continue;
    if (await deps.executor.revalidate(proposalId)) thread.refresh(toolCallId);
  }
}

/** The message is stored by then: a list that is out of order is no reason to refuse it. */
async function touch(
  index: ThreadIndex,
  threadId: string,
  log: (error: unknown) => void,
): Promise<void> {
  try {
    await index.touch(threadId);
  } catch (error) {
    log(error);
  }
}
