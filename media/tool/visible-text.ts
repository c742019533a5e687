import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

/** Characters that cannot be seen, or that turn the direction of what can; not tab and line feed. */
const HIDDEN = /([\p{Cf}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]|(?![\t\n])\p{Cc})/u;

/** A text in which nothing hides: what has no shape of its own is shown as its code point. */
export function visibleText(text: string): string | (string | TemplateResult)[] {
  const parts = text.split(HIDDEN);
  return parts.length === 1 ? text : parts.map((part, index) => (index % 2 ? mark(part) : part));
}

function mark(character: string): TemplateResult {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return html`<span class="hidden-character" title=${t('Hidden character')}>U+${code}</span>`;
}
