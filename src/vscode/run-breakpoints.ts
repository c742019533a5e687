import * as vscode from 'vscode';
import { type Breakpoints, NO_BREAKPOINTS } from '../shared/breakpoints.ts';
import type { Threads } from '../threads/threads.ts';
import { SETTINGS } from './ids.ts';
import type { NextRun } from './next-run.ts';
import type { PointElement, RunElement } from './run-elements.ts';
import { readBreakpoints } from './run-setting.ts';

/** Where runs stop: by the setting, and by what was chosen for the thread, or for the next new one. */
export interface Points {
  readonly everywhere: Breakpoints;
  readonly own: Breakpoints;
}

export function chosenIn(threads: Threads, threadId: string | null, nextRun: NextRun): Points {
  return threadId === null
    ? { everywhere: readBreakpoints(), own: nextRun.breakpoints }
    : threads.breakpoints(threadId);
}

export function allPoints(nodes: readonly string[]): readonly PointElement[] {
  return nodes.flatMap((node) =>
    (['before', 'after'] as const).map((when) => ({ kind: 'point' as const, node, when })),
  );
}

export function isChosen({ node, when }: PointElement, breakpoints: Breakpoints): boolean {
  return breakpoints[when].includes(node);
}

/** Chooses exactly these, for the thread or, without one, for the next new thread. */
export async function choose(
  threads: Threads,
  threadId: string | null,
  nextRun: NextRun,
  points: readonly PointElement[],
): Promise<void> {
  const at = (when: PointElement['when']): string[] =>
    points.filter((point) => point.when === when).map(({ node }) => node);
  const breakpoints = { ...NO_BREAKPOINTS, before: at('before'), after: at('after') };
  if (threadId === null) nextRun.breakpoints = breakpoints;
  else await threads.setBreakpoints(threadId, breakpoints);
}

/** What the setting names and the graph does not have: it stops nothing. */
export function unknownIn(
  { before, after }: Breakpoints,
  nodes: readonly string[],
): readonly RunElement[] {
  const unknown = [...before, ...after].filter((name) => !nodes.includes(name));
  return [...new Set(unknown)].map((name) => ({
    kind: 'problem',
    text: vscode.l10n.t('“{0}” in {1} is no node of the graph', name, SETTINGS.breakpoints),
  }));
}
