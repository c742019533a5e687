import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { FileView, ReviewView, ToolItem } from '../../src/shared/thread-view.ts';
import { kindIcon } from '../words.ts';
import { pathOf, sizeOf } from './file-list.ts';
import { visibleText } from './visible-text.ts';

export function cardHead(
  item: ToolItem,
  icon: string,
  size: TemplateResult | typeof nothing,
): TemplateResult {
  return html`<div class="card-head">
    <span class="codicon ${icon}"></span>
    <span class="card-title">${visibleText(item.title)}</span>
    ${size}
  </div>`;
}

/** What would happen, where, why it asks and how risky it is, in words. */
export function reviewFacts(item: ToolItem, review: ReviewView): TemplateResult {
  const [only] = review.files;
  const single = review.files.length === 1 ? only : undefined;
  return html`${cardHead(item, kindIcon(item.toolKind), sizeOf(review))}
    <dl class="facts">
      <dt>${single === undefined ? t('Files') : t('File')}</dt>
      <dd>
        ${single === undefined ? totals(review) : html`${pathOf(single)} ${changeTag(single)}`}
      </dd>
      ${whyFacts(item, review)} ${factRows(review.facts)}
    </dl>`;
}

/** Who asks, why, and how risky it is. */
export function whyFacts(item: ToolItem, review: ReviewView): TemplateResult {
  const high = review.risk === 'high';
  return html`<dt>${t('Tool')}</dt>
    <dd><code>${visibleText(item.toolName)}</code></dd>
    <dt>${t('Why it asks')}</dt>
    <dd>${visibleText(review.why)}</dd>
    <dt>${t('Risk')}</dt>
    <dd class="risk" data-risk=${review.risk}>
      ${high ? html`<span class="codicon codicon-warning"></span>` : nothing}
      ${high ? t('High') : t('Low')}
    </dd>`;
}

function factRows(facts: readonly string[]): TemplateResult | typeof nothing {
  if (facts.length === 0) return nothing;
  return html`<dt>${t('Note')}</dt>
    ${facts.map((fact) => html`<dd data-testid="fact">${visibleText(fact)}</dd>`)}`;
}

function changeTag({ change }: FileView): TemplateResult | typeof nothing {
  if (change === 'edit') return nothing;
  const words = {
    create: t('creates a new file'),
    delete: t('deletes the file'),
    move: t('moves the file'),
  }[change];
  return html`<span class="tag">${words}</span>`;
}

/** "12: 8 edited, 3 new, 1 deleted". */
function totals({ files, path }: ReviewView): string | ReturnType<typeof visibleText> {
  const count = (change: FileView['change']): number =>
    files.filter((file) => file.change === change).length;
  const parts = [
    { many: count('edit'), words: (many: number) => t('{0} edited', many) },
    { many: count('create'), words: (many: number) => t('{0} new', many) },
    { many: count('move'), words: (many: number) => t('{0} moved', many) },
    { many: count('delete'), words: (many: number) => t('{0} deleted', many) },
  ].flatMap(({ many, words }) => (many === 0 ? [] : [words(many)]));
  return parts.length === 0 ? visibleText(path) : `${files.length}: ${parts.join(', ')}`;
}
