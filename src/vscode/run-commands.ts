import * as vscode from 'vscode';
import { MODES, type Mode } from '../shared/mode.ts';
import { STATE_SCHEME } from '../shared/scheme.ts';
import type { ThreadView } from '../shared/thread-view.ts';
import type { Threads } from '../threads/threads.ts';
import { RUN_VIEW } from './ids.ts';
import { chooseStops } from './choose-stops.ts';
import { type CheckpointElement, type RunElement, isCheckpoint } from './run-elements.ts';
import type { RunCommand, RunDeps } from './run-view.ts';
import { placeText } from './run-words.ts';
import { stateUri } from './state-documents.ts';
import { sinceText } from './thread-words.ts';

export interface RunCommandDeps extends RunDeps {
  readonly showMore: () => void;
}

export interface RunCommands {
  readonly run: Record<RunCommand, (argument: unknown) => Promise<void>>;
  check(boxes: readonly (readonly [RunElement, vscode.TreeItemCheckboxState])[]): Promise<void>;
}

/** A thread as it stands when a command is called. */
interface Here {
  readonly threads: Threads;
  readonly view: ThreadView;
}

type Handler = (argument: unknown) => Promise<void>;
type OnThread = (work: (here: Here, argument: unknown) => Promise<unknown>) => Handler;

/** What is done with the run of the thread that the panel shows. */
export function createRunCommands(deps: RunCommandDeps): RunCommands {
  const { host, chat, nextRun, onShown } = deps;
  const here: OnThread = (work) => async (argument) => {
    const { threads } = await host.open();
    const threadId = chat.shownThread ?? threads.list()[0]?.threadId;
    if (threadId === undefined) say(vscode.l10n.t('There is no thread yet. Send a message first.'));
    else await work({ threads, view: (await threads.open(threadId)).view }, argument);
  };
  const toggleBreakpoint: Handler = async (argument) => {
    const { threads } = await host.open();
    await chooseStops({ threads, threadId: chat.shownThread, nextRun }, argument);
    onShown();
  };
  return {
    async check(boxes) {
      for (const [element] of boxes) await toggleBreakpoint(element);
    },
    run: {
      ...createSteps(here),
      ...createStateCommands(here, chat),
      toggleBreakpoint,
      focusRun: () => focusRun(deps),
      stepThrough: () => {
        nextRun.step = !nextRun.step;
        onShown();
        say(
          nextRun.step
            ? vscode.l10n.t('The next run stops before every node.')
            : vscode.l10n.t('The next run stops only at breakpoints.'),
        );
        return Promise.resolve();
      },
      moreHistory: () => {
        deps.showMore();
        return Promise.resolve();
      },
    },
  };
}

type Step = 'stepRun' | 'pauseRun' | 'cancelRun' | 'redirectRun';

function createSteps(here: OnThread): Record<Step, Handler> {
  return {
    stepRun: here(async ({ threads, view: { threadId, status } }) => {
      if (status === 'paused' || status === 'unfinished') await threads.resume(threadId, true);
      else say(vscode.l10n.t('No run is paused or was cut off.'));
    }),
    pauseRun: here(async ({ threads, view: { threadId, status } }) => {
      if (status === 'running') await threads.pause(threadId);
      else say(vscode.l10n.t('No run is under way.'));
    }),
    cancelRun: here(async ({ threads, view: { threadId, status } }) => {
      if (status === 'idle') say(vscode.l10n.t('No run is under way.'));
      else await threads.cancel(threadId);
    }),
    redirectRun: here(redirect),
  };
}

type OnState = 'editState' | 'applyState' | 'showCheckpoint' | 'forkCheckpoint';

function createStateCommands(here: OnThread, chat: RunDeps['chat']): Record<OnState, Handler> {
  const checkpoint = (work: (here: Here, chosen: CheckpointElement) => Promise<unknown>): Handler =>
    here(async (at, argument) => {
      const chosen = isCheckpoint(argument) ? argument : await pickCheckpoint(at);
      if (chosen !== undefined) await work(at, chosen);
    });
  return {
    editState: here(async ({ view: { threadId } }) => {
      await vscode.window.showTextDocument(stateUri(threadId), { preview: false });
    }),
    applyState: here(({ view: { threadId } }) => applyOpen(threadId)),
    showCheckpoint: checkpoint(async (_, { threadId, entry }) => {
      await vscode.window.showTextDocument(stateUri(threadId, entry.checkpointId));
    }),
    forkCheckpoint: checkpoint(async ({ threads }, { threadId, entry }) => {
      await chat.showThread(await threads.fork(threadId, entry.checkpointId));
    }),
  };
}

/** Gives the keys to the node that comes next, or to the first. */
async function focusRun({ host, chat, view }: RunCommandDeps): Promise<void> {
  if (host.readiness() !== 'ready') {
    await vscode.commands.executeCommand(`${RUN_VIEW}.focus`);
    return;
  }
  const { threads } = await host.open();
  const { shownThread } = chat;
  const next = shownThread === null ? [] : (await threads.open(shownThread)).view.at;
  const node = next[0] ?? threads.nodes()[0] ?? '';
  // The editor's own command gives the keys to no row of a view that was not shown yet.
  await view.reveal({ kind: 'point', node, when: 'before' }, { focus: true, select: false });
}

/** How many checkpoints the list has from which one is chosen. */
const MOST = 100;

async function pickCheckpoint({
  threads,
  view: { threadId, title },
}: Here): Promise<CheckpointElement | undefined> {
  const { entries } = await threads.history(threadId, { limit: MOST });
  const rows = entries.map((entry) => ({
    label: placeText(entry),
    description: sinceText(entry.at),
    element: { kind: 'checkpoint' as const, threadId, entry },
  }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Checkpoints, newest first'),
    placeHolder: title,
  });
  return chosen?.element;
}

/** Saves the state that is changed in an editor, which applies it. */
async function applyOpen(threadId: string): Promise<void> {
  const active = vscode.window.activeTextEditor?.document;
  const document =
    active?.uri.scheme === STATE_SCHEME
      ? active
      : vscode.workspace.textDocuments.find(
          ({ uri }) => uri.toString() === stateUri(threadId).toString(),
        );
  if (document === undefined) say(vscode.l10n.t('No state is open. Edit the state first.'));
  else if (!document.isDirty) say(vscode.l10n.t('The state is not changed.'));
  else await document.save();
}

async function redirect({ threads, view }: Here): Promise<void> {
  const { threadId, mode, status } = view;
  if (status === 'running') {
    say(vscode.l10n.t('The agent is still working. Pause it first, or wait for its answer.'));
    return;
  }
  const instruction = await vscode.window.showInputBox({
    title: vscode.l10n.t('Redirect the run'),
    prompt: vscode.l10n.t('What to do instead. What is open is cancelled, and the agent is told.'),
    ignoreFocusOut: true,
  });
  if (instruction === undefined || instruction.trim() === '') return;
  const chosen = await pickMode(mode);
  if (chosen !== undefined) await threads.send(threadId, instruction, chosen);
}

async function pickMode(now: Mode): Promise<Mode | undefined> {
  const names: Readonly<Record<Mode, string>> = {
    ask: vscode.l10n.t('Ask'),
    plan: vscode.l10n.t('Plan'),
    act: vscode.l10n.t('Act'),
  };
  const modes = [now, ...MODES.filter((mode) => mode !== now)];
  const rows = modes.map((mode) => ({
    mode,
    label: names[mode],
    description: mode === now ? vscode.l10n.t('as before') : '',
  }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('In which mode?'),
    ignoreFocusOut: true,
  });
  return chosen?.mode;
}

function say(message: string): void {
  void vscode.window.showInformationMessage(message);
}
