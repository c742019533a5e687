import type { Frame, Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** The workbench as a user handles it: what any test of any extension would do with it. */
export class Editor {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /**
   * Runs a command by its full title in the command palette: `Countersign: New Thread`. What takes the
   * focus late closes the palette, and it lists what was possible when it came: then nothing was run,
   * and it is opened once more, in the end with the mouse.
   */
  async runCommand(title: string): Promise<void> {
    let tries = 0;
    await until(`${title} to be run`, async () => {
      if (tries > 0 && (await this.quickInput().first().isVisible())) {
        await this.page.keyboard.press('Escape');
      }
      if (tries++ < 2) await this.page.keyboard.press('F1');
      else await this.page.locator('.command-center-center').click({ timeout: 5000 });
      await this.quickInput().fill(`>${title}`, { timeout: 5000 });
      await this.row(title).click({ timeout: 5000 });
      return true;
    });
    await this.paletteGone();
  }

  /** What is typed next is for what a command has opened, not for the palette. */
  async paletteGone(): Promise<void> {
    await until('the palette to go', async () => {
      try {
        if (!(await this.quickInput().first().isVisible())) return true;
        return !(await this.quickInput().first().inputValue({ timeout: 1000 })).startsWith('>');
      } catch {
        // The command has closed it in between, or has loaded the page anew.
        return true;
      }
    });
  }

  /** The text field of the quick pick or input box that is open. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  /** Types into the open input box and confirms. */
  async answer(text: string): Promise<void> {
    await this.quickInput().fill(text);
    await this.quickInput().press('Enter');
  }

  /** Chooses a row of the open quick pick. */
  async pick(label: string): Promise<void> {
    await this.row(label).click();
  }

  private row(label: string): Locator {
    const row = this.page.locator('.quick-input-list .monaco-list-row');
    const name = this.page.locator('.label-name, .monaco-highlighted-label').getByText(label, {
      exact: true,
    });
    return row.filter({ has: name }).first();
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput().fill(name);
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name });
    await row.first().click();
    await this.tab(name).waitFor();
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: name });
  }

  /** A button in the title of the active editor, by the beginning of its tooltip. */
  editorAction(label: string): Locator {
    const title = this.page.locator('.editor-group-container.active > .title');
    return title.locator(`.editor-actions .action-label[aria-label^="${label}"]`);
  }

  /** The proposal's side of the diff that is open. */
  proposed(): Locator {
    return this.page.locator('.editor-instance .monaco-diff-editor .editor.modified');
  }

  /** The same once it has the keys. A diff takes them when it is drawn, which is after its tab came. */
  proposedFocused(): Locator {
    return this.proposed().and(this.page.locator('.focused, :has(.focused)'));
  }

  /** The diff of one file, by its name, in an editor that shows several. */
  diffOf(name: string): Locator {
    const header = this.page.locator('.header .title', { hasText: name });
    return this.page.locator('.monaco-component.multiDiffEditor .multiDiffEntry').filter({
      has: header,
    });
  }

  /** Puts the cursor to the end of a line of an editor that has this text. */
  async goToLine(editor: Locator, text: string): Promise<void> {
    const line = editor.locator('.view-line', { hasText: text }).first();
    await line.click();
    await this.page.keyboard.press('End');
  }

  /** True if Approve in the title of the active editor can be pressed; false if not there or off. */
  async isApprovable(): Promise<boolean> {
    const action = this.editorAction('Approve All').or(this.editorAction('Approve the Rest'));
    if ((await action.count()) === 0) return false;
    return (await action.getAttribute('class'))?.includes('disabled') === false;
  }

  /** A modal dialog that the workbench draws. */
  dialog(text = ''): Locator {
    return this.page.locator('.monaco-dialog-box').filter({ hasText: text });
  }

  async pressInDialog(button: string, text = ''): Promise<void> {
    await this.dialog(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** The notifications that show as toasts now. */
  notifications(): Promise<string[]> {
    return this.page
      .locator('.notifications-toasts .notification-list-item-message')
      .allInnerTexts();
  }

  /** A notification with this text: its toast, or its line in the notification center (opened then). */
  async notification(text: string): Promise<Notification> {
    const item = this.page.locator('.notification-list-item').filter({ hasText: text });
    await until(`a notification "${text}"`, async () => {
      if ((await item.count()) > 0) return true;
      if (!(await this.page.locator('.notifications-center.visible').count())) {
        await this.page.locator('.statusbar [id="status.notifications"] a').click();
        // The tooltip of the bell would cover the buttons.
        await this.page.mouse.move(5, 5);
      }
      return (await item.count()) > 0;
    });
    return new Notification(item.first());
  }

  /**
   * The page of an extension's webview, two frames deep. It is another one after the webview was
   * rebuilt: take what `webview()` locates where that may happen.
   */
  async webviewFrame(extension: string, holding: string): Promise<Frame> {
    return until(`a webview of ${extension} with ${holding}`, async () => {
      for (const frame of this.page.frames()) {
        if (!frame.parentFrame()?.url().includes(`extensionId=${extension}`)) continue;
        if ((await frame.locator(holding).count()) > 0) return frame;
      }
      return null;
    });
  }
}

/** One notification, wherever the workbench draws it. */
export class Notification {
  readonly item: Locator;

  constructor(item: Locator) {
    this.item = item;
  }

  text(): Promise<string> {
    return this.item.locator('.notification-list-item-message').innerText();
  }

  /** Presses one of its buttons; a collapsed notification is expanded for it. */
  async press(label: string): Promise<void> {
    const button = this.item.locator('.monaco-button').filter({ hasText: label }).first();
    if (!(await button.isVisible())) {
      await this.item.hover();
      await this.item.locator('.codicon-notifications-expand').click();
    }
    await button.click();
  }

  async dismiss(): Promise<void> {
    await this.item.hover();
    await this.item.locator('.codicon-notifications-clear').click();
  }
}
