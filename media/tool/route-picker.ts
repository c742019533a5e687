import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { MODES, type Mode } from '../../src/shared/mode.ts';
import { modeName } from '../composer/mode-picker.ts';
import type { ReviewCard } from './review-card.ts';

/** In which mode the agent goes on with what it is told instead. */
export function routePicker({ answering, panel }: ReviewCard): TemplateResult {
  const chosen = answering.route;
  const choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    answering.takeRoute(MODES.find((mode) => mode === value) ?? null);
  };
  const option = (value: string, mode: Mode | null, label: string): TemplateResult =>
    html`<option value=${value} ?selected=${mode === chosen}>${label}</option>`;
  return html`<label class="route">
    <span>${t('Go on in the mode')}</span>
    <select class="mode" data-testid="route" .value=${chosen ?? ''} @change=${choose}>
      ${option('', null, t('as it is: {0}', modeName(panel.mode)))}
      ${MODES.map((mode) => option(mode, mode, modeName(mode)))}
    </select>
  </label>`;
}
