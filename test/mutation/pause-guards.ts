import type { Guard } from './guards.ts';

const unit = (...names: string[]): string[] => names.map((name) => `test/unit/${name}.test.ts`);

/** Of runs that pause, of states that are changed, and of forks. */
export const PAUSE_GUARDS: readonly Guard[] = [
  {
    name: 'cut off is not paused',
    file: 'src/threads/place.ts',
    text: 'if (run.startedFrom === checkpoint.id || pendingWrites.length > 0) return false;',
    without: 'if (run.startedFrom === checkpoint.id && pendingWrites.length > 9) return false;',
    tests: unit('pause'),
  },
  {
    name: 'what the user made of a state waits for them',
    file: 'src/threads/state-update.ts',
    text: '    held: checkpointId,',
    without: '    held: null,',
    tests: unit('state'),
  },
  {
    name: 'what is decided stays in the conversation',
    file: 'src/threads/state-change.ts',
    text: "if (recorded(id) !== 'fixed' || same(said(messages, id), said(after, id))) continue;",
    without: "if (recorded(id) !== 'fixed' || id !== '') continue;",
    tests: unit('state'),
  },
  {
    name: 'a changed call that waits is another call',
    file: 'src/threads/state-change.ts',
    text: "recorded(callId) === 'waits' ? freshId() : callId",
    without: 'callId',
    tests: unit('state'),
  },
  {
    name: 'what waited under a changed call is withdrawn',
    file: 'src/threads/state-update.ts',
    text: 'for (const toolCallId of change.withdrawn) await withdraw(deps, threadId, toolCallId);',
    without: 'void withdraw;',
    tests: unit('state'),
  },
  {
    name: 'a state is changed from the checkpoint that was seen',
    file: 'src/threads/state-update.ts',
    text: 'update.checkpointId !== checkpointId) {',
    without: "update.checkpointId === '') {",
    tests: unit('state-refused'),
  },
  {
    name: 'a fork does nothing again',
    file: 'src/agent/tool-task.ts',
    text: '  refuseDone(ledger, call);',
    without: '  void refuseDone;',
    tests: unit('run-history'),
  },
  {
    name: 'arguments are plain data',
    file: 'src/threads/state-shape.ts',
    text: "return !Object.hasOwn(value, '__proto__') && Object.values(value).every(isPlain);",
    without: 'return Object.values(value).every(isPlain);',
    tests: unit('state-refused'),
  },
];
