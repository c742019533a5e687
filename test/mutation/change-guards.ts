import type { Guard } from './guards.ts';

const MARKS = ['test/unit/mark-changes.test.ts'];

/** Of deciding change by change. */
export const CHANGE_GUARDS: readonly Guard[] = [
  {
    name: 'a change is marked only in what was seen',
    file: 'src/threads/edit-proposal.ts',
    text: 'return proposal.shown?.effectHash === effectHash ? proposal : null;',
    without: "return effectHash === '' ? null : proposal;",
    tests: MARKS,
  },
  {
    name: 'a change is found by what it is',
    file: 'src/approval/proposal-changes.ts',
    text: 'file.changes.find((one) => one.key === key)',
    without: 'file.changes[change]',
    tests: MARKS,
  },
  {
    name: 'a mark compares what is shown',
    file: 'src/approval/marking.ts',
    text: 'now.shown?.effectHash !== seen.shown?.effectHash',
    without: 'now.shown === null',
    tests: MARKS,
  },
  {
    name: 'less of it is another effect',
    file: 'src/approval/marking.ts',
    text: 'if (rebind && now.shown !== null',
    without: 'if (rebind && now.shown === null',
    tests: MARKS,
  },
  {
    name: 'a file that is declined whole is left out',
    file: 'src/approval/answers.ts',
    text: '!declined.has(index) &&',
    without: 'declined.size >= 0 &&',
    tests: MARKS,
  },
  {
    name: 'what is open is no part of what is accepted',
    file: 'src/approval/accepted-part.ts',
    text: "found === null || state !== 'open' ? text",
    without: "found === null || state === 'open' ? text",
    tests: MARKS,
  },
  {
    name: 'a new file that is not accepted is not made empty',
    file: 'src/approval/accepted-part.ts',
    text: 'wanted.some((file) => isWhole(file) && !isTaken(file))',
    without: 'wanted.length > 99',
    tests: ['test/unit/mark-lines.test.ts'],
  },
  {
    name: 'comments are those of the person, and of nobody who answers',
    file: 'src/threads/decide.ts',
    text: 'return comments.length === 0 ? decision : { ...decision, comments };',
    without: 'return comments.length === 0 ? answer : { ...decision, comments };',
    tests: MARKS,
  },
  {
    name: 'a selection takes nothing that is elsewhere',
    file: 'src/threads/mark-changes.ts',
    text: '(isLast && at.start === after)',
    without: 'isLast',
    tests: ['test/unit/mark-lines.test.ts'],
  },
  {
    name: 'what is typed over several changes is put back once',
    file: 'src/threads/mark-changes.ts',
    text: 'if (touched[index - 1]?.found?.old.start === found.old.start) continue;',
    without: '',
    tests: ['test/unit/mark-lines.test.ts'],
  },
  {
    name: 'no link in a message',
    file: 'src/workspace/plain-line.ts',
    text: ".replaceAll('](', ']\\u200B(')",
    without: '',
    tests: ['test/unit/plain-line.test.ts'],
  },
];
