// One turn with the demo model, an approval included: `node demo-run.ts <core> <folder> <storage>`.
import { createRequire } from 'node:module';
import type * as CoreModule from '../../../src/threads/core.ts';
import { shownOf } from '../../support/core.ts';
import { FakeEditor } from '../../support/fake-editor.ts';

const [, , path = '', folder = '', storage = ''] = process.argv;
const { openCore } = createRequire(import.meta.url)(path) as typeof CoreModule;

const core = openCore(
  {
    storageFolder: storage,
    editor: new FakeEditor([{ name: 'p', path: folder }]),
    auditHead: { read: () => null, write: () => undefined },
    log: console.error,
    strings: {},
  },
  () => Promise.resolve(null),
);
const { threads } = core;
const idle = Promise.withResolvers<null>();
let decided = false;
threads.onAsked(({ threadId, item }) => {
  decided = true;
  void threads.decide(threadId, shownOf(item), { kind: 'approve' });
});
threads.onEvent(({ event }) => {
  if (event.kind === 'status' && event.status === 'idle' && decided) idle.resolve(null);
});
await threads.send(null, 'create a.txt with Hello');
await idle.promise;
await core.close();
console.log('finished');
