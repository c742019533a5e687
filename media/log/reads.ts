import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import { PlainElement } from '../plain-element.ts';
import { toolLine } from '../tool/tool-line.ts';
import { readsTitle } from '../words.ts';

/** Reads in a row: one is a line, more are a line that opens. */
export class Reads extends PlainElement {
  static override properties = {
    items: { attribute: false, hasChanged: differ },
    open: { state: true },
  };
  declare items: readonly ToolItem[];
  declare open: boolean;

  constructor() {
    super();
    this.items = [];
    this.open = false;
  }

  /** Opens, so that every read can be seen. */
  async show(): Promise<void> {
    this.open = true;
    await this.updateComplete;
  }

  override render(): TemplateResult {
    const [only] = this.items;
    if (only !== undefined && this.items.length === 1) return toolLine(only);
    const running = this.items.some(({ state }) => state === 'running');
    return html`<button
        type="button"
        class="line summary"
        aria-expanded=${this.open ? 'true' : 'false'}
        @click=${this.toggle}
      >
        <span class="codicon codicon-chevron-${this.open ? 'down' : 'right'}"></span>
        <span class="line-title">${readsTitle(this.items)}</span>
        ${
          running
            ? html`<span class="codicon codicon-loading codicon-modifier-spin"></span>`
            : nothing
        }
      </button>
      <div class="reads" ?hidden=${!this.open}>
        ${repeat(this.items, ({ id }) => id, toolLine)}
      </div>`;
  }

  private readonly toggle = (): void => {
    this.open = !this.open;
  };
}

function differ(now: readonly ToolItem[], before: readonly ToolItem[] | undefined): boolean {
  return now.length !== before?.length || now.some((item, index) => item !== before[index]);
}
