import sparticuz from '@sparticuz/chromium';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';

/** Everything a closed network and a container need; no flag loosens what a page may do. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser that travels in an npm package, or the one that `CHROMIUM` names. */
async function executable(): Promise<string> {
  return process.env['CHROMIUM'] ?? (await sparticuz.executablePath());
}

/** Opens a headless browser on a profile folder; the same folder again is the same user's browser. */
export async function openBrowser(
  profile: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: await executable(),
    args: FLAGS,
    headless: true,
    viewport: { width: 1280, height: 800 },
    ...options,
  });
}
