// The model server, in a process of its own: `spawn(node, [this file])` with an IPC channel.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now } from '../support/clock.ts';
import { answersOf } from './answers.ts';
import type { FromServer, ServerScript, ToServer } from './messages.ts';
import { PrefixWatch } from './prefix.ts';
import { transcriptProblems } from './transcript.ts';

/** What there is to know of the requests since the last script. */
class Session {
  readonly arrived: number[] = [];
  readonly answered: number[] = [];
  readonly bytes: number[] = [];
  readonly prefix = new PrefixWatch();
  readonly script: ServerScript;
  readonly #answers: readonly Buffer[];

  constructor(script: ServerScript) {
    this.script = script;
    this.#answers = answersOf(script);
  }

  /** The answer goes out first; the clock stops before it can reach anyone. */
  answer(body: Buffer, arrived: number, response: ServerResponse): void {
    const answer = this.#answers[this.arrived.length];
    if (answer === undefined) throw new Error('The script has no answer left');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const answered = now();
    response.end(answer);
    this.arrived.push(arrived);
    this.answered.push(answered);
    this.bytes.push(body.length);
    this.prefix.add(body);
  }
}

let session: Session | null = null;

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const arrived = now();
    if (session === null || !isChat(request)) response.writeHead(404).end();
    else session.answer(Buffer.concat(parts), arrived, response);
  });
});

function isChat({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && url === '/v1/chat/completions';
}

function tell(message: FromServer): void {
  process.send?.(message);
}

process.on('message', (message: ToServer) => {
  if (message.kind === 'script') {
    session = new Session(message.script);
    tell({ kind: 'ready' });
  } else if (session !== null) {
    const { arrived, answered, bytes, prefix, script } = session;
    const problems = transcriptProblems(prefix.last, script.steps, message.expected);
    const report = { arrived, answered, bytes, prefixBreaks: prefix.breaks, problems };
    tell({ kind: 'report', report });
  }
});
process.on('disconnect', () => {
  process.exit();
});

server.listen(0, '127.0.0.1', () => {
  tell({ kind: 'listening', port: (server.address() as AddressInfo).port });
});
