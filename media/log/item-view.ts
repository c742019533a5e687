import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { ThreadItem } from '../../src/shared/thread-view.ts';
import type { Panel } from '../panel.ts';
import { toolLine } from '../tool/tool-line.ts';
import type { Entry } from './entries.ts';
import { refusalView } from './refusal-view.ts';

export function entryView(entry: Entry, panel: Panel): TemplateResult {
  return entry.kind === 'item'
    ? itemView(entry.item, panel)
    : html`<cs-reads class="entry" data-key=${entry.key} .items=${entry.items}></cs-reads>`;
}

function itemView(item: ThreadItem, panel: Panel): TemplateResult {
  switch (item.kind) {
    case 'user':
      return html`<div
        class="entry user"
        tabindex="-1"
        data-key=${item.id}
        data-item-id=${item.id}
        data-kind="user"
      >
        <span class="sr-only">${t('You:')}</span><span class="user-text">${item.text}</span>
      </div>`;
    case 'answer':
      return html`<cs-answer
        class="entry"
        tabindex="-1"
        data-key=${item.id}
        data-item-id=${item.id}
        data-kind="answer"
        aria-busy=${item.streaming ? 'true' : 'false'}
        .text=${item.text}
      ></cs-answer>`;
    case 'refusal':
      return refusalView(item, panel);
    case 'tool':
      if (item.review === null) {
        return html`<div class="entry" data-key=${item.id}>${toolLine(item)}</div>`;
      }
      return html`<cs-review
        class="entry"
        data-key=${item.id}
        data-item-id=${item.id}
        data-kind="tool"
        data-state=${item.state}
        .item=${item}
        .panel=${panel}
        .synced=${panel.synced && panel.thread?.elsewhere !== true}
      ></cs-review>`;
  }
}
