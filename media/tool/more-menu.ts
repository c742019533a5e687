import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { giveFocus } from '../focus.ts';
import { PlainElement } from '../plain-element.ts';

export interface MenuItem {
  readonly testId: string;
  readonly label: string;
  readonly icon: string;
  readonly run: () => void;
}

const GAP_PX = 2;

/** A button with a menu. The menu lies over the page, so that nothing moves and nothing cuts it off. */
export class MoreMenu extends PlainElement {
  static override properties = {
    items: { attribute: false },
    off: { attribute: false },
    open: { state: true },
  };
  declare items: readonly MenuItem[];
  declare off: boolean;
  declare open: boolean;

  constructor() {
    super();
    this.items = [];
    this.off = false;
    this.open = false;
    this.addEventListener('keydown', this.onKeydown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listen(false);
  }

  override render(): TemplateResult {
    return html`<button
        type="button"
        class="button secondary more"
        data-testid="more"
        aria-haspopup="menu"
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${t('More…')}
        title=${t('More answers')}
        ?disabled=${this.off}
        @click=${this.toggle}
      >
        <span class="codicon codicon-ellipsis"></span>
      </button>
      <div
        class="menu"
        role="menu"
        popover="manual"
        aria-label=${t('More answers')}
        @focusout=${this.onFocusOut}
      >
        ${this.items.map(
          ({ testId, label, icon, run }) =>
            html`<button
              type="button"
              class="menu-item"
              role="menuitem"
              tabindex="-1"
              data-testid=${testId}
              @click=${() => {
                this.close();
                run();
              }}
            >
              <span class="codicon ${icon}"></span> <span>${label}</span>
            </button>`,
        )}
      </div>`;
  }

  override updated(): void {
    if (this.off) this.close();
  }

  private get menu(): HTMLElement | null {
    return this.querySelector<HTMLElement>('[popover]');
  }

  private get button(): HTMLElement | null {
    return this.querySelector<HTMLElement>('[aria-haspopup]');
  }

  private readonly toggle = (): void => {
    if (this.open) this.close();
    else this.show(0);
  };

  private show(focused: number): void {
    const { menu, button } = this;
    if (menu === null || button === null || this.off) return;
    if (!this.open) menu.showPopover();
    this.open = true;
    this.listen(true);
    place(menu, button);
    this.focusItem(focused);
  }

  /** The focus goes back to the button if it was in the menu. */
  private readonly close = (): void => {
    const { menu } = this;
    if (menu === null || !this.open) return;
    const focused = menu.contains(document.activeElement);
    this.open = false;
    this.listen(false);
    menu.hidePopover();
    if (focused) giveFocus(this.button);
  };

  private listen(on: boolean): void {
    const act = on ? 'addEventListener' : 'removeEventListener';
    document[act]('pointerdown', this.onElsewhere, { capture: true });
    document[act]('scroll', this.close, { capture: true });
    window[act]('resize', this.close);
    window[act]('blur', this.close);
  }

  private readonly onElsewhere = ({ target }: Event): void => {
    if (!(target instanceof Node && this.contains(target))) this.close();
  };

  private readonly onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !this.contains(relatedTarget)) this.close();
  };

  private readonly onKeydown = (event: KeyboardEvent): void => {
    const items = [...this.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    const at = items.findIndex((item) => item === document.activeElement);
    const opens = at === -1 && (event.key === 'ArrowDown' || event.key === 'ArrowUp');
    if (at === -1 && !opens && !(this.open && event.key === 'Escape')) return;
    // Of what is typed here, nothing decides anything behind the menu.
    event.stopPropagation();
    if (opens) this.show(event.key === 'ArrowDown' ? 0 : -1);
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Tab') {
      this.close();
      return;
    } else {
      const next = nextItem(event, items, at);
      if (next === null) return;
      next.focus();
    }
    event.preventDefault();
  };

  private focusItem(index: number): void {
    [...this.querySelectorAll<HTMLElement>('[role="menuitem"]')].at(index)?.focus();
  }
}

/** Where a key leads in the menu: by arrows around, to the ends, or to what begins with a letter. */
function nextItem(
  { key, ctrlKey, metaKey, altKey }: KeyboardEvent,
  items: readonly HTMLElement[],
  at: number,
): HTMLElement | null {
  if (key === 'ArrowDown') return items.at((at + 1) % items.length) ?? null;
  if (key === 'ArrowUp') return items.at(at - 1) ?? null;
  if (key === 'Home') return items[0] ?? null;
  if (key === 'End') return items.at(-1) ?? null;
  if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || altKey) return null;
  const begins = (item: HTMLElement): boolean =>
    item.innerText.trim().toLowerCase().startsWith(key.toLowerCase());
  return [...items.slice(at + 1), ...items.slice(0, at + 1)].find(begins) ?? null;
}

/** Above the button if there is no room below it, and within the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + GAP_PX + height <= window.innerHeight;
  const top = below ? anchor.bottom + GAP_PX : anchor.top - GAP_PX - height;
  const left = Math.min(anchor.left, window.innerWidth - width - GAP_PX);
  menu.style.top = `${Math.max(0, top)}px`;
  menu.style.left = `${Math.max(0, left)}px`;
}
