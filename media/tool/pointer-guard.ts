import type { ReactiveController, ReactiveControllerHost } from 'lit';

const STILL_FOR_MS = 500;

/**
 * Lets a pointer decide only where the buttons have been in sight and in one place for half a
 * second: what slides under the pointer is not clicked by accident.
 */
export class PointerGuard implements ReactiveController {
  armed = false;
  private readonly host: ReactiveControllerHost & HTMLElement;
  private readonly targets: () => Iterable<Element>;
  private readonly observer = new ResizeObserver(() => {
    this.check();
  });
  private readonly moved = (): void => {
    this.check();
  };
  private where: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, targets: () => Iterable<Element>) {
    this.host = host;
    this.targets = targets;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('scroll', this.moved, { capture: true, passive: true });
    document.addEventListener('visibilitychange', this.restart);
    window.addEventListener('resize', this.moved, { passive: true });
    const scroller = this.host.closest('[role="log"]');
    if (scroller !== null) this.observer.observe(scroller);
    if (scroller?.firstElementChild) this.observer.observe(scroller.firstElementChild);
  }

  hostDisconnected(): void {
    document.removeEventListener('scroll', this.moved, { capture: true });
    document.removeEventListener('visibilitychange', this.restart);
    window.removeEventListener('resize', this.moved);
    this.observer.disconnect();
    this.stopTimer();
  }

  hostUpdated(): void {
    this.check();
  }

  /** Measured anew, so that no unnoticed move slips through. */
  accepts(): boolean {
    this.check();
    return this.armed;
  }

  readonly restart = (): void => {
    this.where = null;
    this.check();
  };

  private check(): void {
    const where = placeOf(this.targets());
    if (where !== null && where === this.where) return;
    this.where = where;
    this.stopTimer();
    this.setArmed(false);
    if (where === null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (placeOf(this.targets()) === this.where) this.setArmed(true);
      else this.check();
    }, STILL_FOR_MS);
  }

  private setArmed(armed: boolean): void {
    if (this.armed === armed) return;
    this.armed = armed;
    this.host.requestUpdate();
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** Where all of them are; null where none can be seen. */
function placeOf(elements: Iterable<Element>): string | null {
  if (document.visibilityState !== 'visible') return null;
  const places = [...elements].map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const frame = element.closest('[role="log"]')?.getBoundingClientRect();
    const seen = frame === undefined || (top < frame.bottom && top + height > frame.top);
    return { seen, where: [left, top, width, height].map(Math.round).join() };
  });
  return places.some(({ seen }) => seen) ? places.map(({ where }) => where).join(' ') : null;
}
