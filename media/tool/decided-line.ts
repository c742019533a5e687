import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ProposalState } from '../../src/shared/decision.ts';
import { messageOf } from '../../src/shared/lifecycle.ts';
import type { ReviewView, ToolItem } from '../../src/shared/thread-view.ts';
import type { Panel } from '../panel.ts';
import { PlainElement } from '../plain-element.ts';
import { stateSign } from '../words.ts';
import { miniDiff } from './mini-diff.ts';
import { sizeOf } from './review-facts.ts';
import { toolWords } from './tool-line.ts';

/** What became of a proposal: a line that opens to the change, and takes it back where it can. */
export class DecidedLine extends PlainElement {
  static override properties = {
    item: { attribute: false },
    panel: { attribute: false },
    late: { attribute: false },
    expanded: { state: true },
    asking: { state: true },
    refusal: { state: true },
  };
  declare item: ToolItem;
  declare panel: Panel;
  /** What had become of the proposal when our answer came too late. */
  declare late: ProposalState | null;
  declare expanded: boolean;
  declare asking: boolean;
  /** Why the effect was not taken back. */
  declare refusal: string | null;

  constructor() {
    super();
    this.late = null;
    this.expanded = false;
    this.asking = false;
    this.refusal = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('item');
    if (before !== undefined && before.state !== this.item.state) this.refusal = null;
  }

  override render(): TemplateResult | typeof nothing {
    const { review } = this.item;
    if (review === null) return nothing;
    return html`<div class="decided">
        <button
          type="button"
          class="line summary"
          aria-expanded=${this.expanded ? 'true' : 'false'}
          @click=${this.toggle}
        >
          <span class="codicon codicon-chevron-${this.expanded ? 'down' : 'right'}"></span>
          ${toolWords(this.item, sizeOf(review))}
        </button>
        ${this.undoButton(review)}
      </div>
      ${
        this.late === null
          ? nothing
          : html`<p class="note" role="status">
              ${t('Already answered: {0}.', stateSign(this.late).words)}
            </p>`
      }
      ${
        this.refusal === null
          ? nothing
          : html`<p class="note card-error" role="alert">${this.refusal}</p>`
      }
      ${this.expanded ? miniDiff(review, this.openDiff) : nothing}`;
  }

  private undoButton({ undo }: ReviewView): TemplateResult | typeof nothing {
    if (undo === null) return nothing;
    const words = undo === 'undo' ? t('Undo') : t('Redo');
    return html`<button
      type="button"
      class="icon-button"
      data-testid=${undo}
      title=${words}
      aria-label=${`${words}: ${this.item.title}`}
      ?disabled=${this.asking}
      @click=${this.takeBack}
    >
      <span class="codicon codicon-${undo === 'undo' ? 'discard' : 'redo'}"></span>
    </button>`;
  }

  private readonly toggle = (): void => {
    this.expanded = !this.expanded;
  };

  private readonly openDiff = (): void => {
    if (this.item.review !== null) void this.panel.openDiff(this.item.review.proposalId);
  };

  private readonly takeBack = async (): Promise<void> => {
    const { proposalId, undo = null } = this.item.review ?? {};
    if (proposalId === undefined || undo === null || this.asking) return;
    this.asking = true;
    try {
      this.refusal = await this.panel.undo(proposalId, undo);
    } catch (error) {
      this.refusal = messageOf(error);
    }
    this.asking = false;
  };
}
