import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Fewer characters could be guessed. */
export const SHORTEST_TOKEN = 32;

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Takes as long whatever is given: hashes are compared, which have one length. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(hashOf(given), hashOf(token));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
