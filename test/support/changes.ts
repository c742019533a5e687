import type { Locator } from 'playwright-core';
import { until } from './until.ts';
import type { Workbench } from './workbench.ts';

/** The changes of a proposal as a user handles them in a diff: by their threads and keys. */
export class Changes {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** The thread of a change; `label` is what it says behind "Change 2 of 5". */
  thread(number: number, label = ''): Locator {
    const head = this.#workbench.page.locator('.head').filter({
      hasText: new RegExp(`^Change ${number} of \\d+${label}\\s*$`, 'u'),
    });
    return this.#workbench.page.locator('.review-widget').filter({ has: head }).first();
  }

  /** Presses a button of a thread, and waits until it says that it has this state. */
  async press(number: number, button: 'Accept' | 'Reject', becomes: string): Promise<void> {
    await this.#button(number, `${button} Change`).click();
    await this.thread(number, ` · ${becomes}`).waitFor();
  }

  async comment(number: number, text: string): Promise<void> {
    await this.#button(number, 'Comment on Change').click();
    const thread = this.thread(number, '.*');
    await thread.locator('.edit-container .monaco-editor.focused').waitFor();
    await this.#workbench.page.keyboard.type(text);
    await this.#workbench.page.keyboard.press('Control+Enter');
    await thread.locator('.comment-body', { hasText: text }).waitFor();
  }

  /** What the status bar says. */
  async says(progress: string): Promise<void> {
    const item = this.#workbench.page.locator('.statusbar').getByText(progress, { exact: true });
    await item.waitFor();
  }

  /** Brings a thread into sight that is further down. */
  async goTo(number: number): Promise<void> {
    const { page } = this.#workbench;
    await until(`change ${number} to be in sight`, async () => {
      const box = await this.thread(number, '.*')
        .locator('.head')
        .boundingBox({ timeout: 500 })
        .catch(() => null);
      if (box !== null && box.y > 100 && box.y + box.height < 740) return true;
      await page.keyboard.press('Alt+F5');
      return false;
    });
  }

  #button(number: number, label: string): Locator {
    return this.thread(number, '.*').locator(`.head .action-label[aria-label^="${label}"]`);
  }
}
