import { t } from '@vscode/l10n';
import type { Disposable } from '../shared/lifecycle.ts';
import type { ThreadEvent, ToolItem } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { type Terminal, harmless } from './terminal.ts';

const TOLD: readonly ToolItem['state'][] = ['proposed', 'approved', 'claimed', 'running'];

/** Says what is done as it is done and, on a screen, what the agent says as it says it. */
export function followProgress(core: Core, terminal: Terminal, isText: boolean): Disposable {
  const told = new Map<string, ToolItem['state']>();
  let isMidLine = false;
  const endLine = (): void => {
    if (isMidLine) terminal.print('\n');
    isMidLine = false;
  };
  const onEvent = (event: ThreadEvent): void => {
    if (event.kind === 'text' && isText && terminal.isScreen) {
      terminal.print(harmless(event.delta));
      isMidLine = true;
    }
    if (event.kind === 'status') endLine();
    if (event.kind !== 'item' || event.item.kind === 'user') return;
    endLine();
    if (event.item.kind === 'refusal') terminal.say(harmless(event.item.text));
    if (event.item.kind !== 'tool') return;
    const { id, state, title, detail } = event.item;
    if (TOLD.includes(state) || told.get(id) === state) return;
    told.set(id, state);
    const words = t('{0}: {1}', plainLine(title), state);
    const line = detail === '' ? words : `${words} (${plainLine(detail)})`;
    terminal.say(terminal.paint('dim', line));
  };
  return core.threads.onEvent(({ event }) => {
    onEvent(event);
  });
}
