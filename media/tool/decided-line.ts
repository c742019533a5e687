import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ProposalState } from '../../src/shared/decision.ts';
import { messageOf } from '../../src/shared/lifecycle.ts';
import type { ReviewView, ToolItem } from '../../src/shared/thread-view.ts';
import { giveFocus } from '../focus.ts';
import type { Panel } from '../panel.ts';
import { PlainElement } from '../plain-element.ts';
import { lateNote } from './card-parts.ts';
import { commandView } from './command-view.ts';
import { Choice } from './choice.ts';
import { fileList, sizeOf } from './file-list.ts';
import { evidenceList } from './outcome-card.ts';
import { toolWords } from './tool-line.ts';
import { visibleText } from './visible-text.ts';

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

  private hadFocus = false;

  /** Which files are open; nothing can be chosen any more. */
  private readonly choice = new Choice(() => {
    this.requestUpdate();
  });

  constructor() {
    super();
    this.late = null;
    this.expanded = false;
    this.asking = false;
    this.refusal = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('item');
    this.hadFocus = this.contains(document.activeElement);
    if (this.item.review !== null) this.choice.show(this.item.review);
    if (before !== undefined && before.state !== this.item.state) this.refusal = null;
  }

  /** The button that had the focus may be gone. */
  override updated(): void {
    if (this.hadFocus && document.activeElement === document.body) {
      giveFocus(this.querySelector<HTMLElement>('.summary'));
    }
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
          ${toolWords(this.item, review.files.length === 0 ? nothing : sizeOf(review))}
        </button>
        ${this.undoButton(review)}
      </div>
      ${lateNote(this.late)}
      ${
        this.refusal === null
          ? nothing
          : html`<p class="note card-error" role="alert">${this.refusal}</p>`
      }
      ${this.expanded ? this.changes(review) : nothing}`;
  }

  private changes(review: ReviewView): TemplateResult {
    const { question, files } = review;
    return html`${
      question === null ? nothing : html`<p class="question">${visibleText(question.text)}</p>`
    }
    ${review.command === null ? nothing : commandView(review.command)} ${evidenceList(review)}
    ${commentList(review)}
    ${
      files.length === 0
        ? nothing
        : fileList(files, {
            choice: this.choice,
            ticks: null,
            openDiff: this.openDiff,
            skip: null,
          })
    }`;
  }

  private undoButton({ undo }: ReviewView): TemplateResult | typeof nothing {
    if (undo === null) return nothing;
    const words = undo === 'undo' ? t('Undo') : t('Redo');
    return html`<button
      type="button"
      class="icon-button"
      data-testid=${undo}
      title=${words}
      aria-label=${t('{0}: {1}', words, this.item.title)}
      aria-disabled=${this.asking ? 'true' : 'false'}
      @click=${this.takeBack}
    >
      <span class="codicon codicon-${undo === 'undo' ? 'discard' : 'redo'}"></span>
    </button>`;
  }

  private readonly toggle = (): void => {
    this.expanded = !this.expanded;
  };

  private readonly openDiff = (operation: number | null): void => {
    const { review } = this.item;
    if (review !== null) void this.panel.openDiff(review.proposalId, operation);
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

function commentList({ comments }: ReviewView): TemplateResult | typeof nothing {
  if (comments.length === 0) return nothing;
  return html`<ul class="comments" aria-label=${t('What you said to single changes')}>
    ${comments.map(
      ({ path, range, comment }) =>
        html`<li data-testid="comment">
          <span class="path">${visibleText(`${path}:${range.start + 1}`)}</span>
          ${visibleText(comment)}
        </li>`,
    )}
  </ul>`;
}
