import type { Place } from '../memory.ts';

const END_TOLERANCE_PX = 24;

/** Follows the end of the log while the reader is there, and leaves the reader alone elsewhere. */
export class ScrollKeeper {
  atEnd = true;
  private readonly scroller: HTMLElement;
  private readonly content: HTMLElement;
  private readonly observer: ResizeObserver;

  constructor(scroller: HTMLElement, content: HTMLElement, onMove: () => void) {
    this.scroller = scroller;
    this.content = content;
    scroller.addEventListener(
      'scroll',
      () => {
        const { scrollTop, scrollHeight, clientHeight } = scroller;
        this.atEnd = scrollHeight - scrollTop - clientHeight <= END_TOLERANCE_PX;
        onMove();
      },
      { passive: true },
    );
    this.observer = new ResizeObserver(() => {
      if (this.atEnd) this.toEnd();
    });
    this.observer.observe(scroller);
    this.observer.observe(content);
  }

  dispose(): void {
    this.observer.disconnect();
  }

  toEnd(): void {
    this.atEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Null at the end of the log. */
  place(): Place | null {
    if (this.atEnd) return null;
    const top = this.scroller.getBoundingClientRect().top;
    const child = this.firstBelow(top);
    const itemId = child?.dataset['key'];
    if (child === null || itemId === undefined) return null;
    return { itemId, offset: top - child.getBoundingClientRect().top };
  }

  goTo(place: Place | null): void {
    const child = place === null ? null : this.child(place.itemId);
    if (place === null || child === null) {
      this.toEnd();
      return;
    }
    this.atEnd = false;
    const from = this.scroller.getBoundingClientRect().top;
    this.scroller.scrollTop += child.getBoundingClientRect().top - from + place.offset;
  }

  private child(key: string): HTMLElement | null {
    return this.content.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`);
  }

  private firstBelow(top: number): HTMLElement | null {
    const { children } = this.content;
    let [low, high] = [0, children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const below = (children[middle]?.getBoundingClientRect().bottom ?? 0) > top;
      [low, high] = below ? [low, middle] : [middle + 1, high];
    }
    const found = children[low];
    return found instanceof HTMLElement ? found : null;
  }
}
