// @ts-check
// Mocha's reporter for every suite: prints as `spec` does and leaves the counts for `npm test`.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Names the file that takes the counts of a run. */
export const COUNTS = 'COUNTERSIGN_TEST_COUNTS';

export default class Reporter extends Mocha.reporters.Spec {
  constructor(
    /** @type {Mocha.Runner} */ runner,
    /** @type {Mocha.MochaOptions | undefined} */ options = undefined,
  ) {
    super(runner, options);
    runner.once('end', () => {
      const file = process.env[COUNTS];
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
}
