import * as vscode from 'vscode';
import type { Threads } from '../threads/threads.ts';
import { SETTINGS } from './ids.ts';
import type { NextRun } from './next-run.ts';
import { allPoints, choose, chosenIn, isChosen } from './run-breakpoints.ts';
import { type PointElement, isPoint } from './run-elements.ts';
import { pointLabel } from './run-words.ts';

export interface ChoosingStops {
  readonly threads: Threads;
  /** Null: the next new thread. */
  readonly threadId: string | null;
  readonly nextRun: NextRun;
}

/** Sets or takes away one breakpoint; without one named, the user chooses among all. */
export async function chooseStops(
  { threads, threadId, nextRun }: ChoosingStops,
  argument: unknown,
): Promise<void> {
  const all = allPoints(threads.nodes());
  const { everywhere, own } = chosenIn(threads, threadId, nextRun);
  if (isPoint(argument) && isChosen(argument, everywhere)) {
    const words = vscode.l10n.t(
      'This breakpoint holds in every thread, by {0}.',
      SETTINGS.breakpoints,
    );
    void vscode.window.showInformationMessage(words);
    return;
  }
  const chosen = isPoint(argument)
    ? all.filter((point) => isChosen(point, own) !== isSame(point, argument))
    : await pick(all, (point) => isChosen(point, own));
  if (chosen !== undefined) await choose(threads, threadId, nextRun, chosen);
}

async function pick(
  all: readonly PointElement[],
  isPicked: (point: PointElement) => boolean,
): Promise<readonly PointElement[] | undefined> {
  const rows = all.map((point) => ({ label: pointLabel(point), picked: isPicked(point), point }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Breakpoints of this thread'),
    placeHolder: vscode.l10n.t('Where its runs stop'),
    canPickMany: true,
  });
  return chosen?.map(({ point }) => point);
}

function isSame(one: PointElement, other: PointElement): boolean {
  return one.node === other.node && one.when === other.when;
}
