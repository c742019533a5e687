import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Confirm } from '../../src/approval/confirming.ts';
import { type HttpApi, serveHttpApi } from '../../src/server/http-api.ts';
import type { Rate } from '../../src/server/rate.ts';
import { type ServedCore, serveCore } from './served-core.ts';

export const TOKEN = 'a-token-of-the-test-that-is-long-enough';

export interface Answered<T> {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly body: T;
}

/** What answers may have; a test reads what it expects. */
export interface Body {
  readonly status: string | number;
  readonly session_id: string;
  readonly answer: string;
  readonly type: string;
  readonly detail: string;
  readonly next_step: string;
  readonly pending_tool_calls: readonly PendingBody[];
}

export interface PendingBody {
  readonly id: string;
  readonly interrupt_id: string;
  readonly session_id: string;
  readonly effect_hash: string;
  readonly name: string;
  readonly kind: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly diff: string;
  readonly irrecoverable: readonly string[];
}

/** What a call has instead of what every call has. */
export interface Call {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The core behind the real HTTP server, and a client of it. */
export class ServedApi {
  readonly served: ServedCore;
  readonly api: HttpApi;

  private constructor(served: ServedCore, api: HttpApi) {
    this.served = served;
    this.api = api;
  }

  static async start(
    files: Readonly<Record<string, string>> = {},
    { confirm = null, rate }: { confirm?: Confirm | null; rate?: Rate } = {},
  ): Promise<ServedApi> {
    const served = await serveCore((baseUrl) => ({
      ...{ baseUrl, model: 'scripted', apiKey: null, patience: 60 },
    }));
    for (const [path, text] of Object.entries(files))
      writeFileSync(join(served.folder, path), text);
    const api = await serveHttpApi({
      core: () => Promise.resolve(served.core),
      ...{ confirm, token: TOKEN, port: 0, version: '1.2.3' },
      ...(rate === undefined ? {} : { rate }),
      log: served.log,
    });
    return new ServedApi(served, api);
  }

  call(path: string, body?: unknown, init: Call = {}): Promise<Answered<Body>> {
    return callApi(this.api.url, TOKEN, path, body, init);
  }

  read(path: string): string {
    return readFileSync(join(this.served.folder, path), 'utf8');
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.served.close();
  }
}

export async function callApi(
  url: string,
  token: string,
  path: string,
  body?: unknown,
  init: Call = {},
): Promise<Answered<Body>> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...init,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    headers: response.headers,
    body: (await response.json()) as Body,
  };
}
