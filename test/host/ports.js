// @ts-check
import { createServer } from 'node:net';
import { HostError } from './run.js';

export const HOST = '127.0.0.1';

/** Refuses a port that something else listens on. */
export async function checkPort(/** @type {number} */ port) {
  if (await isFree(port)) return;
  throw new HostError(
    `Port ${port} is taken: is Countersign's editor open already? Then use it: http://${HOST}:${port}/\n` +
      `To open it on another port:  PORT=${port + 1} npm start`,
  );
}

function isFree(/** @type {number} */ port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => {
      done(false);
    });
    probe.listen(port, HOST, () => probe.close(() => done(true)));
  });
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => {
        done(port);
      });
    });
  });
}
