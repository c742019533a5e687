import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ReviewView, ToolItem } from '../../src/shared/thread-view.ts';
import { kindIcon, lineCount } from '../words.ts';
import { visibleText } from './visible-text.ts';

export function sizeOf({ added, removed }: ReviewView): TemplateResult {
  return html`<span class="size" role="img" aria-label=${lineCount(added, removed)}
    ><span class="size-added">+${added}</span> <span class="size-removed">−${removed}</span></span
  >`;
}

/** What would happen, where, why it asks and how risky it is, in words. */
export function reviewFacts(item: ToolItem, review: ReviewView): TemplateResult {
  const high = review.risk === 'high';
  return html`<div class="card-head">
      <span class="codicon ${kindIcon(item.toolKind)}"></span>
      <span class="card-title">${visibleText(item.title)}</span>
      ${sizeOf(review)}
    </div>
    <dl class="facts">
      <dt>${t('File')}</dt>
      <dd class="path">
        ${visibleText(review.path)}
        ${review.deletes ? html`<span class="tag">${t('deletes the file')}</span>` : nothing}
        ${review.creates ? html`<span class="tag">${t('creates a new file')}</span>` : nothing}
      </dd>
      <dt>${t('Tool')}</dt>
      <dd><code>${visibleText(item.toolName)}</code></dd>
      <dt>${t('Why it asks')}</dt>
      <dd>${visibleText(review.why)}</dd>
      <dt>${t('Risk')}</dt>
      <dd class="risk" data-risk=${review.risk}>
        ${high ? html`<span class="codicon codicon-warning"></span>` : nothing}
        ${high ? t('High') : t('Low')}
      </dd>
    </dl>
    ${
      review.hiddenCharacters === 0
        ? nothing
        : html`<p class="warning">
            <span class="codicon codicon-eye-closed"></span>
            ${
              review.hiddenCharacters === 1
                ? t('1 hidden character is added. It is marked in the change.')
                : t(
                    '{0} hidden characters are added. They are marked in the change.',
                    review.hiddenCharacters,
                  )
            }
          </p>`
    }`;
}
