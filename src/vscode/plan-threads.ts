import * as vscode from 'vscode';
import type { KeptPlanComment } from '../shared/plan.ts';
import type { Disposable } from '../shared/lifecycle.ts';
import { createQueue } from '../shared/queue.ts';
import type { Core } from '../threads/core.ts';
import { ownComment } from './draw-thread.ts';
import { PLAN_THREADS } from './ids.ts';
import { isLastPlan, planPlaceOf } from './plan-uris.ts';

interface Drawn {
  readonly thread: vscode.CommentThread;
  readonly look: string;
}

/** A comment on a plan, by what the editor shows of it. */
export interface NamedComment {
  readonly threadId: string;
  readonly planId: string;
  readonly id: string;
}

/** What the user says to lines of plans, beside these lines. */
export class PlanThreads {
  readonly #controller = createController();
  readonly #onError: (error: unknown) => void;
  /** One after the other: each is about what the one before has drawn. */
  readonly #turns = createQueue();
  #core: Core | null = null;
  /** By document and comment. */
  readonly #drawn = new Map<string, Map<string, Drawn>>();
  /** Documents in which lines came or went: the editor has moved the threads, to anywhere. */
  readonly #adrift = new Set<string>();
  readonly #names = new WeakMap<object, NamedComment>();
  readonly #subscriptions: vscode.Disposable;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    const follow = (document: vscode.TextDocument): void => {
      if (planPlaceOf(document.uri)?.earlier === null) this.#draw(document);
    };
    this.#subscriptions = vscode.Disposable.from(
      this.#controller,
      vscode.workspace.onDidOpenTextDocument(follow),
      vscode.workspace.onDidCloseTextDocument(follow),
      vscode.workspace.onDidSaveTextDocument(follow),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#adrift.add(document.uri.toString());
        // While it is typed in, its threads move with their lines.
        if (!document.isDirty) follow(document);
      }),
    );
  }

  follow(core: Core): Disposable {
    this.#core = core;
    const drawAll = (): void => {
      vscode.workspace.textDocuments.filter(isLastPlan).forEach((document) => {
        if (!document.isDirty) this.#draw(document);
      });
    };
    drawAll();
    return core.threads.onEvent(({ event }) => {
      if (event.kind === 'plan') drawAll();
    });
  }

  /** The comment of a thread, or of what is in one. */
  nameOf(threadOrComment: unknown): NamedComment | null {
    if (typeof threadOrComment !== 'object' || threadOrComment === null) return null;
    return this.#names.get(threadOrComment) ?? null;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #draw(document: vscode.TextDocument): void {
    this.#turns.run(() => this.#drawNow(document)).catch(this.#onError);
  }

  async #drawNow(document: vscode.TextDocument): Promise<void> {
    const { uri } = document;
    const threadId = planPlaceOf(uri)?.threadId ?? '';
    const plans = this.#core === null ? [] : await this.#core.threads.plans(threadId);
    const plan = plans.at(-1);
    const key = uri.toString();
    const before = this.#drawn.get(key) ?? new Map<string, Drawn>();
    const isShown = !document.isClosed && plan?.text === textOf(document);
    const comments = isShown ? plan.comments : [];
    const isAdrift = this.#adrift.delete(key);
    const now = new Map<string, Drawn>();
    for (const comment of comments) {
      const look = JSON.stringify(comment);
      const found = isAdrift ? undefined : before.get(comment.id);
      const same = found?.look === look ? found : undefined;
      const drawn = same ?? { thread: this.#create(uri, comment), look };
      now.set(comment.id, drawn);
      const name = { threadId, planId: plan?.planId ?? '', id: comment.id };
      for (const one of [drawn.thread, ...drawn.thread.comments]) this.#names.set(one, name);
    }
    for (const [id, { thread }] of before) if (now.get(id)?.thread !== thread) thread.dispose();
    this.#drawn.set(key, now);
  }

  #create(uri: vscode.Uri, { range, comment }: KeptPlanComment): vscode.CommentThread {
    const { start, end } = range;
    const lines = new vscode.Range(start - 1, 0, end - 1, 0);
    const thread = this.#controller.createCommentThread(uri, lines, [ownComment(comment)]);
    thread.label = linesText(start, end);
    thread.canReply = false;
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    return thread;
  }
}

/** Lines of a plan in words, counted from 1. */
export function linesText(start: number, end: number): string {
  return start === end
    ? vscode.l10n.t('Line {0}', start)
    : vscode.l10n.t('Lines {0} to {1}', start, end);
}

/** As it is kept: with line feeds. */
export function textOf(document: vscode.TextDocument): string {
  return document.getText().replaceAll('\r\n', '\n');
}

function createController(): vscode.CommentController {
  const controller = vscode.comments.createCommentController(
    PLAN_THREADS,
    vscode.l10n.t('Comments on a plan'),
  );
  controller.options = {
    prompt: vscode.l10n.t('Comment on these lines'),
    placeHolder: vscode.l10n.t('The agent reads it along with the plan.'),
  };
  controller.commentingRangeProvider = {
    provideCommentingRanges: (document) =>
      isLastPlan(document) ? [new vscode.Range(0, 0, document.lineCount - 1, 0)] : [],
  };
  return controller;
}
