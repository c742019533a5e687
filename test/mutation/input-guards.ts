import type { Guard } from './guards.ts';

const CLASSIFIER = 'src/agent/guard/classifier.ts';
const GUARD = 'src/agent/guard/guard.ts';
const at = (...names: string[]): string[] => names.map((name) => `test/unit/${name}.test.ts`);

/** What stands before the agent, and what holds it to its mode. */
export const INPUT_GUARDS: readonly Guard[] = [
  {
    name: 'a verdict has come to its end',
    file: CLASSIFIER,
    text: `const ended = finishReasons.length === 1 && finishReasons[0] === 'stop';`,
    without: `const ended = finishReasons.length < 9;`,
    tests: at('guard-server'),
  },
  {
    name: 'a verdict is the word alone',
    file: CLASSIFIER,
    text: `if (word === 'ALLOW') return`,
    without: `if (word.includes('ALLOW')) return`,
    tests: at('guard-server'),
  },
  {
    name: 'a blocked message is in no later request',
    file: GUARD,
    text: `['blocked', 'refusal'].includes(`,
    without: `['refusal'].includes(`,
    tests: at('guard'),
  },
  {
    name: 'a text that is too long to check',
    file: GUARD,
    text: `words.length > MOST ? tooLong(words) : `,
    without: `words.length > 9 * MOST ? tooLong(words) : `,
    tests: at('guard'),
  },
  {
    name: 'sending anyway is on record',
    file: 'src/threads/thread.ts',
    text: `if (way === 'anyway') {`,
    without: `if (way !== 'anyway' && way !== 'check') {`,
    tests: at('guard'),
  },
  {
    name: 'a tool that the mode has not',
    file: 'src/agent/tool-task.ts',
    text: `if (!isBound(tool, mode)) {`,
    without: `if (!isBound(tool, 'act')) {`,
    tests: at('modes'),
  },
  {
    name: 'questions in one turn',
    file: 'src/agent/questions.ts',
    text: `return before < MAX_QUESTIONS`,
    without: `return before < 9 * MAX_QUESTIONS`,
    tests: at('questions'),
  },
];
