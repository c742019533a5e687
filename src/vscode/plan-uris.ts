import * as vscode from 'vscode';
import type { Plan } from '../shared/plan.ts';
import { PLAN_SCHEME } from '../shared/scheme.ts';
import { plainLine } from '../workspace/plain-line.ts';

/** The last plan of a thread, where the user may type; or one for reading, by its id. */
export interface PlanPlace {
  readonly threadId: string;
  readonly earlier: { readonly planId: string; readonly as: 'written' | 'left' } | null;
}

export function planUri({ threadId, name }: Plan): vscode.Uri {
  return uriOf(threadId, `Plan of ${name}`);
}

/** A plan as the agent wrote it, or as the user left it, for reading. */
export function earlierUri(plan: Plan, as: 'written' | 'left'): vscode.Uri {
  const query = `${as}=${encodeURIComponent(plan.planId)}`;
  return uriOf(plan.threadId, `Plan ${plan.number} of ${plan.name}`).with({ query });
}

/** The name at the end is what the tab says; `package.json` knows the last plan by its beginning. */
function uriOf(threadId: string, name: string): vscode.Uri {
  const path = `/${plainLine(name.replaceAll(/[/\\]/gu, ' '))}.md`;
  return vscode.Uri.from({ scheme: PLAN_SCHEME, authority: threadId, path });
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

/** The documents that have the last plan of a thread. */
export function openPlans(threadId: string): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(
    (document) => isLastPlan(document) && planPlaceOf(document.uri)?.threadId === threadId,
  );
}

/** Saves what was typed into plans; false if some could not be. */
export async function savePlans(): Promise<boolean> {
  const typed = vscode.workspace.textDocuments.filter((one) => isLastPlan(one) && one.isDirty);
  const save = async (document: vscode.TextDocument): Promise<boolean> => {
    // It answers false, too, where another save of the same was faster.
    await document.save();
    return !document.isDirty;
  };
  return (await Promise.all(typed.map(save))).every(Boolean);
}
