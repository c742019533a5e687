import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { Mode } from '../shared/mode.ts';
import { type TurnInput, written } from './turn-input.ts';
import type { ViewKeeper } from './view-keeper.ts';

export interface ThreadModeDeps {
  readonly index: Pick<ThreadIndex, 'find' | 'setMode'>;
  readonly ledger: Ledger;
}

/** The mode of a thread: the one of its last turn, and the one that the next message is sent in. */
export class ThreadMode {
  readonly #deps: ThreadModeDeps;
  readonly #view: ViewKeeper;
  #ofTurn: Mode = 'act';

  constructor(deps: ThreadModeDeps, view: ViewKeeper) {
    this.#deps = deps;
    this.#view = view;
  }

  /** A turn in this mode is stored. */
  began(mode: Mode): void {
    this.#ofTurn = mode;
  }

  /** Keeps the mode of the next message; null: as it is. */
  async keep(mode: Mode | null): Promise<void> {
    const { threadId } = this.#view.snapshot().view;
    if (mode === null) return;
    const { index } = this.#deps;
    if (index.find(threadId)?.mode !== mode) await index.setMode(threadId, mode);
    this.#view.mode(mode);
  }

  /** A new message; without a mode, in the one that is kept. */
  compose(text: string, mode?: Mode): TurnInput {
    const { threadId, mode: kept } = this.#view.snapshot().view;
    return written(text, mode ?? kept, { threadId, mode: this.#ofTurn }, this.#deps.ledger);
  }
}
