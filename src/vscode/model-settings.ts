import * as vscode from 'vscode';
import type { ServerSettings } from '../agent/models/openai.ts';
import { type Disposable, type Event, createEmitter } from '../shared/lifecycle.ts';
import type { Environment } from '../shared/protocol.ts';
import { SETTINGS } from './ids.ts';

/**
 * Name of a server's key in the editor's secret storage. Each server has its own, so that a key is
 * never sent to another one when the address changes.
 */
function secretName(baseUrl: string): string {
  return `countersign.apiKey ${URL.parse(baseUrl)?.origin ?? baseUrl}`;
}

/** Seconds; a local server may take long to read a long prompt. */
const DEFAULT_TIMEOUT = 120;
/** Seconds for a verdict on a message. */
const DEFAULT_LIMIT = 30;

/** The model server as it is configured now. */
export interface ModelSettings extends Disposable {
  readonly onChanged: Event<null>;
  /** Null while no server is configured: the demo model answers. */
  read(): Promise<ServerSettings | null>;
  describe(): Promise<Omit<Environment, 'readiness' | 'storage'>>;
  /** The configured server, or '' where none is. */
  endpoint(): string;
  readKey(baseUrl: string): Promise<string | null>;
  /** Keeps a server's key; an empty one is forgotten. */
  storeKey(baseUrl: string, key: string): Promise<void>;
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
  const readKey = async (baseUrl: string): Promise<string | null> =>
    (await secrets.get(secretName(baseUrl))) ?? null;
  return {
    onChanged: changed.event,
    async read() {
      const baseUrl = setting(SETTINGS.baseUrl);
      if (baseUrl === '') return null;
      const apiKey = await readKey(baseUrl);
      const patience = vscode.workspace
        .getConfiguration()
        .get<number>(SETTINGS.responseTimeout, DEFAULT_TIMEOUT);
      return {
        ...{ baseUrl, model: setting(SETTINGS.model), apiKey, patience: Math.max(1, patience) },
        ...classifierSettings(),
      };
    },
    endpoint: () => setting(SETTINGS.baseUrl),
    readKey,
    async describe() {
      const endpoint = setting(SETTINGS.baseUrl);
      const keySet = (await readKey(endpoint)) !== null;
      if (endpoint === '') {
        const modelLabel = vscode.l10n.t('Demo model');
        return { modelLabel, demo: true, endpoint: null, keySet };
      }
      const model = setting(SETTINGS.model) || vscode.l10n.t('First model listed');
      const modelLabel = `${model} · ${URL.parse(endpoint)?.host ?? endpoint}`;
      return { modelLabel, demo: false, endpoint, keySet };
    },
    async storeKey(baseUrl, key) {
      if (key === '') await secrets.delete(secretName(baseUrl));
      else await secrets.store(secretName(baseUrl), key);
    },
    dispose() {
      subscription.dispose();
      changed.dispose();
    },
  };
}

function classifierSettings(): Pick<ServerSettings, 'classifier'> {
  const configuration = vscode.workspace.getConfiguration();
  if (!configuration.get<boolean>(SETTINGS.guardClassifier, false)) return {};
  const limit = Math.max(1, configuration.get<number>(SETTINGS.guardTimeout, DEFAULT_LIMIT));
  return { classifier: { model: setting(SETTINGS.guardModel), limit } };
}

/** Machine-scoped settings only: what a workspace says about them is not read. */
function setting(name: string): string {
  return (vscode.workspace.getConfiguration().get<string>(name) ?? '').trim();
}
