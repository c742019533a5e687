import { setTimeout } from 'node:timers/promises';

/**
 * Waits until `condition` gives something truthy and returns that. An exception counts as "not yet";
 * the last one is in the message when time is up.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeout = 30_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + timeout;
  let last: unknown;
  do {
    try {
      const found = await condition();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await setTimeout(25);
  } while (Date.now() < end);
  throw new Error(`not within ${timeout} ms: ${what}`, { cause: last });
}
