import type { Locator } from 'playwright-core';
import { Changes } from './changes.ts';
import { until } from './until.ts';
import type { Workbench } from './workbench.ts';

/** How somebody handles the editor: with the mouse, or by the keyboard alone. */
export interface Hands {
  readonly name: 'mouse' | 'keys';
  /** Runs a command by its full title. */
  run(title: string): Promise<void>;
  /** Opens a file of the workspace. */
  openFile(path: string): Promise<void>;
  /** Chooses a row of the list that is open. */
  pick(label: string): Promise<void>;
  /** Approves what the active editor shows: the button in its title, or the key for it. */
  approve(): Promise<void>;
  reject(): Promise<void>;
  pressInDialog(button: string): Promise<void>;
  /** Marks a change of a diff, to which the key leads after so many steps. */
  mark(number: number, as: 'Accept' | 'Reject', becomes: string, steps: number): Promise<void>;
}

export function mouse(workbench: Workbench): Hands {
  const { editor } = workbench;
  const press = async (label: string): Promise<void> => {
    await editor.editorAction(label).first().click();
  };
  return {
    name: 'mouse',
    run: (title) => editor.runCommand(title),
    openFile: (path) => editor.openFile(path),
    pick: async (label) => {
      const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: label }).first().click();
    },
    approve: async () => {
      const { length } = await editor.editorAction('Approve the Rest').all();
      await press(length > 0 ? 'Approve the Rest' : 'Approve All');
    },
    reject: () => press('Reject'),
    pressInDialog: (button) => editor.pressInDialog(button),
    mark: async (number, as, becomes) => {
      const changes = new Changes(workbench);
      await changes.goTo(number);
      await changes.press(number, as, becomes);
    },
  };
}

/** Presses keys, and nothing else. */
export function keys(workbench: Workbench): Hands {
  const { editor, page } = workbench;
  const { keyboard } = page;
  const changes = new Changes(workbench);
  /** Types a row of the list that is open, and takes it once it is the one that Enter takes. */
  const take = async (label: string): Promise<void> => {
    const focused = page.locator('.quick-input-list .monaco-list-row.focused');
    const isIt = focused.filter({ hasText: label });
    // All at once: the palette looks through all of its commands at every key.
    await keyboard.insertText(label);
    await isIt.first().waitFor();
    await keyboard.press('Enter');
  };
  return {
    name: 'keys',
    async run(title) {
      await keyboard.press('F1');
      await until('the palette', async () => (await editor.quickInput().inputValue()) === '>');
      await take(title);
      await editor.paletteGone();
    },
    async openFile(path) {
      await keyboard.press('Control+P');
      await editor.quickInput().waitFor();
      await take(path);
      await editor.tab(path).waitFor();
    },
    pick: take,
    approve: () => keyboard.press('Control+Enter'),
    reject: () => keyboard.press('Alt+Backspace'),
    async pressInDialog(label) {
      const button = editor.dialog().getByRole('button', { name: label, exact: true });
      await button.waitFor();
      await until(`the focus on ${label}`, async () => {
        if ((await button.and(page.locator(':focus')).count()) > 0) return true;
        await keyboard.press('Tab');
        return false;
      });
      await keyboard.press('Enter');
    },
    async mark(number, as, becomes, steps) {
      const place = page.locator('.statusbar [id="status.editor.selection"]');
      const focused = page.locator('.multiDiffEntry', {
        has: page.locator('.monaco-editor.focused'),
      });
      const textOf = async (found: Locator): Promise<string> =>
        (await found.count()) === 0 ? '' : found.first().innerText();
      const placeNow = async (): Promise<string> =>
        (await textOf(focused.locator('.header .title'))) + (await textOf(place));
      for (let step = 0; step < steps; step++) {
        const before = await placeNow();
        await keyboard.press('Alt+F5');
        // A key that comes before the cursor has moved starts from where it was.
        await until('the next change', async () => (await placeNow()) !== before);
      }
      await keyboard.press('Control+K');
      await keyboard.press(as === 'Accept' ? 'y' : 'n');
      await changes.thread(number, ` · ${becomes}`).waitFor({ state: 'attached' });
    },
  };
}

/** Counts how often a button of the mouse was pressed in the window. */
export async function watchMouse({ page }: Workbench): Promise<() => Promise<number>> {
  await page.evaluate(`
    globalThis.presses = 0;
    globalThis.addEventListener('mousedown', () => { globalThis.presses++; }, true);
  `);
  return () => page.evaluate<number>('globalThis.presses');
}
