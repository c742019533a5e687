import './main.css';
import { LitElement, html, type TemplateResult } from 'lit';

class App extends LitElement {
  override render(): TemplateResult {
    return html`<main aria-label="Countersign">Nothing changes until you countersign.</main>`;
  }
}

customElements.define('cs-app', App);
