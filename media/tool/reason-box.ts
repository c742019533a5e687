import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

export interface ReasonBox {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  readonly onCancel: () => void;
}

/** Enter sends, Shift+Enter begins a line, Esc cancels. */
export function reasonBox({ text, onText, onSend, onCancel }: ReasonBox): TemplateResult {
  const onKeydown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const sends = event.key === 'Enter' && !event.shiftKey && !event.altKey;
    if (!sends && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') onCancel();
    else if (!event.repeat) onSend();
  };
  return html`<label class="reason">
    <span>${t('Why not? The agent is told this.')}</span>
    <textarea
      data-testid="reason"
      rows="2"
      placeholder=${t('Reason (may be empty)')}
      .value=${text}
      @keydown=${onKeydown}
      @input=${(event: InputEvent) => {
        if (event.target instanceof HTMLTextAreaElement) onText(event.target.value);
      }}
    ></textarea>
  </label>`;
}
