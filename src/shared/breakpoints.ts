/** Where runs stop, by names of the graph's nodes. */
export interface Breakpoints {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export const NO_BREAKPOINTS: Breakpoints = { before: [], after: [] };

export function isWithout({ before, after }: Breakpoints): boolean {
  return before.length === 0 && after.length === 0;
}

/** All of both, each once. */
export function together(one: Breakpoints, other: Breakpoints): Breakpoints {
  return {
    before: [...new Set([...one.before, ...other.before])],
    after: [...new Set([...one.after, ...other.after])],
  };
}
