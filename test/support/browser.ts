import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { chromiumEnv, installChromium } from '../host/chromium.js';

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

/** Opens a headless browser on a profile folder; the same folder again is the same user's browser. */
export async function openBrowser(
  profile: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const executablePath = await installChromium();
  return chromium.launchPersistentContext(profile, {
    executablePath,
    env: chromiumEnv(executablePath),
    args: FLAGS,
    headless: true,
    viewport: { width: 1280, height: 800 },
    ...options,
  });
}
