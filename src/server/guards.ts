import { t } from '@vscode/l10n';
import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';
import { type Rate, createBucket } from './rate.ts';
import { isToken } from './token.ts';

export interface GuardDeps {
  readonly token: string;
  /** Where it listens; known once it does. */
  readonly port: () => number;
  /** Of requests with the token. */
  readonly rate: Rate;
}

/** Of requests without the token: so many guesses at once. They never use up what others have. */
const GUESSES: Rate = { burst: 20, perSecond: 1 };

/**
 * Only a program on this machine that says whom it means: a page of a browser can make it resolve a
 * name of its own to this address (DNS rebinding), but then names itself as host or origin.
 */
export function onlyFromHere({ port }: Pick<GuardDeps, 'port'>): MiddlewareHandler {
  return async (context, next) => {
    const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port()}`);
    const host = context.req.header('host') ?? '';
    const origin = context.req.header('origin');
    const site = context.req.header('sec-fetch-site') ?? 'none';
    const isOwn = origin === undefined || hosts.some((name) => origin === `http://${name}`);
    if (!hosts.includes(host.toLowerCase()) || !isOwn || site === 'cross-site') {
      throw new Problem({
        ...{ name: 'not_from_here', status: 403, title: t('Not from here') },
        detail: t('The Host or the Origin of the request is not this server.'),
        nextStep: t('Send it to http://127.0.0.1:{0}, and not from a web page.', port()),
      });
    }
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  };
}

export function onlyWithToken({ token, rate }: GuardDeps): MiddlewareHandler {
  const now = (): number => performance.now();
  const known = createBucket(rate, now);
  const guesses = createBucket(GUESSES, now);
  return async (context, next) => {
    const [, given = ''] =
      /^Bearer ([^\s]+)$/iu.exec(context.req.header('authorization') ?? '') ?? [];
    if (isToken(given, token)) {
      slowDown(context, known());
      await next();
      return;
    }
    slowDown(context, guesses());
    context.header('www-authenticate', 'Bearer realm="countersign"');
    throw new Problem({
      ...{ name: 'unauthorized', status: 401, title: t('No valid token') },
      detail: t('The request has no token, or not the one of this server.'),
      nextStep: t('Send the header Authorization: Bearer with the token that the host gave you.'),
    });
  };
}

/** What is no JSON could come from a form of any page. */
export const onlyJson: MiddlewareHandler = async ({ req }, next) => {
  const type = req.header('content-type') ?? '';
  if (req.method === 'POST' && !/^application\/json\s*(?:;|$)/iu.test(type)) {
    throw new Problem({
      ...{ name: 'not_json', status: 415, title: t('No JSON') },
      detail: t('The body of {0} {1} is not sent as application/json.', req.method, req.path),
      nextStep: t('Send it with the header Content-Type: application/json.'),
    });
  }
  await next();
};

function slowDown(context: Context, seconds: number): void {
  if (seconds === 0) return;
  context.header('retry-after', String(seconds));
  throw new Problem({
    ...{ name: 'too_many', status: 429, title: t('Too many requests') },
    detail: t('More requests came than are taken at once.'),
    nextStep: t('Try again in {0} seconds.', seconds),
  });
}
