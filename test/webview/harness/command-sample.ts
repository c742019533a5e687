import type { CommandView } from '../../../src/shared/command.ts';
import type { ToolItem } from '../../../src/shared/thread-view.ts';
import { edit } from './samples.ts';

export const COMMAND: CommandView = {
  file: '/usr/bin/npm',
  argv: ['npm', 'run', 'a  b', '', '<b>\u202ebold</b>'],
  shell: null,
  cwd: '/home/me/project',
  env: [
    { name: 'CI', change: 'set', value: '1' },
    { name: 'API_KEY', change: 'hidden', value: '' },
    { name: 'HOME', change: 'unset', value: '' },
  ],
  timeLimit: 60,
  expiresAt: 1_800_000_000_000,
  unseen: ['npm runs scripts of the project and of its packages, which are not shown here.'],
};
export const IRRECOVERABLE = 'Run npm test? What a command has done cannot be taken back.';

/** A command that waits, with the id `e1`. */
export function command(
  over: Partial<CommandView> = {},
  itemOver: Partial<ToolItem> = {},
  evidence: readonly string[] = [],
): ToolItem {
  return edit(
    'e1',
    { toolName: 'run_command', toolKind: 'execute', title: 'Run npm test', ...itemOver },
    {
      ...{ files: [], path: '', risk: 'high', why: 'Default: every command asks' },
      irrecoverable: evidence.length === 0 ? [IRRECOVERABLE] : [],
      ...{ command: { ...COMMAND, ...over }, evidence },
    },
  );
}
