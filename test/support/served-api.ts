import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Confirm } from '../../src/approval/confirming.ts';
import { type HttpApi, serveHttpApi } from '../../src/server/http-api.ts';
import type { Rate } from '../../src/server/rate.ts';
import { type Answered, type Body, type Call, callApi } from './api-client.ts';
import { type ServedCore, serveCore } from './served-core.ts';

export const TOKEN = 'a-token-of-the-test-that-is-long-enough';

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
