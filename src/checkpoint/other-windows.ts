import type { Disposable } from '../shared/lifecycle.ts';
import type { Database } from './database.ts';

/** How often it is looked, in milliseconds. */
const PERIOD = 500;

/**
 * Looks again and again whether others have stored something
 * (https://www.sqlite.org/pragma.html#pragma_data_version: a few microseconds, without a lock), and
 * tells each time whether they have.
 */
export function watchOtherWindows(
  database: Pick<Database, 'get'>,
  onLook: (changed: boolean) => void,
): Disposable {
  const version = (): unknown => database.get('PRAGMA data_version')?.['data_version'];
  let seen = version();
  const timer = setInterval(() => {
    const now = version();
    const changed = now !== seen;
    seen = now;
    onLook(changed);
  }, PERIOD);
  timer.unref();
  return {
    dispose() {
      clearInterval(timer);
    },
  };
}
