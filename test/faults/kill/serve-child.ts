// The headless host, which stops at a failpoint to be killed there: `node child.mjs <failpoint> <after>`.
import { writeSync } from 'node:fs';
import { serve } from '../../../src/server/cli-serve.ts';
import { parseCommandLine } from '../../../src/server/command-line.ts';
import { atFailpoints } from '../../../src/shared/failpoint.ts';

const [, own = '', stopAt = '', after = '', ...args] = process.argv;
let counting = after === '';
atFailpoints((name) => {
  counting ||= name === after;
  if (!counting || name !== stopAt) return;
  writeSync(1, `at ${name}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});

const invocation = parseCommandLine(['serve', ...args], process.env);
if (invocation.kind !== 'serve') throw new Error('No way to serve');
process.exitCode = await serve(invocation, {
  ...{ own, version: '0.0.0' },
  log: (error) => {
    process.stderr.write(`${String(error)}\n`);
  },
});
