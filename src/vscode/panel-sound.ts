import type { SoundOutcome } from '../shared/protocol.ts';
import { wait } from './pause.ts';

/** How long the panel has for an answer, in milliseconds. */
const PATIENCE = 3000;

/** The sound that the panel plays: it is on the user's machine, wherever the extension runs. */
export class PanelSound {
  readonly #ask: () => void;
  #answer: ((isPlayed: boolean) => void) | null = null;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** False if the panel may not, or does not answer. */
  play(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#answer?.(false);
      this.#answer = resolve;
      this.#ask();
      void wait(PATIENCE).then(() => {
        resolve(false);
      });
    });
  }

  answered(outcome: SoundOutcome): void {
    this.#answer?.(outcome === 'played');
    this.#answer = null;
  }
}
