import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { Environment } from '../../src/shared/protocol.ts';
import type { Panel } from '../panel.ts';

/** Which model answers; the demo model is never mistaken for a real one. */
export function modelLine({ demo, modelLabel }: Environment, panel: Panel): TemplateResult {
  const setUp = (): void => void panel.runCommand('openSettings');
  if (!demo) {
    return html`<div class="model">
      <span class="codicon codicon-chip"></span>
      <span class="model-label" title=${t('The model that answers')}>${modelLabel}</span>
    </div>`;
  }
  return html`<div class="model">
    <span class="badge" data-testid="demo-badge">
      <span class="codicon codicon-beaker"></span>
      ${t('Demo model — offline, no key needed')}
    </span>
    <button type="button" class="link" data-testid="set-up-model" @click=${setUp}>
      ${t('Set up a model')}
    </button>
  </div>`;
}
