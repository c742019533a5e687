import { html, nothing, type TemplateResult } from 'lit';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import { kindIcon, stateSign } from '../words.ts';
import { visibleText } from './visible-text.ts';

/** A tool call in a line: what it was, and what became of it. */
export function toolLine(item: ToolItem): TemplateResult {
  return html`<div
    class="line"
    tabindex="-1"
    data-item-id=${item.id}
    data-kind="tool"
    data-state=${item.state}
  >
    ${toolWords(item)}
  </div>`;
}

export function toolWords(
  item: ToolItem,
  size: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const sign = stateSign(item.state, item.toolKind);
  const plain = item.state === 'done';
  return html`<span class="codicon ${kindIcon(item.toolKind)}"></span>
    <span class="line-text">
      <span class="line-title">${visibleText(item.title)}</span> ${size}
      <span class="line-state" data-state=${item.state}
        ><span class="codicon ${sign.icon}"></span
        ><span class=${plain ? 'sr-only' : 'line-words'}>${sign.words}</span></span
      >
      ${item.detail === '' ? nothing : html`<span class="line-detail">${visibleText(item.detail)}</span>`}
    </span>`;
}
