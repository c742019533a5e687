import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { chunksOf, type Reply } from './model-chunks.ts';
import { until } from './until.ts';

/** What a model server may do with a request: answer as a good one, or misbehave. */
export type Script = Reply | RawAnswer;

export interface RawAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What goes over the wire, written one by one. */
  readonly raw: readonly (string | Uint8Array)[];
  /** `destroy` resets the connection, `hang` leaves it open and silent. `close` by default. */
  readonly end?: 'close' | 'destroy' | 'hang';
}

export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

export interface ChatRequest {
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly [other: string]: unknown;
}

/** Answers one request; `number` counts from 1. */
export type Responder = (request: ChatRequest, number: number) => Script | Promise<Script>;

/** An OpenAI-compatible server on the loopback interface that says what a test tells it to. */
export class ModelServer {
  /** Every chat request there was, in order. */
  readonly requests: ChatRequest[] = [];
  readonly #queue: Script[] = [];
  readonly #server: Server;
  readonly #models: readonly string[];
  #responder: Responder | undefined;
  #refusal: number | null = null;
  readonly #open = new Set<ServerResponse>();

  constructor(models: readonly string[]) {
    this.#models = models;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  static async start({ models = ['scripted'] } = {}): Promise<ModelServer> {
    const server = new ModelServer(models);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** For the setting `countersign.baseUrl`. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Adds answers for the next requests. */
  say(...scripts: readonly Script[]): void {
    this.#queue.push(...scripts);
  }

  /** Answers every request that no `say` is left for. */
  respond(responder: Responder): void {
    this.#responder = responder;
  }

  /** Answers a request for the list of models with this status from now on. */
  refuseModels(status: number): void {
    this.#refusal = status;
  }

  /** The `number`th request (from 1), as soon as it has come. */
  waitForRequest(number: number, timeout?: number): Promise<ChatRequest> {
    return until(
      `request ${number} to the model (${this.requests.length} came)`,
      () => this.requests[number - 1],
      timeout,
    );
  }

  /** Chat requests whose connection is open. */
  get connections(): number {
    return this.#open.size;
  }

  get lastRequest(): ChatRequest {
    const last = this.requests.at(-1);
    if (!last) throw new Error('no request has come');
    return last;
  }

  /** How many prepared answers no request has taken yet. */
  get left(): number {
    return this.#queue.length;
  }

  /** Takes back the prepared answers that are left, as a failed test leaves them. */
  forget(): void {
    this.#queue.length = 0;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === '/v1/models') {
      if (this.#refusal !== null) {
        sendJson(response, this.#refusal, { error: { message: 'no' } });
        return;
      }
      const data = this.#models.map((id) => ({ id, object: 'model' }));
      sendJson(response, 200, { object: 'list', data });
    } else if (request.method === 'POST' && request.url === '/v1/chat/completions') {
      const body = JSON.parse(await readBody(request)) as Omit<ChatRequest, 'headers'>;
      const chat = { ...body, headers: request.headers } as ChatRequest;
      await this.#chat(chat, response);
    } else {
      sendJson(response, 404, { error: { message: `no such path: ${request.url ?? ''}` } });
    }
  }

  async #chat(request: ChatRequest, response: ServerResponse): Promise<void> {
    const number = this.requests.push(request);
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
    const script = this.#queue.shift() ?? (await this.#responder?.(request, number));
    if (!script) {
      const message = `the test has no answer for request ${number}`;
      sendJson(response, 400, { error: { message, type: 'invalid_request_error' } });
      return;
    }
    const raw = 'raw' in script ? script : undefined;
    response.writeHead(raw?.status ?? 200, {
      'content-type': 'text/event-stream',
      'x-request-id': `scripted-${number}`,
      ...raw?.headers,
    });
    response.flushHeaders();
    const chunks = raw ? raw.raw : chunksOf(script as Reply, request.model, number);
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      response.write(chunk);
      await nextTurn();
    }
    if (raw?.end === 'destroy') response.destroy();
    else if (raw?.end !== 'hang') response.end();
  }
}

/** Chunks written in one turn would arrive as one. */
function nextTurn(): Promise<void> {
  return new Promise((done) => {
    setImmediate(done);
  });
}

/** An answer with an HTTP status other than 200, as OpenAI words it. */
export function failure(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): RawAnswer {
  const type = status === 429 ? 'rate_limit_error' : 'invalid_request_error';
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    raw: [JSON.stringify({ error: { message, type, code: null, param: null } })],
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) body += part as string;
  return body;
}
