import { call } from '../../support/model-chunks.ts';
import type { ChatRequest } from '../../support/model-server.ts';
import { ServedApi } from '../../support/served-api.ts';
import { now } from '../support/clock.ts';
import { median, quantile } from '../support/statistics.ts';

/** Threads over the HTTP API, each a question, an approval and an answer, so many at a time. */
export interface ServedFigures {
  readonly threads: number;
  readonly inFlight: number;
  /** From the question to what waits, and from the approval to the answer, in milliseconds. */
  readonly startMedian: number;
  readonly startP95: number;
  readonly approveMedian: number;
  readonly approveP95: number;
  readonly threadsPerSecond: number;
}

const THREADS = 200;
const IN_FLIGHT = 50;
const RATE = { burst: 1e6, perSecond: 1e6 };

/** @param problem gets what is not as it was approved */
export async function measureServed(problem: (what: string) => void): Promise<ServedFigures> {
  const api = await ServedApi.start({}, { rate: RATE });
  api.served.server.respond(reply);
  const left = Array.from({ length: THREADS }, (_, thread) => `file-${thread}.txt`);
  const [starts, approvals]: [number[], number[]] = [[], []];
  const work = async (): Promise<void> => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      const asked = now();
      const { body } = await api.call('/chat/start', { question: path });
      const shown = now();
      const done = await api.call(`/chat/approve/${body.session_id}`, {});
      starts.push(shown - asked);
      approvals.push(now() - shown);
      const isRight = done.body.status === 'complete' && api.read(path) === `${path}\n`;
      if (!isRight) problem(`${path}: ${JSON.stringify(done.body)}`);
    }
  };
  const began = now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const seconds = (now() - began) / 1000;
  await api.close();
  return {
    ...{ threads: THREADS, inFlight: IN_FLIGHT, threadsPerSecond: THREADS / seconds },
    ...{ startMedian: median(starts), startP95: quantile(starts, 0.95) },
    ...{ approveMedian: median(approvals), approveP95: quantile(approvals, 0.95) },
  };
}

/** Writes the file that the question names, and says so. */
function reply({ messages }: ChatRequest) {
  const last = messages.at(-1);
  if (last?.role === 'tool') return { text: 'Done.' };
  const path = String(last?.content);
  return call('write_file', { path, content: `${path}\n` });
}
