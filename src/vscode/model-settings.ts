import * as vscode from 'vscode';
import type { ServerSettings } from '../agent/models/openai.ts';
import { type Disposable, type Event, createEmitter } from '../shared/lifecycle.ts';
import type { Environment } from '../shared/protocol.ts';
import { SETTINGS } from './ids.ts';

/** Name of the key in the editor's secret storage. */
const API_KEY = 'countersign.apiKey';

/** Seconds; a local server may take long to read a long prompt. */
const DEFAULT_TIMEOUT = 120;

/** The model server as it is configured now. */
export interface ModelSettings extends Disposable {
  readonly onChanged: Event<null>;
  /** Null while no server is configured: the demo model answers. */
  read(): Promise<ServerSettings | null>;
  describe(): Promise<Omit<Environment, 'readiness'>>;
  readKey(): Promise<string | null>;
  /** Asks for the key; an empty one is forgotten. False if the question was dismissed. */
  askForKey(): Promise<boolean>;
}

export function createModelSettings(secrets: vscode.SecretStorage): ModelSettings {
  const changed = createEmitter<null>();
  const subscription = vscode.Disposable.from(
    secrets.onDidChange(() => {
      changed.fire(null);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (Object.values(SETTINGS).some((name) => event.affectsConfiguration(name))) {
        changed.fire(null);
      }
    }),
  );
  return {
    onChanged: changed.event,
    async read() {
      const baseUrl = setting(SETTINGS.baseUrl);
      if (baseUrl === '') return null;
      const apiKey = (await secrets.get(API_KEY)) ?? null;
      const patience = vscode.workspace
        .getConfiguration()
        .get<number>(SETTINGS.responseTimeout, DEFAULT_TIMEOUT);
      return { baseUrl, model: setting(SETTINGS.model), apiKey, patience: Math.max(1, patience) };
    },
    readKey: async () => (await secrets.get(API_KEY)) ?? null,
    async describe() {
      const keySet = (await secrets.get(API_KEY)) !== undefined;
      const endpoint = setting(SETTINGS.baseUrl);
      if (endpoint === '') {
        const modelLabel = vscode.l10n.t('Demo model');
        return { modelLabel, demo: true, endpoint: null, keySet };
      }
      const model = setting(SETTINGS.model) || vscode.l10n.t('First model listed');
      const modelLabel = `${model} · ${URL.parse(endpoint)?.host ?? endpoint}`;
      return { modelLabel, demo: false, endpoint, keySet };
    },
    async askForKey() {
      const key = await vscode.window.showInputBox({
        title: vscode.l10n.t('API key of the model server'),
        prompt: vscode.l10n.t('Kept in the editor’s secret storage. Leave it empty to forget it.'),
        password: true,
        ignoreFocusOut: true,
      });
      if (key === undefined) return false;
      if (key.trim() === '') await secrets.delete(API_KEY);
      else await secrets.store(API_KEY, key.trim());
      return true;
    },
    dispose() {
      subscription.dispose();
      changed.dispose();
    },
  };
}

/** Machine-scoped settings only: what a workspace says about them is not read. */
function setting(name: string): string {
  return (vscode.workspace.getConfiguration().get<string>(name) ?? '').trim();
}
