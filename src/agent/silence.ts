/** Aborts a request on which nothing has been heard for too long. */
export interface SilenceWatch {
  /** Aborted with the caller's signal, or by silence. */
  readonly signal: AbortSignal;
  /** True if it was the silence. */
  readonly expired: boolean;
  /** Something came: the silence begins anew. */
  heard(): void;
  stop(): void;
}

export function watchSilence(signal: AbortSignal, seconds: number): SilenceWatch {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort();
  }, seconds * 1000);
  return {
    signal: AbortSignal.any([signal, silence.signal]),
    get expired() {
      return silence.signal.aborted;
    },
    heard() {
      timer.refresh();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
