import { t } from '@vscode/l10n';
import { plainLine } from '../workspace/plain-line.ts';
import type { Confirm } from '../approval/confirming.ts';
import type { AcceptedFile, Decision, SettleWay } from '../shared/decision.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import { type ReviewText, reviewText } from '../threads/review-text.ts';
import { reviewedOf } from '../threads/reviewed.ts';
import type { Asked } from '../threads/threads.ts';
import { type Terminal, harmless } from './terminal.ts';

/** What a person says to a proposal: an answer; to leave it for now; or to leave everything. */
export type Said = Decision | 'later' | 'quit';

const NO_KEYS = { ofWaiting: () => [], ofUnclear: () => [] };

/** A proposal as lines for a terminal; null where there is none of that id. */
export function presented(core: Core, proposalId: string, terminal: Terminal): ReviewText | null {
  const reviewed = reviewedOf(core, proposalId);
  if (reviewed === null) return null;
  const { text, places } = reviewText(reviewed, NO_KEYS);
  const lines = text.split('\n').map((line, at) => painted(line, at === 0, terminal));
  return { text: lines.join('\n'), places };
}

function painted(line: string, isTitle: boolean, terminal: Terminal): string {
  if (isTitle) return terminal.paint('bold', line);
  if (line.startsWith('+')) return terminal.paint('green', line);
  if (line.startsWith('-')) return terminal.paint('red', line);
  return line;
}

/** Asks what to do with what was just shown. */
export async function askDecision(core: Core, asked: Asked, terminal: Terminal): Promise<Said> {
  const { item, threadId } = asked;
  const { review } = item;
  if (review === null) return 'later';
  if (review.question !== null) return askAnswer(review.question.choices, terminal);
  if (item.state !== 'proposed') return askWay(review, terminal);
  const answers = answersTo(review);
  const question = answers.map(([key, words]) => `[${key}] ${words}`).join('  ');
  for (;;) {
    const key = await terminal.ask(`${terminal.paint('cyan', question)}\n> `);
    if (key === null) return 'quit';
    const found = answers.find(([one]) => one === key.trim().toLowerCase());
    if (found === undefined) continue;
    const said = await saidBy(found[0], { core, threadId, review, terminal });
    if (said !== null) return said;
  }
}

type Key = 'a' | 'p' | 'r' | 'e' | 'i' | 'h' | 's' | 'q';

function answersTo({ approvable, progress }: ReviewView): readonly (readonly [Key, string])[] {
  const total = progress?.total ?? 0;
  return [
    ...(approvable ? ([['a', t('approve')]] as const) : []),
    ...(approvable && total > 1 ? ([['p', t('approve in part')]] as const) : []),
    ['r', t('reject')],
    ...(progress === null
      ? []
      : ([
          ['e', t('edit the arguments')],
          ['h', t('done by hand')],
        ] as const)),
    ['i', t('something else instead')],
    ['s', t('later')],
    ['q', t('quit')],
  ];
}

interface Situation {
  readonly core: Core;
  readonly threadId: string;
  readonly review: ReviewView;
  readonly terminal: Terminal;
}

/** Null: the person has thought better of it. */
async function saidBy(key: Key, situation: Situation): Promise<Said | null> {
  const { terminal } = situation;
  switch (key) {
    case 'a':
      return { kind: 'approve' };
    case 'p':
      return askPart(situation);
    case 'r': {
      const reason = await terminal.ask(t('Why? The agent reads it; it may be empty: '));
      return reason === null ? null : { kind: 'reject', reason: reason.trim() };
    }
    case 'e':
      return askArguments(situation);
    case 'i': {
      const instruction = (await terminal.ask(t('What instead? ')))?.trim() ?? '';
      return instruction === '' ? null : { kind: 'redirect', instruction };
    }
    case 'h':
      return { kind: 'doneByHand' };
    case 's':
      return 'later';
    case 'q':
      return 'quit';
  }
}

async function askAnswer(choices: readonly string[], terminal: Terminal): Promise<Said> {
  const numbered = choices.map((choice, at) => `  ${at + 1}  ${plainLine(choice)}`);
  if (numbered.length > 0) terminal.say(...numbered);
  const answer = (await terminal.ask(t('Your answer, or its number; empty for later: ')))?.trim();
  if (answer === undefined) return 'quit';
  if (answer === '') return 'later';
  return { kind: 'respond', answer: choices[Number(answer) - 1] ?? answer };
}

async function askWay({ command }: ReviewView, terminal: Terminal): Promise<Said> {
  const ways: readonly (readonly [SettleWay, string])[] =
    command === null
      ? [
          ['finish', t('write what is missing')],
          ['rollBack', t('put back what was there before')],
          ['keep', t('leave the files as they are')],
        ]
      : [
          ['again', t('propose it again')],
          ['didNotRun', t('it did not run')],
          ['keep', t('I do not know')],
        ];
  const question = ways.map(([, words], at) => `[${at + 1}] ${words}`).join('  ');
  const key = await terminal.ask(`${terminal.paint('cyan', question)}\n> `);
  if (key === null) return 'quit';
  const way = ways[Number(key) - 1]?.[0];
  return way === undefined ? 'later' : { kind: 'settle', way };
}

/** Goes from change to change; what is not accepted is declined. */
async function askPart({ core, review, terminal }: Situation): Promise<Said | null> {
  const shown = presented(core, review.proposalId, terminal);
  const lines = shown?.text.split('\n') ?? [];
  const files = new Map<number, AcceptedFile>();
  for (const { view, start, end } of shown?.places ?? []) {
    terminal.say('', ...lines.slice(start, end));
    const answer = await terminal.ask(t('Accept this change? [y] yes, anything else: no '));
    if (answer === null) return null;
    if (answer.trim().toLowerCase() !== 'y') continue;
    const { operation, change, whole } = view;
    const before = files.get(operation)?.changes ?? [];
    const changes =
      whole || before === 'all' ? 'all' : [...before, { change, lines: 'all' as const }];
    files.set(operation, { operation, changes });
  }
  if (files.size > 0) return { kind: 'partial', files: [...files.values()], reason: '' };
  terminal.say(t('No change is accepted. To decline them all, reject.'));
  return null;
}

async function askArguments(situation: Situation): Promise<Said | null> {
  const { core, threadId, review, terminal } = situation;
  const text = await core.threads.readArguments(threadId, review.proposalId);
  terminal.say(harmless(text), t('The new arguments as JSON; an empty line ends them.'));
  const lines: string[] = [];
  for (;;) {
    const line = await terminal.ask('… ');
    if (line === null) return null;
    if (line.trim() === '') break;
    lines.push(line);
  }
  return lines.length === 0 ? null : { kind: 'editArguments', arguments: lines.join('\n') };
}

/** What could not be taken back is asked about one by one, and in a whole word. */
export function confirmAt(terminal: Terminal): Confirm {
  return async ({ title, item, facts, number, total }) => {
    terminal.say('', terminal.paint('yellow', `${title} (${number}/${total})`), ...facts, item);
    const answer = await terminal.ask(t('Type yes to approve it: '));
    return answer?.trim().toLowerCase() === 'yes';
  };
}
