import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { assertNever } from '../../src/shared/lifecycle.ts';
import { MODES, type Mode } from '../../src/shared/mode.ts';
import type { Panel } from '../panel.ts';

export function modeName(mode: Mode): string {
  switch (mode) {
    case 'ask':
      return t('Ask');
    case 'plan':
      return t('Plan');
    case 'act':
      return t('Act');
    default:
      return assertNever(mode);
  }
}

function modeWords(mode: Mode): string {
  switch (mode) {
    case 'ask':
      return t('The agent reads and answers. It can propose nothing.');
    case 'plan':
      return t('The agent reads and makes a plan, which you can change and have carried out.');
    case 'act':
      return t('The agent may propose changes. Each waits for you.');
    default:
      return assertNever(mode);
  }
}

/** In which mode the next message is sent. */
export function modePicker(panel: Panel, mode: Mode, disabled: boolean): TemplateResult {
  const choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const chosen = MODES.find((one) => one === value);
    if (chosen !== undefined) panel.chooseMode(chosen);
  };
  return html`<select
    class="mode"
    data-testid="mode"
    aria-label=${t('Mode of the next message')}
    title=${`${modeWords(mode)} ${t('Change it with {0}', 'Ctrl+. (Cmd+.)')}`}
    .value=${mode}
    ?disabled=${disabled}
    @change=${choose}
  >
    ${MODES.map(
      (one) => html`<option value=${one} ?selected=${one === mode}>${modeName(one)}</option>`,
    )}
  </select>`;
}
