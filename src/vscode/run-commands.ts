import * as vscode from 'vscode';
import { MODES, type Mode } from '../shared/mode.ts';
import { STATE_SCHEME } from '../shared/scheme.ts';
import type { ThreadView } from '../shared/thread-view.ts';
import type { Threads } from '../threads/threads.ts';
import { RUN_VIEW, SETTINGS } from './ids.ts';
import { allPoints, choose, chosenIn, isChosen } from './run-breakpoints.ts';
import { type CheckpointElement, type RunElement, isCheckpoint, isPoint } from './run-elements.ts';
import type { RunCommand, RunDeps } from './run-view.ts';
import { placeText, pointLabel } from './run-words.ts';
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

/** What is done with the run of the thread that the panel shows. */
export function createRunCommands(deps: RunCommandDeps): RunCommands {
  const { host, chat, nextRun, onShown } = deps;
  const here =
    (work: (here: Here, argument: unknown) => Promise<unknown>) =>
    async (argument: unknown): Promise<void> => {
      const { threads } = await host.open();
      const threadId = chat.shownThread ?? threads.list()[0]?.threadId;
      if (threadId === undefined) say(vscode.l10n.t('There is no thread yet. Send a message first.'));
      else await work({ threads, view: (await threads.open(threadId)).view }, argument);
    };
  const points = async (argument: unknown): Promise<void> => {
    const { threads } = await host.open();
    const all = allPoints(threads.nodes());
    const { everywhere, own } = chosenIn(threads, chat.shownThread, nextRun);
    const before = all.filter((point) => isChosen(point, own));
    if (isPoint(argument) && isChosen(argument, everywhere)) {
      say(vscode.l10n.t('This breakpoint holds in every thread, by {0}.', SETTINGS.breakpoints));
      onShown();
      return;
    }
    const chosen = isPoint(argument)
      ? all.filter((point) => isChosen(point, own) !== isSame(point, argument))
      : await pickPoints(all, before);
    if (chosen === undefined) return;
    await choose(threads, chat.shownThread, nextRun, chosen);
    onShown();
  };
  const checkpoint = (work: (here: Here, chosen: CheckpointElement) => Promise<unknown>) =>
    here(async (at, argument) => {
      const chosen = isCheckpoint(argument) ? argument : await pickCheckpoint(at);
      if (chosen !== undefined) await work(at, chosen);
    });
  return {
    async check(boxes) {
      for (const [element] of boxes) await points(element);
    },
    run: {
      focusRun: async () => {
        await vscode.commands.executeCommand(`${RUN_VIEW}.focus`);
      },
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
      toggleBreakpoint: points,
      editState: here(async ({ view: { threadId } }) => {
        await vscode.window.showTextDocument(stateUri(threadId), { preview: false });
      }),
      applyState: here(async ({ view: { threadId } }) => {
        await applyOpen(threadId);
      }),
      redirectRun: here(redirect),
      showCheckpoint: checkpoint(async (_, { threadId, entry }) => {
        await vscode.window.showTextDocument(stateUri(threadId, entry.checkpointId));
      }),
      forkCheckpoint: checkpoint(async ({ threads }, { threadId, entry }) => {
        await chat.showThread(await threads.fork(threadId, entry.checkpointId));
      }),
      moreHistory: () => {
        deps.showMore();
        return Promise.resolve();
      },
    },
  };
}

function isSame(
  one: { readonly node: string; readonly when: string },
  other: { readonly node: string; readonly when: string },
): boolean {
  return one.node === other.node && one.when === other.when;
}

type PointRow = vscode.QuickPickItem & { readonly point: ReturnType<typeof allPoints>[number] };

async function pickPoints(
  all: ReturnType<typeof allPoints>,
  before: ReturnType<typeof allPoints>,
): Promise<ReturnType<typeof allPoints> | undefined> {
  const rows = all.map(
    (point): PointRow => ({ label: pointLabel(point), picked: before.includes(point), point }),
  );
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Breakpoints of this thread'),
    placeHolder: vscode.l10n.t('Where its runs stop'),
    canPickMany: true,
  });
  return chosen?.map(({ point }) => point);
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
