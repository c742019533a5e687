import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { hasMainModifier } from '../words.ts';

/** The longest text that the host takes, in UTF-16 units. */
const MAX_TEXT = 1_000_000;

export interface AnswerBox {
  readonly testId: string;
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  /** Why it was not sent, or null. */
  readonly fault: string | null;
  /** Enter begins a line, and sends only with Ctrl or Cmd. */
  readonly manyLines: boolean;
  /** Its text is not there yet. */
  readonly waits: boolean;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  readonly onCancel: () => void;
}

/** Enter sends, Shift+Enter begins a line, Esc goes back. */
export function answerBox(box: AnswerBox): TemplateResult {
  return html`<label class="reason">
      <span>${box.label}</span>
      <textarea
        data-testid=${box.testId}
        rows=${box.manyLines ? 6 : 2}
        class=${box.manyLines ? 'code' : ''}
        maxlength=${MAX_TEXT}
        placeholder=${box.placeholder}
        aria-invalid=${box.fault === null ? 'false' : 'true'}
        spellcheck=${box.manyLines ? 'false' : 'true'}
        ?readonly=${box.waits}
        .value=${live(box.text)}
        @keydown=${keydownOf(box)}
        @input=${(event: InputEvent) => {
          if (event.target instanceof HTMLTextAreaElement) box.onText(event.target.value);
        }}
      ></textarea>
    </label>
    ${
      box.fault === null
        ? nothing
        : html`<p class="card-error" role="alert" data-testid="answer-fault">
            <span class="codicon codicon-error"></span> <span>${box.fault}</span>
          </p>`
    }`;
}

function keydownOf(box: AnswerBox): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.isComposing) return;
    const enter = event.key === 'Enter' && !event.shiftKey && !event.altKey;
    const sends = enter && (!box.manyLines || hasMainModifier(event));
    if (!sends && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') box.onCancel();
    else if (!event.repeat) box.onSend();
  };
}
