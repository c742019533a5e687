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

/** Asks the HTTP control API something, as any program would. */
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
