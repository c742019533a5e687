import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import { type HttpApi, serveHttpApi } from '../server/http-api.ts';
import { newToken } from '../server/token.ts';
import type { Disposable } from '../shared/lifecycle.ts';
import { createQueue } from '../shared/queue.ts';
import type { CoreHost } from './core-host.ts';
import { COMMANDS, SETTINGS } from './ids.ts';

export interface ControlApiDeps {
  readonly host: CoreHost;
  readonly secrets: vscode.SecretStorage;
  readonly log: vscode.LogOutputChannel;
  readonly version: string;
}

/** The HTTP control API of this window: off until the user starts it, and as long as the window lives. */
export interface ControlApi extends Disposable {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Makes a new token, which takes the place of the one before, and shows it this once. */
  renewToken(): Promise<void>;
}

const TOKEN = 'countersign.controlApiToken';

export function createControlApi(deps: ControlApiDeps): ControlApi {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  return new WindowApi(deps);
}

class WindowApi implements ControlApi {
  readonly #deps: ControlApiDeps;
  readonly #status = createStatus();
  /** One after the other: two starts at once are one server. */
  readonly #queue = createQueue();
  #running: HttpApi | null = null;

  constructor(deps: ControlApiDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { url } = await this.#queue.run(async () => this.#running ?? (await this.#serve()));
    void tellAddress(url);
  }

  async stop(): Promise<void> {
    const wasRunning = await this.#queue.run(() => this.#close());
    void vscode.window.showInformationMessage(
      wasRunning
        ? vscode.l10n.t('The HTTP API is stopped.')
        : vscode.l10n.t('The HTTP API was not running.'),
    );
  }

  renewToken(): Promise<void> {
    return this.#queue.run(async () => {
      // Whoever has the old one is locked out at once.
      const wasRunning = await this.#close();
      await keepAndShow(this.#deps.secrets, newToken());
      if (wasRunning) void tellAddress((await this.#serve()).url);
    });
  }

  dispose(): void {
    this.#status.dispose();
    void this.#queue.run(() => this.#close());
  }

  async #serve(): Promise<HttpApi> {
    const { host, secrets, log, version } = this.#deps;
    await host.open();
    const known = await secrets.get(TOKEN);
    const token = known ?? newToken();
    if (known === undefined) await keepAndShow(secrets, token);
    const configuration = vscode.workspace.getConfiguration();
    const says = configuration.get<boolean>(SETTINGS.apiIrrecoverable, false);
    this.#running = await serveHttpApi({
      core: () => host.open(),
      confirm: says ? () => Promise.resolve(true) : null,
      port: configuration.get<number>(SETTINGS.apiPort, 0),
      ...{ token, version },
      log: (error) => {
        log.error(error instanceof Error ? error : String(error));
      },
    });
    this.#status.tooltip = vscode.l10n.t(
      'Countersign: programs on this machine can ask and decide at {0}. Click to stop that.',
      this.#running.url,
    );
    this.#status.show();
    return this.#running;
  }

  async #close(): Promise<boolean> {
    const api = this.#running;
    this.#running = null;
    this.#status.hide();
    await api?.close();
    return api !== null;
  }
}

function createStatus(): vscode.StatusBarItem {
  const status = vscode.window.createStatusBarItem(
    'countersign.controlApi',
    vscode.StatusBarAlignment.Right,
  );
  status.name = vscode.l10n.t('Countersign HTTP API');
  status.text = '$(radio-tower) API';
  status.accessibilityInformation = { label: vscode.l10n.t('Countersign HTTP API, running') };
  status.command = COMMANDS.stopApi;
  return status;
}

async function keepAndShow(secrets: vscode.SecretStorage, token: string): Promise<void> {
  await secrets.store(TOKEN, token);
  const copy = vscode.l10n.t('Copy Token');
  const detail = vscode.l10n.t(
    '{0}\n\nIt is shown this once, and kept in the editor’s secret storage. Whoever has it can ask, approve and reject in your name.',
    token,
  );
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('The token for the HTTP API'),
    { modal: true, detail },
    copy,
  );
  if (answer === copy) await vscode.env.clipboard.writeText(token);
}

async function tellAddress(url: string): Promise<void> {
  const copy = vscode.l10n.t('Copy Address');
  const message = vscode.l10n.t('The HTTP API listens at {0}, on this machine only.', url);
  const answer = await vscode.window.showInformationMessage(message, copy);
  if (answer === copy) await vscode.env.clipboard.writeText(url);
}
