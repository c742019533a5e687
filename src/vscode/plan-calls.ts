import * as vscode from 'vscode';
import type { CoreHost } from './core-host.ts';
import { PLAN_COMMANDS } from './ids.ts';
import { savePlans } from './plan-uris.ts';
import type { CallHandlers } from './webview-messages.ts';

type PlanCalls = Pick<CallHandlers, 'pickMode' | 'openPlan' | 'revisePlan' | 'carryOutPlan'>;

/** What the panel does with plans and modes. */
export function planCalls(host: () => CoreHost): PlanCalls {
  return {
    async pickMode({ threadId, mode }) {
      await (await host().open()).threads.pickMode(threadId, mode);
      return null;
    },
    async openPlan(params) {
      await vscode.commands.executeCommand(PLAN_COMMANDS.openPlan, params);
      return null;
    },
    async revisePlan(params) {
      await vscode.commands.executeCommand(PLAN_COMMANDS.revisePlan, params);
      return null;
    },
    async carryOutPlan({ threadId, shown }) {
      // What is typed in the editor and not in the panel yet makes the panel out of date.
      if (!(await savePlans())) return { kind: 'changed' };
      return (await host().open()).threads.usePlan(threadId, shown, 'carryOut');
    },
  };
}
