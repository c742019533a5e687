import * as vscode from 'vscode';
import type { SettleWay } from '../shared/decision.ts';
import type { NamedChange } from './change-at.ts';
import type { CoreHost } from './core-host.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { showError } from './errors.ts';
import { TEXT_COMMANDS } from './ids.ts';
import type { InText } from './in-text.ts';
import { shownAt } from './proposal-uris.ts';
import type { Reviews } from './reviews.ts';
import type { ShownFiles } from './shown-files.ts';

/** Deciding where proposals are shown in text: in the files themselves, and written out. */
export interface TextSurfaces extends Pick<InText, 'chooseAtCursor' | 'step'> {
  dispose(): void;
}

export interface TextSurfacesDeps {
  readonly host: CoreHost;
  readonly reviews: Reviews;
  readonly shown: ShownFiles;
  readonly tabs: DiffTabs;
  readonly log: vscode.LogOutputChannel;
}

type Handler = (argument: unknown) => Promise<void>;

export function registerTextSurfaces(deps: TextSurfacesDeps): TextSurfaces {
  const { host, reviews, tabs, log } = deps;
  const onError = (error: unknown): void => void showError(error, log);
  let loading: Promise<InText> | null = null;
  let loaded: InText | null = null;
  const load = (): Promise<InText> =>
    (loading ??= import('./in-text.ts').then(
      ({ createInText }) => (loaded = createInText({ ...deps, onError })),
    ));
  const opened = host.onOpened((core) => {
    load().then((texts) => {
      if (host.loaded() === core) texts.follow(core);
    }, onError);
  });
  const changeAtCursor = (): NamedChange | null => loaded?.changeAtCursor() ?? null;
  const chooseAtCursor: InText['chooseAtCursor'] = async () => loaded?.chooseAtCursor() ?? null;
  /** The proposal that a command was called on, or that the active editor shows. */
  const named = (argument: unknown): string | null =>
    proposalIn(argument) ??
    tabs.active()?.proposalId ??
    changeAtCursor()?.proposalId ??
    loaded?.shownInFile() ??
    null;
  const handlers: Record<keyof typeof TEXT_COMMANDS, Handler> = {
    async openChange(argument) {
      const change = changeIn(argument) ?? (argument === undefined ? await chooseAtCursor() : null);
      if (change === undefined) return;
      const proposalId = change?.proposalId ?? named(argument);
      if (proposalId === null) return;
      if (change === null) await reviews.open(proposalId);
      else await reviews.openDiff(proposalId, change.operation, change.change);
    },
    async reviewAsText(argument) {
      const proposalId = named(argument) ?? (await reviews.choosePending());
      if (proposalId !== null) await (await load()).writeOut(proposalId);
    },
    ...settling(reviews, named),
    async editCommand(argument) {
      const proposalId = named(argument);
      if (proposalId !== null) await reviews.editCommand(proposalId);
    },
  };
  const names = Object.keys(handlers) as (keyof typeof TEXT_COMMANDS)[];
  const commands = names.map((name) =>
    vscode.commands.registerCommand(TEXT_COMMANDS[name], (argument: unknown) =>
      handlers[name](argument).catch(onError),
    ),
  );
  return {
    chooseAtCursor,
    step: (direction) => loaded?.step(direction) ?? false,
    dispose() {
      for (const one of [...commands, opened]) one.dispose();
      loaded?.dispose();
    },
  };
}

type Settling =
  'settleFinish' | 'settleRollBack' | 'settleKeep' | 'settleAgain' | 'settleDidNotRun';

/** The ways on from what may have happened. */
function settling(
  reviews: Reviews,
  named: (argument: unknown) => string | null,
): Record<Settling, Handler> {
  const settle =
    (way: SettleWay): Handler =>
    async (argument) => {
      const proposalId = named(argument);
      if (proposalId !== null) await reviews.settle(proposalId, way);
    };
  return {
    settleFinish: settle('finish'),
    settleRollBack: settle('rollBack'),
    settleKeep: settle('keep'),
    settleAgain: settle('again'),
    settleDidNotRun: settle('didNotRun'),
  };
}

function proposalIn(argument: unknown): string | null {
  if (argument instanceof vscode.Uri) return shownAt(argument);
  if (typeof argument !== 'object' || argument === null || !('proposalId' in argument)) return null;
  return typeof argument.proposalId === 'string' ? argument.proposalId : null;
}

interface NamedFile extends Pick<NamedChange, 'proposalId' | 'operation'> {
  readonly change: number | null;
}

function changeIn(argument: unknown): NamedFile | null {
  const proposalId = proposalIn(argument);
  if (proposalId === null || typeof argument !== 'object' || argument === null) return null;
  const { operation, change } = argument as Partial<Record<string, unknown>>;
  if (typeof operation !== 'number') return null;
  return { proposalId, operation, change: typeof change === 'number' ? change : null };
}
