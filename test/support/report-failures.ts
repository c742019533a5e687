import type { Context } from 'mocha';
import { openWorkbenches } from './workbench.ts';

/** Shows what the editor looked like when a test failed, and leaves nothing running. */
export const mochaHooks = {
  async afterEach(this: Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    for (const [number, workbench] of openWorkbenches().entries()) {
      const name = `failed ${test.fullTitle()}${number > 0 ? ` ${number}` : ''}`;
      console.error(workbench.log());
      await workbench.screenshot(name).then(
        (file) => {
          console.error(`Screenshot: ${file}`);
        },
        (error: unknown) => {
          console.error('No screenshot:', error);
        },
      );
    }
  },
  async afterAll(): Promise<void> {
    for (const workbench of openWorkbenches()) await workbench.close();
  },
};
