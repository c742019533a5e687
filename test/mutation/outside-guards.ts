import type { Guard } from './guards.ts';

const GUARDS = 'src/server/guards.ts';
const CHAT = 'src/server/chat.ts';
const DECIDE = 'src/server/terminal-decide.ts';
const at = (name: string): string[] => [`test/unit/${name}.test.ts`];

/** What keeps a program outside from more than it was given. */
export const OUTSIDE_GUARDS: readonly Guard[] = [
  {
    name: 'token of a request',
    file: GUARDS,
    text: 'if (isToken(given, token)) {',
    without: `if (given !== '' || isToken(given, token)) {`,
    tests: at('http-api-attacks'),
  },
  {
    name: 'host of a request',
    file: GUARDS,
    text: '!hosts.includes(host.toLowerCase()) || !isOwn',
    without: '!isOwn',
    tests: at('http-api-attacks'),
  },
  {
    name: 'origin of a request',
    file: GUARDS,
    text: `origin === undefined ||`,
    without: `origin !== '' ||`,
    tests: at('http-api-attacks'),
  },
  {
    name: 'what is no JSON',
    file: GUARDS,
    text: `if (req.method === 'POST' &&`,
    without: `if (req.method === 'PUT' &&`,
    tests: at('http-api-attacks'),
  },
  {
    name: 'guesses of the token',
    file: GUARDS,
    text: 'slowDown(context, guesses());',
    without: 'void guesses;',
    tests: at('http-api-attacks'),
  },
  {
    name: 'an approval names what was shown',
    file: CHAT,
    text: 'if (approves(decision) && !named && ',
    without: `if (approves(decision) && effectHash === '' && !named && `,
    tests: at('http-api'),
  },
  {
    name: 'a question withdraws nothing',
    file: CHAT,
    text: 'if (waiting.length > 0) throw stillWaits',
    without: 'if (waiting.length > 99) throw stillWaits',
    tests: at('http-api'),
  },
  {
    name: 'who is asked about what cannot be taken back',
    file: CHAT,
    text: `const from = { by: 'http', confirm: this.#deps.confirm } as const;`,
    without: `const from = { by: 'http', confirm: () => Promise.resolve(true) } as const;`,
    tests: at('http-api'),
  },
  {
    name: 'nobody at the terminal',
    file: 'src/server/terminal.ts',
    text: 'if (!isInteractive || signal.aborted) return null;',
    without: 'if (signal.aborted) return null;',
    tests: at('terminal'),
  },
  {
    name: 'the rule for edits: nothing hidden',
    file: DECIDE,
    text: 'hiddenCharacters === 0',
    without: 'hiddenCharacters < 99',
    tests: at('terminal'),
  },
  {
    name: 'the rule for edits: no deleting',
    file: DECIDE,
    text: `isText && (change === 'edit' || change === 'create')`,
    without: `isText || change === 'delete'`,
    tests: at('terminal'),
  },
  {
    name: 'a token file that others may read',
    file: 'src/server/state-folder.ts',
    text: '(mode & 0o077) !== 0',
    without: 'mode < 0',
    tests: at('headless-settings'),
  },
];
