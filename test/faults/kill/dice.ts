/** Random numbers that are the same again for the same seed. */
export interface Dice {
  /** A whole number from 0 to below the limit. */
  readonly below: (limit: number) => number;
  readonly of: <T>(choices: readonly [T, ...T[]]) => T;
}

/** A linear congruential generator, of which the upper bits are used (Knuth, TAOCP 2, 3.3.4). */
export function makeDice(seed: number): Dice {
  let state = BigInt(seed) & MASK;
  const below = (limit: number): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & MASK;
    return Number((state >> 33n) % BigInt(Math.max(1, limit)));
  };
  below(1);
  return { below, of: (choices) => choices[below(choices.length)] ?? choices[0] };
}

const MASK = (1n << 64n) - 1n;
