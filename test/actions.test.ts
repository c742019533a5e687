import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Decision, SettleWay } from '../src/shared/decision.ts';
import type { HostMethod, PanelCommand } from '../src/shared/protocol.ts';
import { CHANGE_COMMANDS, COMMANDS, PLAN_COMMANDS, TEXT_COMMANDS } from '../src/vscode/ids.ts';

const root = resolve(import.meta.dirname, '..');

/** Keeps the panel itself going: there is nothing for a person to do in it. */
const ITS_OWN = null;
/** What is written in the panel, and decides nothing. */
const CONVERSATION = [COMMANDS.focusChat];

type Commands = readonly string[] | typeof ITS_OWN;

/** The command that does without the panel what each call of the panel does. */
const CALLS: Readonly<Record<Exclude<HostMethod, 'decide' | 'runCommand'>, Commands>> = {
  state: ITS_OWN,
  remember: ITS_OWN,
  soundPlayed: ITS_OWN,
  send: CONVERSATION,
  sendAgain: [COMMANDS.sendAnyway],
  openLink: CONVERSATION,
  pickMode: [PLAN_COMMANDS.chooseMode],
  openPlan: [PLAN_COMMANDS.openPlan],
  revisePlan: [PLAN_COMMANDS.revisePlan],
  carryOutPlan: [PLAN_COMMANDS.carryOutPlan],
  resume: [COMMANDS.continueRun],
  stop: [COMMANDS.stop],
  undo: [COMMANDS.undoChange, COMMANDS.redoChange],
  openDiff: [COMMANDS.reviewPending, COMMANDS.reviewAll, TEXT_COMMANDS.openChange],
  compareRejected: [COMMANDS.compareRejected],
  readArguments: [COMMANDS.editArguments],
  chooseStorage: [COMMANDS.recoverStorage],
};

/** Questions, commands and unclear outcomes are asked about by Review Pending Approval. */
const ASKED = COMMANDS.reviewPending;

const DECISIONS: Readonly<Record<Decision['kind'], readonly string[]>> = {
  approve: [COMMANDS.approve, COMMANDS.approveWithNote],
  edit: [COMMANDS.reviewAll, COMMANDS.approve],
  editCommand: [ASKED],
  editArguments: [COMMANDS.editArguments],
  partial: [COMMANDS.approveSome, COMMANDS.approveAccepted, CHANGE_COMMANDS.acceptChange],
  reject: [COMMANDS.reject],
  redirect: [COMMANDS.redirect],
  respond: [ASKED],
  doneByHand: [COMMANDS.doneByHand],
  settle: [ASKED],
};

const SETTLED: Readonly<Record<SettleWay, string>> = {
  keep: TEXT_COMMANDS.settleKeep,
  finish: TEXT_COMMANDS.settleFinish,
  rollBack: TEXT_COMMANDS.settleRollBack,
  again: ASKED,
  didNotRun: ASKED,
};

/** The editor's own commands. */
type OfTheEditor = 'manageTrust' | 'openFolder';

const RUN: Readonly<Record<Exclude<PanelCommand, OfTheEditor>, string>> = {
  newThread: COMMANDS.newThread,
  takeOver: COMMANDS.takeOver,
  setUpModel: COMMANDS.setUpModel,
  setApiKey: COMMANDS.setApiKey,
  openSettings: COMMANDS.openSettings,
  showLog: COMMANDS.showLog,
  openWalkthrough: COMMANDS.openWalkthrough,
};

interface Clause {
  readonly command: string;
  readonly title?: string;
  readonly when?: string;
}

const { contributes } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  contributes: { commands: Clause[]; menus: { commandPalette: Clause[] } };
};

describe('everything that can be done in the panel', () => {
  const needed = [CALLS, DECISIONS, SETTLED, RUN].flatMap((table) =>
    Object.entries<Commands | string>(table),
  );

  for (const [action, commands] of needed) {
    it(`can be done without it: ${action}`, () => {
      for (const id of [commands ?? []].flat()) {
        const declared = contributes.commands.find(({ command }) => command === id);
        assert.match(declared?.title ?? '', /^%command\.\w+%$/u, id);
        const inPalette = contributes.menus.commandPalette.filter(({ command }) => command === id);
        assert.ok(!inPalette.some(({ when }) => when === 'false'), id);
      }
    });
  }

  it('is all that its protocol has', () => {
    const source = readFileSync(resolve(root, 'src/shared/protocol.ts'), 'utf8');
    const calls = /interface HostCalls \{(.*?)\n\}/su.exec(source)?.[1] ?? '';
    const methods = [...calls.matchAll(/^ {2}(\w+): \{/gmu)].map(([, name]) => name);
    assert.deepEqual(methods.toSorted(), ['decide', 'runCommand', ...Object.keys(CALLS)].sort());
  });
});
