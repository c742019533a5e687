/** Something that holds a resource until it is disposed. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** A typed event: calling it subscribes, disposing the result unsubscribes. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

export interface Emitter<T> extends Disposable {
  readonly event: Event<T>;
  /** Listeners run in order of subscription. Must not throw: a listener's error goes to `onError`. */
  fire(value: T): void;
}

export function createEmitter<T>(onError: (error: unknown) => void = () => undefined): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    event(listener) {
      const own = (value: T): void => {
        listener(value);
      };
      listeners.add(own);
      return {
        dispose: () => {
          listeners.delete(own);
        },
      };
    },
    fire(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          onError(error);
        }
      }
    },
    dispose() {
      listeners.clear();
    },
  };
}

/** Ends a `switch` over a discriminated union; a missing case is then a type error. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** One line of text for a person or a log; never a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
