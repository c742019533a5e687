import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Extent } from './selection.ts';

export interface TickBox {
  readonly testId: string;
  /** What it accepts, for those who do not see what stands beside it. */
  readonly label: string;
  readonly extent: Extent;
  readonly off: boolean;
  readonly onTick: (accepted: boolean) => void;
  /** Which change of its file it belongs to, if to one. */
  readonly change?: number;
}

/** Ticked in part, it is ticked whole by the next press. */
export function tickBox({ testId, label, extent, off, onTick, change }: TickBox): TemplateResult {
  return html`<input
    type="checkbox"
    class="tick"
    data-testid=${testId}
    data-change=${change ?? nothing}
    aria-label=${label}
    title=${label}
    .checked=${live(extent === 'all')}
    .indeterminate=${live(extent === 'some')}
    ?disabled=${off}
    @change=${(event: Event) => {
      if (event.target instanceof HTMLInputElement) onTick(event.target.checked);
    }}
  />`;
}
