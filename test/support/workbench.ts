import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserContext, Frame, FrameLocator, Page } from 'playwright-core';
import { root } from '../host/paths.js';
import {
  OLDEST,
  serverVersion,
  startServer,
  writeSettings,
  type Server,
} from '../host/vscode-server.js';
import { openBrowser } from './browser.ts';
import { Editor } from './editor.ts';
import { copyInstalled } from './installed.ts';
import { type Language, speak, translate } from './language.ts';
import { until } from './until.ts';

const EXTENSION = 'countersign.countersign';
const CHAT = 'cs-app';

export interface WorkbenchOptions {
  /** Path → content of the files of the workspace. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Settings by their full name; those of scope `machine` too. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `false`: workspace trust is on and the workbench asks for it. */
  readonly trust?: boolean;
  /** The code-server release to run in; COUNTERSIGN_VSCODE_SERVER or the current one by default. */
  readonly version?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The display language, and the extension in it. */
  readonly language?: Language;
}

const opened = new Set<Workbench>();

/** The workbenches that are open now: for hooks that report on a failing test and clean up after it. */
export function openWorkbenches(): readonly Workbench[] {
  return [...opened];
}

/** Opens the packaged extension (dist/countersign.vsix) in a real editor on a new workspace. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-')));
  const workbench = new Workbench(base, options);
  opened.add(workbench);
  try {
    workbench.write(options.files ?? {});
    workbench.configure(options.settings ?? {});
    await copyInstalled(join(base, 'server'), options.version);
    if (options.language !== undefined) translate(join(base, 'server'), options.language);
    await workbench.reopen();
    return workbench;
  } catch (error) {
    console.error(workbench.log());
    await workbench.close();
    throw error;
  }
}

export class Workbench {
  /** The workspace's folder. */
  readonly folder: string;
  readonly #base: string;
  readonly #options: WorkbenchOptions;
  readonly #lines: string[] = [];
  #server: Server | undefined;
  #port: number | undefined;
  #browser: BrowserContext | undefined;
  #editor: Editor | undefined;

  constructor(base: string, options: WorkbenchOptions) {
    this.#base = base;
    this.#options = options;
    this.folder = join(base, 'workspace');
    mkdirSync(this.folder);
  }

  /** The workbench's helpers; another object after a restart. */
  get editor(): Editor {
    if (!this.#editor) throw new Error('the workbench is closed');
    return this.#editor;
  }

  get page(): Page {
    return this.editor.page;
  }

  get server(): Server {
    if (!this.#server) throw new Error('the server is stopped');
    return this.#server;
  }

  /** What is in the chat view. Finds the view again when it was rebuilt. */
  get chat(): FrameLocator {
    return chatIn(this.page);
  }

  /** The chat view's page as it is now, to evaluate in. */
  chatFrame(): Promise<Frame> {
    return this.editor.webviewFrame(EXTENSION, CHAT);
  }

  /** Clicks Countersign's icon unless the chat is open already. */
  async openChat(page = this.page): Promise<FrameLocator> {
    const icon = page.locator('.activitybar .action-item').filter({
      has: page.locator('a.action-label[aria-label^="Countersign"]'),
    });
    const chat = chatIn(page);
    await until('the chat', async () => {
      if ((await icon.getAttribute('aria-selected')) !== 'true') await icon.click();
      // A click while the side bar is being restored closes what has just opened.
      await chat.locator(CHAT).waitFor({ timeout: 5000 });
      return true;
    });
    return chat;
  }

  /** Writes files of the workspace from outside the editor. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  read(path: string, encoding: BufferEncoding = 'utf8'): string {
    return readFileSync(join(this.folder, path), encoding);
  }

  /** Waits until a file has this text. The editor empties a file before it writes it. */
  async becomes(path: string, text: string): Promise<void> {
    await until(`${path} to become ${JSON.stringify(text)}`, () => this.read(path) === text);
  }

  /** Sets the machine's settings; a running editor takes them over by itself. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    // What moves for ever is drawn for ever, without a graphics card at great cost.
    writeSettings(join(this.#base, 'server'), { 'workbench.reduceMotion': 'on', ...settings });
  }

  /** Where VS Code keeps its data: `User/workspaceStorage/…`, `Machine/settings.json`. */
  get dataFolder(): string {
    return join(this.#base, 'server', 'data', 'data');
  }

  /** Where the extension keeps the conversations of the workspace. */
  get storageFolder(): string {
    const all = join(this.dataFolder, 'User', 'workspaceStorage');
    const found = readdirSync(all).map((id) => join(all, id, EXTENSION));
    const [folder, ...others] = found.filter((path) => existsSync(path));
    if (folder === undefined || others.length > 0) throw new Error('no storage, or several');
    return folder;
  }

  /** Opens a second window on the same folder; the caller closes it. */
  async openSecondWindow(): Promise<Editor> {
    return new Editor(await this.#open(this.#browser!));
  }

  /**
   * As a user does: closes the window, ends the server, starts it again and opens the window.
   * @param whileClosed what is done to the files in between
   */
  async restart(whileClosed: () => void | Promise<void> = () => undefined): Promise<void> {
    await this.#leave();
    await this.#closeBrowser();
    await this.server.stop();
    await whileClosed();
    await this.reopen();
  }

  /** As a power cut does: the extension host and the server are gone at once. `reopen()` follows. */
  async killHard(): Promise<void> {
    await this.server.kill();
    await this.#closeBrowser();
  }

  /** As a crash of the extension host does: the window stays and says so. */
  killExtensionHost(): void {
    if (this.server.killExtensionHosts() === 0) throw new Error('no extension host runs');
  }

  /** Starts the server on the same port, data and browser profile, and opens the window. */
  async reopen(): Promise<void> {
    const { trust = true, version = serverVersion(), env = {}, language } = this.#options;
    this.#server = await startServer({
      folder: join(this.#base, 'server'),
      version,
      // The oldest release runs with everything it comes with.
      lean: version !== OLDEST,
      trust,
      env,
      log: (text) => this.#lines.push(text.trimEnd()),
      ...(this.#port === undefined ? {} : { port: this.#port }),
    });
    this.#port = this.#server.port;
    this.#browser = await openBrowser(join(this.#base, 'browser'));
    if (language !== undefined) await speak(this.#browser, language);
    this.#editor = new Editor(await this.#open(this.#browser));
  }

  /** Saves what the window shows into test-results/. */
  async screenshot(name: string): Promise<string> {
    const file = join(root, 'test-results', `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** The end of what the server and the browser's console said. */
  log(lines = 60): string {
    return this.#lines.join('\n').split('\n').filter(matters).slice(-lines).join('\n');
  }

  /** Ends everything and removes every trace; safe to call twice. */
  async close(): Promise<void> {
    opened.delete(this);
    await this.#closeBrowser();
    await this.#server?.stop();
    rmSync(this.#base, { recursive: true, force: true, maxRetries: 5 });
  }

  async #open(browser: BrowserContext): Promise<Page> {
    const [blank] = browser.pages();
    const page = blank?.url() === 'about:blank' ? blank : await browser.newPage();
    page.on('console', (line) => this.#lines.push(`[browser] ${line.text()}`));
    page.on('pageerror', (error) => this.#lines.push(`[browser] ${error.stack ?? error.message}`));
    await page.goto(`${this.server.url}?folder=${encodeURIComponent(this.folder)}`);
    await page.locator('.activitybar a.action-label[aria-label^="Countersign"]').waitFor();
    return page;
  }

  /** Leaves the workbench's pages, which is when they save their layout. */
  async #leave(): Promise<void> {
    for (const page of this.#browser?.pages() ?? []) {
      page.on('dialog', (dialog) => void dialog.accept());
      await page.goto('about:blank');
    }
  }

  async #closeBrowser(): Promise<void> {
    this.#editor = undefined;
    await this.#browser?.close();
    this.#browser = undefined;
  }
}

function chatIn(page: Page): FrameLocator {
  return page
    .frameLocator(`iframe.webview[src*="extensionId=${EXTENSION}"]`)
    .frameLocator('#active-frame');
}

/** A closed network and the missing native logger make noise that hides what matters. */
function matters(line: string): boolean {
  const noise =
    /spdlog|open-vsx|github\.com|ERR_INTERNET|ERR_NAME_NOT|RequestStore|INFO|bindings|watchdog/;
  const foreignStack = /^\s+at .*(node:|code-server)/;
  return line.trim() !== '' && !noise.test(line) && !foreignStack.test(line);
}
