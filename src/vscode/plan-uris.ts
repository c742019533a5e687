import * as vscode from 'vscode';
import type { Plan } from '../shared/plan.ts';
import { PLAN_SCHEME } from '../shared/scheme.ts';

/** The last plan of a thread, where the user may type; or one for reading, by its id. */
export interface PlanPlace {
  readonly threadId: string;
  readonly earlier: { readonly planId: string; readonly as: 'written' | 'left' } | null;
}

export function planUri(threadId: string): vscode.Uri {
  return vscode.Uri.from({ scheme: PLAN_SCHEME, authority: threadId, path: '/Plan.md' });
}

/** A plan as the agent wrote it, or as the user left it, for reading. */
export function earlierUri({ threadId, planId, number }: Plan, as: 'written' | 'left'): vscode.Uri {
  const path = `/Plan ${number}.md`;
  return planUri(threadId).with({ path, query: `${as}=${encodeURIComponent(planId)}` });
}

/** What a document shows, or null if it is no plan. */
export function planPlaceOf({ scheme, authority, query }: vscode.Uri): PlanPlace | null {
  if (scheme !== PLAN_SCHEME) return null;
  if (query === '') return { threadId: authority, earlier: null };
  const [, as, planId] = /^(written|left)=(.+)$/u.exec(query) ?? [];
  if (as === undefined || planId === undefined) return null;
  const earlier = { planId: decodeURIComponent(planId), as: as as 'written' | 'left' };
  return { threadId: authority, earlier };
}

/** True for a document that has the last plan of a thread. */
export function isLastPlan({ uri, isClosed }: vscode.TextDocument): boolean {
  return !isClosed && planPlaceOf(uri)?.earlier === null;
}

/** Saves what was typed into plans; false if some could not be. */
export async function savePlans(): Promise<boolean> {
  const typed = vscode.workspace.textDocuments.filter((one) => isLastPlan(one) && one.isDirty);
  const saved = await Promise.all(typed.map((document) => document.save()));
  return saved.every(Boolean);
}
