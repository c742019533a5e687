import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { FakeHost } from './fake-host.ts';
import { BODY_CLASS, themeCss, type Theme } from './themes.ts';

const root = resolve(import.meta.dirname, '../../..');
const ORIGIN = 'https://panel.test';
const AROUND = 'https://editor.test';
const AROUND_HTML = `<!DOCTYPE html>
<title>Editor</title>
<textarea autofocus></textarea>
<iframe src="${ORIGIN}/" style="width: 100%; height: 600px"></iframe>`;
const NONCE = 'c3VyZWx5';

export interface PanelOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly strings?: Readonly<Record<string, string>>;
  /** Time stands still but for `page.clock`. */
  readonly frozenClock?: boolean;
  /** In a frame of another page, below a text box of it, as in the editor. */
  readonly framed?: boolean;
}

export interface OpenPanel {
  readonly page: Page;
  readonly host: FakeHost;
  /** Addresses the page asked for, beyond its own four files. */
  readonly requests: readonly string[];
  /** Errors of the page, and what its content policy refused. */
  readonly faults: readonly string[];
}

/** The policy as the extension writes it, so that both cannot drift apart. */
function policy(): string {
  const source = readFileSync(join(root, 'src/vscode/webview-html.ts'), 'utf8');
  const list = /const policy = \[(.*?)\]/s.exec(source)?.[1] ?? '';
  const parts = [...list.matchAll(/["`]([^"`]+)["`]/g)].map(([, part = '']) => part);
  if (!parts.includes("default-src 'none'")) throw new Error('The page has lost its policy.');
  return parts.join('; ').replaceAll('${nonce}', NONCE).replaceAll('${webview.cspSource}', ORIGIN);
}

function pageHtml({ theme = 'dark', strings = {} }: PanelOptions): string {
  const bundle = JSON.stringify(strings).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy()}">
  <link rel="stylesheet" href="${ORIGIN}/theme.css">
  <link rel="stylesheet" href="${ORIGIN}/webview.css">
  <title>Countersign</title>
</head>
<body class="${BODY_CLASS[theme]}" data-strings="${bundle}">
  <cs-app></cs-app>
  <script type="module" nonce="${NONCE}" src="${ORIGIN}/webview.js"></script>
</body>
</html>`;
}

/** Opens the built panel in a page as strict as the real one, with a scripted host behind it. */
export async function openPanel(
  context: BrowserContext,
  host: FakeHost,
  options: PanelOptions = {},
): Promise<OpenPanel> {
  const page = await context.newPage();
  const requests: string[] = [];
  const faults: string[] = [];
  await page.setViewportSize({ width: options.width ?? 360, height: options.height ?? 700 });
  await page.route('**/*', (route) => {
    const { pathname, origin } = new URL(route.request().url());
    if (origin === AROUND) return route.fulfill({ contentType: 'text/html', body: AROUND_HTML });
    const own = origin === ORIGIN ? pathname : '';
    if (own === '/') return route.fulfill({ contentType: 'text/html', body: pageHtml(options) });
    if (own === '/theme.css') {
      return route.fulfill({ contentType: 'text/css', body: themeCss(options.theme ?? 'dark') });
    }
    if (['/webview.js', '/webview.css', '/codicon.ttf'].includes(own)) {
      return route.fulfill({ path: join(root, 'dist', own) });
    }
    requests.push(route.request().url());
    return route.abort();
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  if (options.frozenClock === true) {
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(1000);
  }
  await host.attach(page);
  await page.goto(options.framed === true ? AROUND : ORIGIN);
  return { page, host, requests, faults };
}
