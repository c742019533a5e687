import { t } from '@vscode/l10n';
import { UserFacingError } from '../shared/errors.ts';
import type { ThreadView } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import { Chat, answerIn } from './chat.ts';
import type { Invocation } from './command-line.ts';
import { openHeadless } from './headless.ts';
import { EXIT } from './help.ts';
import { serverSettings, stateOf } from './place.ts';
import { followProgress } from './progress.ts';
import { type Terminal, createTerminal, harmless } from './terminal.ts';
import { type PutOff, decideAll } from './terminal-decide.ts';

type Options = Extract<Invocation, { kind: 'run' }>;

export async function run(options: Options, log: (error: unknown) => void): Promise<number> {
  const stopped = new AbortController();
  const stop = (): void => {
    // Who insists does not wait for the end of what is under way; nothing is lost by that either.
    if (stopped.signal.aborted) process.exit(EXIT.interrupted);
    stopped.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const terminal = createTerminal({
    ...{ input: process.stdin, output: process.stdout, messages: process.stderr },
    ...{ env: process.env, signal: stopped.signal, onInterrupt: stop },
  });
  const state = stateOf(options.place);
  const model = serverSettings(options.model);
  if (model === null) terminal.say(t('No model server is named: the demo answers.'));
  const { workspace } = state;
  const core = await openHeadless({ workspace, state, model, maintenancePath: null, log });
  try {
    return await converse(core, options, terminal, stopped.signal);
  } finally {
    await core.close();
  }
}

/** From the question to the answer, or to what waits. */
export async function converse(
  core: Core,
  options: Pick<Options, 'text' | 'threadId' | 'mode' | 'json' | 'yesEdits'>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { threads } = core;
  const progress = followProgress(core, terminal, !options.json);
  try {
    const threadId = await begin(core, options, terminal);
    const stop = (): void => void threads.stop(threadId);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const putOff: PutOff = new Set();
    let { view } = await threads.settled(threadId);
    while (
      !signal.aborted &&
      (await decideAll(core, view, options, terminal, putOff)) === 'decided'
    ) {
      ({ view } = await threads.settled(threadId));
    }
    ({ view } = await threads.settled(threadId));
    signal.removeEventListener('abort', stop);
    return await conclude(core, view, options, { terminal, isStopped: signal.aborted });
  } finally {
    progress.dispose();
  }
}

async function begin(
  { threads }: Core,
  { text, threadId, mode }: Pick<Options, 'text' | 'threadId' | 'mode'>,
  terminal: Terminal,
): Promise<string> {
  if (threadId === null) {
    const id = await threads.send(null, text ?? '', mode ?? undefined);
    terminal.say(t('Thread {0}', id));
    return id;
  }
  const { view } = await threads.open(threadId);
  if (view.elsewhere) {
    const message = t(
      'Thread {0} belongs to another window, process or machine. End that first.',
      threadId,
    );
    throw new UserFacingError('elsewhere', message);
  }
  if (text === null) {
    if (view.status === 'unfinished') await threads.resume(threadId);
  } else if (view.status === 'waiting') {
    const message = t(
      'Thread {0} waits for a decision. Decide first: leave the question out, and go on with --continue {0}.',
      threadId,
    );
    throw new UserFacingError('badRequest', message);
  } else await threads.send(threadId, text, mode ?? undefined);
  return threadId;
}

async function conclude(
  core: Core,
  view: ThreadView,
  { json }: Pick<Options, 'json'>,
  { terminal, isStopped }: { readonly terminal: Terminal; readonly isStopped: boolean },
): Promise<number> {
  const { threadId, failure } = view;
  const chat = new Chat({ core: () => Promise.resolve(core), confirm: null });
  const state = await chat.stateOf(core, view);
  if (json) terminal.print(`${JSON.stringify(state)}\n`);
  const goOn = t('Go on with: countersign run --continue {0}', threadId);
  if (isStopped) {
    terminal.say(t('Stopped. Nothing is lost.'), goOn);
    return EXIT.interrupted;
  }
  switch (state.status) {
    case 'complete':
      if (!json && !terminal.isScreen) terminal.print(`${answerIn(view)}\n`);
      return EXIT.done;
    case 'pending_approval':
      terminal.say('', t('A decision is awaited; nothing of it was approved.'), goOn);
      return EXIT.waiting;
    case 'running':
    case 'unfinished':
      terminal.say(harmless(failure?.message ?? t('The run did not come to its end.')), goOn);
      return EXIT.failed;
  }
}
