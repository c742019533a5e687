import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';

/** Leads a reader who is elsewhere to what waits for an answer, or else to the end. */
export function jumpButton(
  behind: boolean,
  waiting: number,
  toLatest: () => void,
  toWaiting: () => void,
): TemplateResult | typeof nothing {
  if (waiting > 0) {
    return html`<button
      type="button"
      class="button secondary latest"
      data-testid="show-waiting"
      @click=${toWaiting}
    >
      <span class="codicon codicon-debug-pause"></span>
      ${waiting === 1 ? t('1 decision is waiting') : t('{0} decisions are waiting', waiting)}
    </button>`;
  }
  return behind
    ? html`<button
        type="button"
        class="button secondary latest"
        data-testid="latest"
        @click=${toLatest}
      >
        <span class="codicon codicon-arrow-down"></span> ${t('Jump to latest')}
      </button>`
    : nothing;
}
