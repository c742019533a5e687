import type { VsCodeApi } from './host/vscode-api.ts';

/** Where the reader was: an item and how far its top was above the top of the log, in pixels. */
export interface Place {
  readonly itemId: string;
  readonly offset: number;
}

const KEPT_THREADS = 50;
const SAVE_AFTER_MS = 150;

/** Drafts and scroll positions by thread, kept by VS Code while the panel is hidden or reloaded. */
export class Memory {
  private readonly api: VsCodeApi;
  private readonly drafts: Map<string, string>;
  private readonly places: Map<string, Place>;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(api: VsCodeApi) {
    this.api = api;
    const stored = fields(api.getState());
    this.drafts = new Map(
      Object.entries(fields(stored['drafts'])).flatMap(([key, text]) =>
        typeof text === 'string' ? [[key, text]] : [],
      ),
    );
    this.places = new Map(
      Object.entries(fields(stored['places'])).flatMap(([key, place]) => {
        const { itemId, offset } = fields(place);
        return typeof itemId === 'string' && typeof offset === 'number'
          ? [[key, { itemId, offset }]]
          : [];
      }),
    );
  }

  draft(thread: string | null): string {
    return this.drafts.get(keyOf(thread)) ?? '';
  }

  keepDraft(thread: string | null, text: string): void {
    keep(this.drafts, keyOf(thread), text === '' ? null : text);
    this.saveSoon();
  }

  /** Null means the end of the log, which is then followed. */
  place(thread: string): Place | null {
    return this.places.get(thread) ?? null;
  }

  keepPlace(thread: string, place: Place | null): void {
    keep(this.places, thread, place);
    this.saveSoon();
  }

  save(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.api.setState({
      drafts: Object.fromEntries(this.drafts),
      places: Object.fromEntries(this.places),
    });
  }

  private saveSoon(): void {
    this.timer ??= setTimeout(() => {
      this.save();
    }, SAVE_AFTER_MS);
  }
}

function keyOf(thread: string | null): string {
  return thread ?? '';
}

function keep<T>(map: Map<string, T>, key: string, value: T | null): void {
  map.delete(key);
  if (value !== null) map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= KEPT_THREADS) return;
    map.delete(oldest);
  }
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
