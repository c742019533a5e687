import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

export function emptyState(choose: (prompt: string) => void): TemplateResult {
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
