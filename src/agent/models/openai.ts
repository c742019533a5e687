import type { BaseMessageChunk } from '@langchain/core/messages';
import {
  ChatOpenAICompletions,
  convertCompletionsDeltaToBaseMessageChunk,
} from '@langchain/openai';
import { t } from '@vscode/l10n';
import { UserFacingError } from '../../shared/errors.ts';
import { messageOf } from '../../shared/lifecycle.ts';

/** Where an OpenAI-compatible server is and what to ask it for. */
export interface ServerSettings {
  /** Up to and including the version: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Name of the model; '' means the first that the server lists. */
  readonly model: string;
  /** Null where the server wants none. */
  readonly apiKey: string | null;
  /** Seconds of silence after which a request is given up. */
  readonly patience: number;
  /** What checks messages first, if that is switched on. */
  readonly classifier?: ClassifierSettings;
}

export interface ClassifierSettings {
  /** Name of a model of the same server; '' means the one that answers. */
  readonly model: string;
  /** Seconds that it may take. */
  readonly limit: number;
}

/** Reads the settings as they are now; null while no server is configured. */
export type ReadServerSettings = () => Promise<ServerSettings | null>;

type DeltaParts = Parameters<typeof convertCompletionsDeltaToBaseMessageChunk>[0];

/** Some servers never say who speaks; the library then drops their tool calls (openai 1.5.8). */
class ServerModel extends ChatOpenAICompletions {
  protected override _convertCompletionsDeltaToBaseMessageChunk(
    delta: Record<string, unknown>,
    rawResponse: DeltaParts['rawResponse'],
    defaultRole: DeltaParts['defaultRole'] = 'assistant',
  ): BaseMessageChunk {
    return convertCompletionsDeltaToBaseMessageChunk({ delta, rawResponse, defaultRole });
  }
}

/**
 * A chat model on a server. Everything that the library would take from the environment is said
 * here, so that no other host is ever contacted.
 */
export function createServerModel(settings: ServerSettings): ChatOpenAICompletions {
  return new ServerModel({
    model: settings.model,
    apiKey: settings.apiKey ?? 'not-needed',
    maxRetries: 1,
    configuration: { baseURL: settings.baseUrl, organization: null, project: null },
  });
}

/** @throws UserFacingError unless it is an absolute http(s) address */
export function checkBaseUrl(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserFacingError(
      'notReady',
      t(
        'The model server’s address “{0}” is not an http(s) address. Correct it in the settings.',
        baseUrl,
      ),
      'openSettings',
    );
  }
  return baseUrl.replace(/\/+$/u, '');
}

export function keyRefused(status: number): UserFacingError {
  return new UserFacingError(
    'modelServer',
    t('The model server refused the API key ({0}). Set the right key, then retry.', status),
    'setApiKey',
  );
}

/** The first model that a server lists. @throws UserFacingError if it lists none */
export async function firstModel(settings: ServerSettings): Promise<string> {
  const { baseUrl, apiKey, patience } = settings;
  try {
    const response = await fetch(`${baseUrl}/models`, {
      headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(patience * 1000),
    });
    if (response.status === 401 || response.status === 403) throw keyRefused(response.status);
    const body = response.ok ? await response.json() : null;
    const id = (body as { data?: { id?: unknown }[] } | null)?.data?.[0]?.id;
    if (typeof id === 'string' && id !== '') return id;
  } catch (error) {
    if (error instanceof UserFacingError) throw error;
    throw new UserFacingError(
      'modelServer',
      t('The model server at {0} cannot be reached: {1}.', baseUrl, causeOf(error)),
      'retry',
    );
  }
  throw new UserFacingError(
    'notReady',
    t('The model server at {0} does not say which models it has. Set the model’s name.', baseUrl),
    'openSettings',
  );
}

/** `fetch` hides the reason ("connect ECONNREFUSED 127.0.0.1:8080") some levels down. */
export function causeOf(error: unknown): string {
  if (error instanceof AggregateError) return causeOf(error.errors[0]);
  return error instanceof Error && error.cause !== undefined
    ? causeOf(error.cause)
    : messageOf(error);
}
