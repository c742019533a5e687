import { t } from '@vscode/l10n';
import { realpathSync, statSync } from 'node:fs';
import type { ServerSettings } from '../agent/models/openai.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { ModelOptions, Place } from './command-line.ts';
import { type StateFolder, defaultStateRoot, stateFolder } from './state-folder.ts';

/** @throws UserFacingError if the workspace is no folder */
export function stateOf({ workspace, state }: Place): StateFolder & { readonly workspace: string } {
  const folder = workspaceAt(workspace);
  const root = state ?? defaultStateRoot(process.env);
  return { ...stateFolder(root, folder), workspace: folder };
}

function workspaceAt(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch {
    // Said below.
  }
  const message = t('There is no folder {0}. Name one with --workspace.', path);
  throw new UserFacingError('notReady', message);
}

/** Null: the demo model answers. The key is in the environment, and in no other place. */
export function serverSettings({ baseUrl, model, patience }: ModelOptions): ServerSettings | null {
  if (baseUrl === '') return null;
  const apiKey = takeFromEnvironment('COUNTERSIGN_API_KEY');
  return { baseUrl, model, patience, apiKey: apiKey === '' ? null : apiKey };
}

type Secret = 'COUNTERSIGN_API_KEY' | 'COUNTERSIGN_TOKEN' | 'COUNTERSIGN_POSTGRES_URL';

/** A secret, which nothing that is started later inherits; '' without one. */
export function takeFromEnvironment(name: Secret): string {
  const secret = process.env[name] ?? '';
  Reflect.deleteProperty(process.env, name);
  return secret;
}
