import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { DiffRow, ReviewView } from '../../src/shared/thread-view.ts';
import { visibleText } from './visible-text.ts';

const SIGNS = { added: '+', removed: '−', context: ' ', gap: '⋯' };

export function miniDiff(review: ReviewView, openDiff: () => void): TemplateResult {
  const digits = Math.max(1, ...review.diff.map(({ line }) => String(line ?? '').length));
  return html`<div
      class="diff"
      role="region"
      tabindex="0"
      aria-label=${t('Proposed change of {0}', review.path)}
      data-digits=${Math.min(digits, 6)}
    >
      ${
        review.diff.length === 0
          ? html`<div class="row gap"><span class="row-text">${t('No text')}</span></div>`
          : review.diff.map(row)
      }
    </div>
    ${
      review.moreRows === 0
        ? nothing
        : html`<button type="button" class="link more-rows" @click=${openDiff}>
            ${
              review.moreRows === 1
                ? t('… 1 more line: open the diff')
                : t('… {0} more lines: open the diff', review.moreRows)
            }
          </button>`
    }`;
}

function row({ kind, line, text }: DiffRow): TemplateResult {
  return html`<div class="row ${kind}">
    <span class="row-line">${line ?? ''}</span><span class="row-sign">${SIGNS[kind]}</span
    ><span class="row-text">${visibleText(text)}</span>
  </div>`;
}
