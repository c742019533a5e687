import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import { NO_BREAKPOINTS } from '../shared/breakpoints.ts';
import type { ThreadView } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import type { RUN_COMMANDS } from './ids.ts';
import type { NextRun } from './next-run.ts';
import { type Points, allPoints, chosenIn, unknownIn } from './run-breakpoints.ts';
import { createRunCommands } from './run-commands.ts';
import type { RunElement } from './run-elements.ts';
import { itemOf, messageFor } from './run-words.ts';
import type { Served } from './own-files.ts';
import { createStateDocuments } from './state-documents.ts';

export type RunCommand = keyof typeof RUN_COMMANDS;

export interface RunDeps {
  readonly host: CoreHost;
  readonly chat: ChatView;
  readonly nextRun: NextRun;
  readonly view: vscode.TreeView<RunElement>;
  /** The view is to be drawn anew. */
  readonly onShown: () => void;
  readonly onError: (error: unknown) => void;
}

/** Where the run of the shown thread stands, where it stops, and its state as a document. */
export interface RunView {
  children(parent?: RunElement): Promise<readonly RunElement[]>;
  item(element: RunElement): vscode.TreeItem;
  /** Boxes were ticked, or were not any more. */
  check(boxes: readonly (readonly [RunElement, vscode.TreeItemCheckboxState])[]): Promise<void>;
  run(name: RunCommand, argument: unknown): Promise<void>;
  serve(core: Core, uri: vscode.Uri): Promise<Served>;
  save(core: Core, uri: vscode.Uri, bytes: Uint8Array): Promise<void>;
  dispose(): void;
}

/** What the rows are drawn from. */
export interface Drawn extends Points {
  readonly view: ThreadView | null;
}

const PAGE = 20;

/** A bundle of its own: who never looks where a run stands does without. */
export function createRunView(deps: RunDeps): RunView {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  const { host, chat, nextRun, view } = deps;
  let drawn: Drawn = { view: null, everywhere: NO_BREAKPOINTS, own: NO_BREAKPOINTS };
  let shownOf: string | null = null;
  let pages = 1;
  const documents = createStateDocuments();
  const commands = createRunCommands({
    ...deps,
    showMore: () => {
      pages++;
      deps.onShown();
    },
  });
  const draw = async (core: Core): Promise<readonly RunElement[]> => {
    const { threads } = core;
    const threadId = chat.shownThread;
    if (threadId !== shownOf) pages = 1;
    shownOf = threadId;
    drawn = {
      view: threadId === null ? null : (await threads.open(threadId)).view,
      ...chosenIn(threads, threadId, nextRun),
    };
    view.message = messageFor(drawn.view, nextRun.step);
    const nodes = threads.nodes();
    return [
      ...unknownIn(drawn.everywhere, nodes),
      ...allPoints(nodes),
      ...(threadId === null ? [] : [{ kind: 'history' as const }]),
    ];
  };
  const history = async (core: Core): Promise<readonly RunElement[]> => {
    if (shownOf === null) return [];
    const threadId = shownOf;
    const { entries, more } = await core.threads.history(threadId, { limit: pages * PAGE });
    const rows = entries.map((entry) => ({ kind: 'checkpoint' as const, threadId, entry }));
    return more ? [...rows, { kind: 'more' }] : rows;
  };
  return {
    async children(parent) {
      const core = await host.open();
      if (parent === undefined) return draw(core);
      if (parent.kind === 'history') return history(core);
      return [];
    },
    item: (element) => itemOf(element, drawn),
    check: (boxes) => commands.check(boxes),
    run: (name, argument) => commands.run[name](argument),
    serve: (core, uri) => documents.serve(core, uri),
    save: (core, uri, bytes) => documents.save(core, uri, bytes),
    dispose: () => {
      documents.dispose();
    },
  };
}
