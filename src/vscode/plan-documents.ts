import * as vscode from 'vscode';
import { ToolError } from '../shared/errors.ts';
import type { Disposable } from '../shared/lifecycle.ts';
import type { Plan } from '../shared/plan.ts';
import type { Core } from '../threads/core.ts';
import { decodeText } from '../workspace/text.ts';
import type { CoreHost } from './core-host.ts';
import { createTimes } from './document-times.ts';
import { type OwnFiles, type Served, statOf } from './own-files.ts';
import { createPause } from './pause.ts';
import { isLastPlan, openPlans, planPlaceOf } from './plan-uris.ts';
import { markedUtf8 } from './proposal-content.ts';
import { openDocument } from './shown-files.ts';

/** How long nobody types before what was typed is kept, in milliseconds. */
const WAIT = 500;

export interface PlanDocumentsDeps {
  readonly host: CoreHost;
  readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  readonly onError: (error: unknown) => void;
  /** What was typed is kept in a plan that is not the last one any more. */
  readonly onReplaced: (threadId: string) => void;
}

export interface PlanDocuments extends OwnFiles {
  follow(core: Core): Disposable;
  dispose(): void;
}

/**
 * Plans as documents: the last one of each thread is kept as it is typed, the earlier ones are for
 * reading. What is typed always goes to the plan that it was typed into.
 */
export function createPlanDocuments(deps: PlanDocumentsDeps): PlanDocuments {
  const { host, changed, onError } = deps;
  const times = createTimes();
  /** Which plan, in which version, each document shows. */
  const shown = new Map<string, { readonly planId: string; readonly version: string }>();
  const keeping = keepTyped(onError, (address) => void shown.delete(address));
  const readAgain = (uri: vscode.Uri): void => {
    changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  };
  return {
    async stat(uri) {
      const { served } = await serve(await host.open(), uri);
      return statOf(served, times.of(uri, served.version));
    },
    async readFile(uri) {
      const { plan, served } = await serve(await host.open(), uri);
      shown.set(uri.toString(), { planId: plan.planId, version: served.version });
      return served.bytes;
    },
    async writeFile(uri, bytes) {
      keeping.kept(uri);
      const core = await host.open();
      const { plan, served } = await serve(core, uri);
      if (!served.editable) throw vscode.FileSystemError.NoPermissions(uri);
      const { threadId } = plan;
      const planId = shown.get(uri.toString())?.planId ?? plan.planId;
      await core.threads.savePlan(threadId, planId, textOf(bytes, uri));
      if (planId !== plan.planId) {
        readAgain(uri);
        deps.onReplaced(threadId);
        return;
      }
      const { version } = (await serve(core, uri)).served;
      times.advance(uri, version);
      shown.set(uri.toString(), { planId, version });
    },
    follow: (core) =>
      core.threads.onEvent(({ threadId, event }) => {
        if (event.kind !== 'plan') return;
        for (const { uri } of openPlans(threadId)) {
          if (shown.get(uri.toString())?.planId !== event.plan?.planId) readAgain(uri);
        }
      }),
    dispose() {
      keeping.dispose();
    },
  };
}

/** Saves what is typed into plans, without asking. */
function keepTyped(
  onError: (error: unknown) => void,
  onClosed: (address: string) => void,
): Disposable & { readonly kept: (uri: vscode.Uri) => void } {
  const pause = createPause(WAIT, (address) => {
    const document = openDocument(vscode.Uri.parse(address, true));
    if (document?.isDirty === true) document.save().then(undefined, onError);
  });
  const follow = (document: vscode.TextDocument): void => {
    if (document.isDirty && isLastPlan(document)) pause.soon(document.uri.toString());
  };
  vscode.workspace.textDocuments.forEach(follow);
  const subscriptions = [
    pause,
    vscode.workspace.onDidOpenTextDocument(follow),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      follow(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri, isClosed }) => {
      if (isClosed) onClosed(uri.toString());
    }),
  ];
  return {
    kept(uri) {
      pause.cancel(uri.toString());
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** @throws FileSystemError for what does not exist, or not any more */
async function serve(
  core: Core,
  uri: vscode.Uri,
): Promise<{ readonly plan: Plan; readonly served: Served }> {
  const place = planPlaceOf(uri);
  const plans = place === null ? [] : await core.threads.plans(place.threadId);
  const earlier = place?.earlier ?? null;
  const plan =
    earlier === null ? plans.at(-1) : plans.find(({ planId }) => planId === earlier.planId);
  if (plan === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  const text = earlier?.as === 'written' ? plan.written : plan.text;
  const version = `${plan.planId} ${text}`;
  return { plan, served: { bytes: markedUtf8(text), version, editable: earlier === null } };
}

function textOf(bytes: Uint8Array, uri: vscode.Uri): string {
  try {
    return decodeText(bytes, uri.path).text;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw vscode.FileSystemError.Unavailable(error.message);
  }
}
