import { createAdaptorServer } from '@hono/node-server';
import { t } from '@vscode/l10n';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { UserFacingError } from '../shared/errors.ts';
import { sessionId as sessionIdShape } from './answers.ts';
import { Chat, type ChatDeps } from './chat.ts';
import { streamEvents } from './events.ts';
import { onlyFromHere, onlyJson, onlyWithToken } from './guards.ts';
import { openApiDocument } from './openapi.ts';
import { Problem, toProblem } from './problem.ts';
import type { Rate } from './rate.ts';
import { EVENTS_PATH, ROUTES, type Route } from './routes.ts';

export interface HttpApiDeps extends ChatDeps {
  readonly token: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly version: string;
  readonly rate?: Rate;
  /** Gets every error that nobody foresaw. */
  readonly log: (error: unknown) => void;
}

export interface HttpApi {
  readonly url: string;
  /** Takes no request any more; what runs goes on. */
  close(): Promise<void>;
}

/** Bytes of a body: files that a person edited may be in it. */
const MOST_BYTES = 4 * 1024 * 1024;
const RATE: Rate = { burst: 200, perSecond: 50 };
/** Connections at once, streams of events among them. */
const CONNECTIONS = 256;
/** Milliseconds for the headers of a request to come, and for all of it. */
const HEADERS_PATIENCE = 10_000;
const REQUEST_PATIENCE = 30_000;

/** Serves the control API on the loopback interface, and on no other. */
export async function serveHttpApi(deps: HttpApiDeps): Promise<HttpApi> {
  const ends = new AbortController();
  let port = deps.port;
  const app = appOf(deps, () => port, ends.signal);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.headersTimeout = HEADERS_PATIENCE;
  server.requestTimeout = REQUEST_PATIENCE;
  server.maxConnections = CONNECTIONS;
  server.listen(deps.port, '127.0.0.1');
  await listening(server, deps.port);
  ({ port } = server.address() as AddressInfo);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      ends.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listening(server: Server, port: number): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const message = t('Port {0} is taken by another program. Choose another one.', port);
    throw new UserFacingError('notReady', message, 'openSettings');
  }
}

function appOf(deps: HttpApiDeps, port: () => number, ends: AbortSignal): Hono {
  const { rate = RATE, token, log } = deps;
  const chat = new Chat(deps);
  const app = new Hono();
  app.onError((error, context) => answerProblem(context, toProblem(error, log)));
  app.notFound((context) => answerProblem(context, unknownPath(context)));
  app.use(onlyFromHere({ port }));
  const document = openApiDocument(deps.version);
  app.get('/openapi.json', (context) => context.json(document));
  app.use(
    onlyWithToken({ token, port, rate }),
    onlyJson,
    bodyLimit({ maxSize: MOST_BYTES, onError: (context) => answerProblem(context, tooLarge()) }),
  );
  app.get(pathOf(EVENTS_PATH), async (context) => {
    const core = await deps.core();
    return streamEvents(context, { core, chat, sessionId: sessionIn(context) }, ends);
  });
  for (const route of ROUTES) {
    app.on(route.method, pathOf(route.path), async (context) =>
      context.json(await carryOut(route, chat, context)),
    );
  }
  return app;
}

async function carryOut({ path, body, carryOut: act }: Route, chat: Chat, context: Context) {
  const sessionId = path.includes('{session_id}') ? sessionIn(context) : '';
  const given = body === null ? null : checked(body, await context.req.text());
  return (await act(chat, sessionId, given)) as object;
}

/** Nothing in it is anything but data; what is not named in the shape is refused. */
function checked(shape: z.ZodType, text: string): unknown {
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw malformed(t('The body is no JSON: {0}', (error as Error).message));
  }
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  throw malformed(t('The body does not fit: {0}', z.prettifyError(error)));
}

function sessionIn(context: Context): string {
  const { success, data } = sessionIdShape.safeParse(context.req.param('session_id'));
  if (!success) throw malformed(t('What stands for the session in the path is no id of one.'));
  return data;
}

function malformed(detail: string): Problem {
  return new Problem({
    ...{ name: 'malformed', status: 400, title: t('Malformed request'), detail },
    nextStep: t('See GET /openapi.json for what is expected.'),
  });
}

function tooLarge(): Problem {
  return new Problem({
    ...{ name: 'too_large', status: 413, title: t('Too large') },
    detail: t('The body is larger than {0} bytes.', MOST_BYTES),
    nextStep: t('Send less.'),
  });
}

function unknownPath({ req }: Context): Problem {
  return new Problem({
    ...{ name: 'unknown_path', status: 404, title: t('No such path') },
    detail: t('There is no {0} {1}.', req.method, req.path),
    nextStep: t('See GET /openapi.json for what there is.'),
  });
}

function answerProblem(context: Context, { details }: Problem): Response {
  context.header('content-type', 'application/problem+json');
  context.status(details.status as 400);
  return context.body(JSON.stringify(details));
}

/** `{session_id}` as Hono writes it. */
function pathOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/gu, ':$1');
}
