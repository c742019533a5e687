#!/usr/bin/env node
// The command line `countersign`: what a command needs is loaded by that command. In a worker, the same
// file looks after the database.
import { t } from '@vscode/l10n';
import { realpathSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { UserFacingError, isUserFacing } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { type Invocation, UsageError, parseCommandLine } from './command-line.ts';
import { EXIT, HELP } from './help.ts';

/** Put there by the build. */
declare const COUNTERSIGN_VERSION: string | undefined;
const VERSION = typeof COUNTERSIGN_VERSION === 'string' ? COUNTERSIGN_VERSION : '0.0.0';

/** The first version whose `node:sqlite` needs no flag. */
const OLDEST_NODE = [22, 13] as const;

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return;
  const message = t(
    'Countersign needs Node.js {0} or later; this is {1}.',
    OLDEST_NODE.join('.'),
    process.version,
  );
  throw new UserFacingError('notReady', message);
}

const commands = () => import('./cli-commands.ts');

async function carryOut(invocation: Invocation): Promise<number> {
  if (invocation.kind !== 'help' && invocation.kind !== 'version') checkNode();
  switch (invocation.kind) {
    case 'help':
      process.stdout.write(HELP);
      return EXIT.done;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return EXIT.done;
    case 'run':
      return (await commands()).run(invocation, log);
    case 'serve': {
      const own = realpathSync(process.argv[1] ?? '');
      return (await commands()).serve(invocation, { own, version: VERSION, log });
    }
    case 'audit':
      return (await commands()).audit(invocation);
  }
}

async function main(): Promise<number> {
  try {
    return await carryOut(parseCommandLine(process.argv.slice(2), process.env));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`countersign: ${error.message}\n${t('See countersign --help.')}\n`);
      return EXIT.usage;
    }
    if (isUserFacing(error)) process.stderr.write(`countersign: ${error.message}\n`);
    else log(error);
    return EXIT.failed;
  }
}

/** What nobody foresaw, in a line; with its stack for who asks for it. */
function log(error: unknown): void {
  const isWanted = process.env['COUNTERSIGN_DEBUG'] !== undefined && error instanceof Error;
  const text = isWanted ? (error.stack ?? error.message) : messageOf(error);
  process.stderr.write(`countersign: ${text}\n`);
}

if (isMainThread) {
  // SQLite is called experimental by the Node versions that have it; that is no news to a user.
  process.removeAllListeners('warning').on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') log(warning);
  });
  void main().then((code) => (process.exitCode = code));
} else {
  void commands().then(({ maintain }) => maintain());
}
