import { LitElement } from 'lit';

/** Draws into the page itself: one style sheet for all, and selection and search see one text. */
export class PlainElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
