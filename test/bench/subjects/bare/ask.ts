import { Agent, request as httpRequest } from 'node:http';
import { type Reply, ReplyReader } from './reply.ts';

/** Posts a chat request and reads the streamed reply. */
export type Ask = (baseUrl: string, body: string) => Promise<Reply>;

const agent = new Agent({ keepAlive: true });

export const askByHttp: Ask = (baseUrl, body) =>
  new Promise((resolve, reject) => {
    const payload = Buffer.from(body);
    const headers = { 'content-type': 'application/json', 'content-length': payload.length };
    const options = { method: 'POST', agent, headers };
    const request = httpRequest(`${baseUrl}/chat/completions`, options, (response) => {
      const reader = new ReplyReader();
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        reader.add(part);
      });
      response.on('end', () => {
        resolve(reader.reply);
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(payload);
  });

export const askByFetch: Ask = async (baseUrl, body) => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body });
  const reader = new ReplyReader();
  const decoder = new TextDecoder();
  if (response.body === null) throw new Error('An answer without a body');
  for await (const part of response.body as AsyncIterable<Uint8Array>)
    reader.add(decoder.decode(part, { stream: true }));
  return reader.reply;
};

export function closeConnections(): void {
  agent.destroy();
}
