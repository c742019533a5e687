/** What the user answers to a call, and to what comes of it. */
export interface Plan {
  readonly decision: 'approve' | 'reject' | 'edit' | 'partial';
  /** For an effect that stopped half-way. */
  readonly settle: 'finish' | 'rollBack' | 'keep';
  readonly undo?: boolean;
}

export interface PlannedCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly plan: Plan;
}

export interface Turn {
  readonly text: string;
  readonly calls: readonly PlannedCall[];
  /** All answers are given at the same moment, the last first; else one after the other. */
  readonly together: boolean;
}

/** Files, and a conversation about them. */
export interface Scenario {
  readonly files: Readonly<Record<string, string>>;
  readonly turns: readonly Turn[];
  /** Its runs stop before these nodes, and the user goes on each time. */
  readonly before?: readonly string[];
}

export const APPROVE: Plan = { decision: 'approve', settle: 'finish' };
const lines = (...words: string[]): string => `${words.join('\n')}\n`;
const numbered = (name: string): string =>
  lines(...Array.from({ length: 20 }, (_, index) => `${name} ${index}`));

/** One of each kind of work, each on files of its own, in a folder of its own. */
export function workOn(folder: string, token: string, plans: Readonly<Record<string, Plan>> = {}) {
  const at = (path: string): string => `${folder}/${path}`;
  const call = (
    id: string,
    name: string,
    args: Record<string, unknown>,
    plan: Plan = APPROVE,
  ): PlannedCall => ({ id: `${folder}-${id}`, name, args, plan: plans[id] ?? plan });
  const files: Record<string, string> = {
    [at('edit.txt')]: numbered('edit'),
    [at('gone.txt')]: lines('to be deleted', token),
    [at('old-name.txt')]: lines('to be moved', token),
    [at('edited.txt')]: numbered('edited'),
    [at('rejected.txt')]: numbered('rejected'),
    [at('undone.txt')]: numbered('undone'),
    [at('parts-a.txt')]: numbered('a'),
    [at('parts-b.txt')]: numbered('b'),
    [at('p1.txt')]: numbered('p1'),
    [at('p3.txt')]: lines('goes with the patch', token),
    [at('p4.txt')]: numbered('p4'),
    [at('p5.txt')]: numbered('p5'),
  };
  const replace = (path: string, word: string): Record<string, unknown> => ({
    path: at(path),
    old_text: `${word} 7\n`,
    new_text: `${word} 7 by ${token}\n`,
  });
  const calls = [
    call('edit', 'replace_in_file', replace('edit.txt', 'edit')),
    call('create', 'write_file', { path: at('new/deep/made.txt'), content: lines('made', token) }),
    call('delete', 'delete_file', { path: at('gone.txt') }),
    call('move', 'move_file', { from: at('old-name.txt'), to: at('moved/new-name.txt') }),
    call('patch', 'apply_patch', { patch: patchOfFive(at, token) }),
    call('edited', 'replace_in_file', replace('edited.txt', 'edited'), {
      ...APPROVE,
      decision: 'edit',
    }),
    call(
      'partial',
      'apply_patch',
      { patch: patchOfTwo(at, token) },
      {
        ...APPROVE,
        decision: 'partial',
      },
    ),
    call('rejected', 'replace_in_file', replace('rejected.txt', 'rejected'), {
      ...APPROVE,
      decision: 'reject',
    }),
    call('undone', 'replace_in_file', replace('undone.txt', 'undone'), { ...APPROVE, undo: true }),
  ];
  return { files, calls };
}

/** The last turn shows the model, and so the checker, the whole conversation. */
export function scenarioOf(
  files: Readonly<Record<string, string>>,
  turns: readonly (readonly PlannedCall[])[],
  together = false,
): Scenario {
  return {
    files,
    turns: [
      ...turns.map((calls, index) => ({ text: `turn ${index}`, calls, together })),
      { text: 'Is that all?', calls: [], together },
    ],
  };
}

type At = (path: string) => string;

function hunk(word: string, line: number, token: string): string[] {
  return [
    `@@ -${line},3 +${line},3 @@`,
    ` ${word} ${line - 1}`,
    `-${word} ${line}`,
    `+${word} ${line} by ${token}`,
    ` ${word} ${line + 1}`,
  ];
}

function patchOfFive(at: At, token: string): string {
  return lines(
    ...[`--- a/${at('p1.txt')}`, `+++ b/${at('p1.txt')}`, ...hunk('p1', 5, token)],
    ...['--- /dev/null', `+++ b/${at('p2/made.txt')}`, '@@ -0,0 +1 @@', `+p2 by ${token}`],
    ...[`--- a/${at('p3.txt')}`, '+++ /dev/null', '@@ -1,2 +0,0 @@'],
    ...['-goes with the patch', `-${token}`],
    `diff --git a/${at('p4.txt')} b/${at('p4-moved.txt')}`,
    ...[`rename from ${at('p4.txt')}`, `rename to ${at('p4-moved.txt')}`],
    ...[`--- a/${at('p4.txt')}`, `+++ b/${at('p4-moved.txt')}`, ...hunk('p4', 5, token)],
    ...[`--- a/${at('p5.txt')}`, `+++ b/${at('p5.txt')}`, ...hunk('p5', 5, token)],
  );
}

function patchOfTwo(at: At, token: string): string {
  return lines(
    ...[`--- a/${at('parts-a.txt')}`, `+++ b/${at('parts-a.txt')}`],
    ...[...hunk('a', 5, token), ...hunk('a', 15, token)],
    ...[`--- a/${at('parts-b.txt')}`, `+++ b/${at('parts-b.txt')}`, ...hunk('b', 5, token)],
  );
}
