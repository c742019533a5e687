import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { Environment } from '../../src/shared/protocol.ts';
import type { Panel } from '../panel.ts';

/** Which model answers; the demo model is never mistaken for a real one. */
export function modelLine(environment: Environment, panel: Panel): TemplateResult {
  const setUp = (): void => void panel.runCommand('setUpModel');
  if (!environment.demo) {
    return html`<div class="model">
      <span class="codicon codicon-chip"></span>
      <button
        type="button"
        class="link model-label"
        data-testid="model"
        title=${whereFrom(environment)}
        @click=${setUp}
      >
        ${environment.modelLabel}
      </button>
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

function whereFrom({ endpoint, keySet }: Environment): string {
  const key = keySet ? t('with a stored key') : t('without a key');
  return endpoint === null ? t('The model that answers') : `${endpoint} (${key})`;
}
