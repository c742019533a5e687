/** A bucket of tokens: so many at once, and so many more in a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Takes one; how many seconds to wait, if there is none left, else 0. */
export type Take = () => number;

/** @param now in milliseconds, of a clock that only goes forward */
export function createBucket({ burst, perSecond }: Rate, now: () => number): Take {
  let left = burst;
  let at = now();
  return () => {
    const time = now();
    left = Math.min(burst, left + ((time - at) / 1000) * perSecond);
    at = time;
    if (left < 1) return Math.ceil((1 - left) / perSecond);
    left--;
    return 0;
  };
}
