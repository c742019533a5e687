import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { RefusalItem, Resend } from '../../src/shared/thread-view.ts';
import type { Panel } from '../panel.ts';

/** Bubbles from where the user wants a text back in the box; its detail is the text. */
export const COMPOSE = 'cs-compose';

/** Why a message was blocked, and what can be done about it. */
export function refusalView(item: RefusalItem, panel: Panel): TemplateResult {
  const { thread } = panel;
  const busy = thread === null || thread.status === 'running' || thread.elsewhere;
  const button = (
    testId: string,
    label: string,
    title: string,
    press: (event: Event) => void,
  ): TemplateResult =>
    html`<button
      type="button"
      class="button secondary"
      data-testid=${testId}
      title=${title}
      ?disabled=${busy}
      @click=${press}
    >
      ${label}
    </button>`;
  const send = (way: Resend) => (): void => void panel.sendAgain(item.messageId, way);
  const edit = (event: Event): void => {
    const said = thread?.items.find(({ id }) => id === item.messageId);
    const detail = said?.kind === 'user' ? said.text : '';
    event.target?.dispatchEvent(new CustomEvent(COMPOSE, { detail, bubbles: true }));
  };
  return html`<div
    class="entry notice warning refusal"
    tabindex="-1"
    data-key=${item.id}
    data-item-id=${item.id}
    data-kind="refusal"
  >
    <span class="codicon codicon-shield"></span>
    <span class="notice-text" data-testid="refusal">${item.text}</span>
    ${
      item.unclear
        ? button('check-again', t('Check Again'), t('Check the message once more'), send('check'))
        : nothing
    }
    ${button('edit-blocked', t('Edit'), t('Put the message back into the box'), edit)}
    ${button(
      'send-anyway',
      t('Send Anyway'),
      t('Send the message to the agent as it is. That is written to the record.'),
      send('anyway'),
    )}
  </div>`;
}
