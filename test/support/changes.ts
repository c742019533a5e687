import type { Locator } from 'playwright-core';
import { until } from './until.ts';
import type { Workbench } from './workbench.ts';

const numbered = (name: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${name} ${at + 1}\n`).join('');
export const A = numbered('line', 30);
export const B = numbered('row', 20);
/** What is there before, five changes in one file and three in another. */
export const FILES = { 'a.txt': A, 'b.txt': B };
export const A_AGENT = A.replace('line 2\n', 'LINE 2\n')
  .replace('line 7\n', 'line 7\nnew 7a\nnew 7b\n')
  .replace('line 14\n', '')
  .replace('line 20\nline 21\n', 'LINE 20\nLINE 21\n')
  .replace('line 28\n', 'LINE 28\n');
/** Makes `A` into `A_AGENT`, and changes three lines of `B`. */
export const PATCH = `--- a/a.txt
+++ b/a.txt
@@ -1,4 +1,4 @@
 line 1
-line 2
+LINE 2
 line 3
 line 4
@@ -7,3 +7,5 @@
 line 7
+new 7a
+new 7b
 line 8
 line 9
@@ -13,4 +15,3 @@
 line 13
-line 14
 line 15
 line 16
@@ -19,4 +20,4 @@
 line 19
-line 20
-line 21
+LINE 20
+LINE 21
 line 22
@@ -27,3 +28,3 @@
 line 27
-line 28
+LINE 28
 line 29
--- a/b.txt
+++ b/b.txt
@@ -1,3 +1,3 @@
 row 1
-row 2
+ROW 2
 row 3
@@ -9,3 +9,3 @@
 row 9
-row 10
+ROW 10
 row 11
@@ -17,3 +17,3 @@
 row 17
-row 18
+ROW 18
 row 19
`;

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

  /** Waits until the thread of a change is right below a line of the proposal's side. */
  async isBelow(number: number, line: string): Promise<void> {
    const text = this.#workbench.editor.proposed().locator('.view-line', { hasText: line });
    await until(`change ${number} below "${line}"`, async () => {
      const box = await text.first().boundingBox({ timeout: 500 });
      const head = await this.thread(number, '.*').boundingBox({ timeout: 500 });
      if (box === null || head === null) return false;
      const gap = head.y - (box.y + box.height);
      return gap > -5 && gap < 15;
    });
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
