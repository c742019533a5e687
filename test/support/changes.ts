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
    const head = this.#workbench.page.locator('.review-widget .head').filter({
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
    await thread.locator('.monaco-button', { hasText: 'Comment' }).click();
    await thread.locator('.comment-body', { hasText: text }).waitFor();
  }

  /** What the status bar says. */
  async says(progress: string): Promise<void> {
    const item = this.#workbench.page.locator('.statusbar').getByText(progress, { exact: true });
    await item.waitFor();
  }

  /** Brings threads into sight that are further down in an editor of several files. */
  async goTo(number: number): Promise<void> {
    const { page } = this.#workbench;
    await until(`change ${number}`, async () => {
      const thread = this.thread(number, '.*');
      if ((await thread.count()) > 0 && (await thread.isVisible())) return true;
      await page.keyboard.press('Alt+F5');
      return false;
    });
    await this.thread(number, '.*').scrollIntoViewIfNeeded();
  }

  #button(number: number, label: string): Locator {
    return this.thread(number, '.*').locator(`.head .action-label[aria-label^="${label}"]`);
  }
}
