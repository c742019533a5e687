import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Environment } from '../../src/shared/protocol.ts';
import type { Panel } from '../panel.ts';

/** What a new user meets: what it is, what it found, and something to try. */
export function emptyState(choose: (prompt: string) => void, panel: Panel): TemplateResult {
  const { environment } = panel;
  const prompts = [
    t('list files'),
    t('create notes.md with Hello from Countersign'),
    t('replace World with Countersign in README.md'),
  ];
  return html`<div class="empty">
    <h2>Countersign</h2>
    <p class="tagline">${t('Nothing changes until you countersign.')}</p>
    <p>
      ${t('Say what you want. The agent reads freely; every change waits here for your approval.')}
    </p>
    ${environment?.readiness === 'ready' ? found(environment, panel) : nothing}
    <ul class="examples" aria-label=${t('Examples')}>
      ${prompts.map(
        (prompt) =>
          html`<li>
            <button
              type="button"
              class="example"
              @click=${() => {
                choose(prompt);
              }}
            >
              <span class="codicon codicon-arrow-small-right"></span> ${prompt}
            </button>
          </li>`,
      )}
    </ul>
  </div>`;
}

/** In the place of conversations that cannot be opened. */
export function closedState(): TemplateResult {
  return html`<div class="empty" data-testid="closed">
    <h2>${t('Your conversations are not shown')}</h2>
    <p>${t('Below is what happened to them, and what you can do.')}</p>
  </div>`;
}

/** What there is to work with, said plainly, and the way to change it. */
function found({ demo, endpoint, keySet, modelLabel }: Environment, panel: Panel): TemplateResult {
  return html`<section class="found" aria-label=${t('What was found')} data-testid="found">
    <dl>
      <dt>${t('Model')}</dt>
      <dd>${demo ? t('Demo model, built in and offline') : modelLabel}</dd>
      <dt>${t('Server')}</dt>
      <dd>${endpoint ?? t('None is set')}</dd>
      <dt>${t('API key')}</dt>
      <dd>${keySet ? t('Stored in the editor’s secret storage') : t('None is stored')}</dd>
    </dl>
    <div class="found-actions">
      <button type="button" class="link" @click=${() => void panel.runCommand('setUpModel')}>
        ${demo ? t('Set up a model') : t('Change the model')}
      </button>
      <button type="button" class="link" @click=${() => void panel.runCommand('openWalkthrough')}>
        ${t('Open the walkthrough')}
      </button>
    </div>
  </section>`;
}
