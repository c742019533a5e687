import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';

/** A display language, and the extension in it. */
export interface Language {
  readonly id: string;
  /** Texts of `package.json` by their key. */
  readonly manifest: Readonly<Record<string, string>>;
  /** Texts of the code by the English ones. */
  readonly bundle: Readonly<Record<string, string>>;
}

/** Puts a translation beside the extension that is installed for a server, as if shipped with it. */
export function translate(serverFolder: string, { id, manifest, bundle }: Language): void {
  const all = join(serverFolder, 'extensions');
  const [name = ''] = readdirSync(all).filter((one) => one.startsWith('countersign.'));
  // A server without language packs reads what the extension has for no language.
  for (const file of [`package.nls.${id}.json`, 'package.nls.json']) {
    writeFileSync(join(all, name, file), JSON.stringify(manifest));
  }
  writeFileSync(join(all, name, 'l10n', `bundle.l10n.${id}.json`), JSON.stringify(bundle));
}

/** The workbench takes its language from its own translation: here there is none of it. */
export async function speak(browser: BrowserContext, { id }: Language): Promise<void> {
  await browser.addInitScript(`Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', {
    get: () => ${JSON.stringify(id)},
    set: () => undefined,
  })`);
}
