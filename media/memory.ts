import { MODES, type Mode } from '../src/shared/mode.ts';

/** Where the reader was: an item and how far its top was above the top of the log, in pixels. */
export interface Place {
  readonly itemId: string;
  readonly offset: number;
}

const KEPT_THREADS = 50;
const SAVE_AFTER_MS = 150;
/** Up to so many characters, all that is kept goes to the host with every key. */
const AT_ONCE = 50_000;

/**
 * Drafts, scroll positions and chosen modes by thread. The host keeps them: what VS Code itself keeps of a webview
 * is lost when the view is moved, and when the window is reloaded too soon.
 */
export class Memory {
  private readonly store: (memory: string) => void;
  private readonly drafts = new Map<string, string>();
  private readonly places = new Map<string, Place>();
  private readonly modes = new Map<string, Mode>();
  private restored = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private saved = 0;
  private size = 0;

  constructor(store: (memory: string) => void) {
    this.store = store;
  }

  /** Takes over what was kept, the first time; what the user did meanwhile stays. */
  restore(kept: string): void {
    if (this.restored) return;
    this.restored = true;
    const stored = fields(parsed(kept));
    for (const [key, text] of Object.entries(fields(stored['drafts']))) {
      if (typeof text === 'string' && !this.drafts.has(key)) this.drafts.set(key, text);
    }
    for (const [key, mode] of Object.entries(fields(stored['modes']))) {
      const known = MODES.find((one) => one === mode);
      if (known !== undefined && !this.modes.has(key)) this.modes.set(key, known);
    }
    for (const [key, place] of Object.entries(fields(stored['places']))) {
      const { itemId, offset } = fields(place);
      if (typeof itemId !== 'string' || typeof offset !== 'number') continue;
      if (!this.places.has(key)) this.places.set(key, { itemId, offset });
    }
  }

  draft(thread: string | null): string {
    return this.drafts.get(keyOf(thread)) ?? '';
  }

  keepDraft(thread: string | null, text: string): void {
    keep(this.drafts, keyOf(thread), text === '' ? null : text);
    // The page may be gone with no warning, right after the last key.
    if (this.size + text.length <= AT_ONCE) this.save();
    else this.saveSoon();
  }

  /** What the user chose for the next message; null: nothing. */
  mode(thread: string | null): Mode | null {
    return this.modes.get(keyOf(thread)) ?? null;
  }

  keepMode(thread: string | null, mode: Mode | null): void {
    keep(this.modes, keyOf(thread), mode);
    this.save();
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
    if (!this.restored) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.saved = Date.now();
    const drafts = Object.fromEntries(this.drafts);
    const modes = Object.fromEntries(this.modes);
    const kept = JSON.stringify({ drafts, modes, places: Object.fromEntries(this.places) });
    this.size = kept.length;
    this.store(kept);
  }

  /** At once after a pause, else a little later. */
  private saveSoon(): void {
    if (Date.now() - this.saved > SAVE_AFTER_MS) this.save();
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

/** What was damaged is forgotten: it must not keep the panel from being drawn. */
function parsed(kept: string): unknown {
  try {
    return JSON.parse(kept);
  } catch {
    return null;
  }
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
