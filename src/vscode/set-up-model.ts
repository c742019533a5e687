import * as vscode from 'vscode';
import { messageOf } from '../shared/lifecycle.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { SETTINGS } from './ids.ts';
import type { ModelSettings } from './model-settings.ts';

interface Preset extends vscode.QuickPickItem {
  /** Null: the user types it. */
  readonly baseUrl: string | null;
}

/** How long the server may take to say which models it has, in milliseconds. */
const LIST_TIMEOUT = 10_000;

/**
 * Asks for address, key and model, one after the other, and keeps them. Nothing is contacted but the
 * address that the user chose. Escape at any point leaves everything as it was.
 */
export async function setUpModel(settings: ModelSettings): Promise<void> {
  const baseUrl = await askAddress();
  if (baseUrl === undefined) return;
  const local = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/iu.test(baseUrl);
  const known = (await settings.readKey(baseUrl)) ?? '';
  const key = local ? known : await askKey(baseUrl, known);
  if (key === undefined) return;
  const model = await askModel(baseUrl, key === '' ? null : key);
  if (model === undefined) return;
  await settings.storeKey(baseUrl, key);
  const configuration = vscode.workspace.getConfiguration();
  await configuration.update(SETTINGS.baseUrl, baseUrl, vscode.ConfigurationTarget.Global);
  await configuration.update(SETTINGS.model, model, vscode.ConfigurationTarget.Global);
}

/** Asks for the key of the configured server; with none configured, for the server first. */
export async function setApiKey(settings: ModelSettings): Promise<void> {
  const baseUrl = settings.endpoint();
  if (baseUrl === '') {
    await setUpModel(settings);
    return;
  }
  const key = await askKey(baseUrl, '');
  if (key !== undefined) await settings.storeKey(baseUrl, key);
}

/** Undefined if the question was dismissed; '' means no key. */
async function askKey(baseUrl: string, known: string): Promise<string | undefined> {
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('API key for {0}', URL.parse(baseUrl)?.host ?? baseUrl),
    prompt: vscode.l10n.t('Kept in the editor’s secret storage. Leave it empty to forget it.'),
    value: known,
    password: true,
    ignoreFocusOut: true,
  });
  return key?.trim();
}

async function askAddress(): Promise<string | undefined> {
  const presets: Preset[] = [
    preset('OpenAI', 'https://api.openai.com/v1'),
    preset('OpenRouter', 'https://openrouter.ai/api/v1'),
    preset(vscode.l10n.t('Ollama on this machine'), 'http://localhost:11434/v1'),
    preset(vscode.l10n.t('LM Studio on this machine'), 'http://localhost:1234/v1'),
    { label: vscode.l10n.t('Another OpenAI-compatible server…'), baseUrl: null },
  ];
  const chosen = await vscode.window.showQuickPick(presets, {
    title: vscode.l10n.t('Set up a model (1 of 3): the server'),
    ignoreFocusOut: true,
  });
  if (chosen?.baseUrl !== null) return chosen?.baseUrl;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Address of the model server'),
    prompt: vscode.l10n.t(
      'Up to and including its version, for example {0}',
      'http://host:8000/v1',
    ),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/[^\s/]+/iu.test(text.trim())
        ? ''
        : vscode.l10n.t('An address begins with http:// or https://.'),
  });
  return typed?.trim().replace(/\/+$/u, '');
}

function preset(label: string, baseUrl: string): Preset {
  return { label, baseUrl, description: baseUrl };
}

async function askModel(baseUrl: string, apiKey: string | null): Promise<string | undefined> {
  const title = vscode.l10n.t('Set up a model (3 of 3): the model');
  const found = await listModels(baseUrl, apiKey);
  if (typeof found !== 'string' && found.length > 0) {
    const rows = found.map((id) => ({ label: plainLine(id), id }));
    return (await vscode.window.showQuickPick(rows, { title, ignoreFocusOut: true }))?.id;
  }
  const why = typeof found === 'string' ? found : vscode.l10n.t('it lists none');
  const typed = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t(
      'The server could not be asked for its models: {0}. Type a name.',
      plainLine(why),
    ),
    ignoreFocusOut: true,
  });
  return typed?.trim();
}

/** The names of the server's models, or why they cannot be had. */
async function listModels(
  baseUrl: string,
  apiKey: string | null,
): Promise<readonly string[] | string> {
  try {
    const response = await fetch(`${baseUrl}/models`, {
      headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(LIST_TIMEOUT),
    });
    if (!response.ok) return `HTTP ${response.status}`;
    const { data } = (await response.json()) as { data?: readonly { id?: unknown }[] };
    return (data ?? []).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  } catch (error) {
    return messageOf(error);
  }
}
