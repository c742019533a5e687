import assert from 'node:assert/strict';
import type { ThreadStatus, ThreadView } from '../../src/shared/thread-view.ts';
import { type Core, assembleCore } from '../../src/threads/core.ts';
import { FakeEditor } from '../support/fake-editor.ts';
import { type ScriptedReply, ScriptedModel } from '../support/scripted-model.ts';
import { scenarioOf } from './kill/scenario.ts';
import { Site, buildChild } from './kill/site.ts';

/** Writes to the checkpoints before the model is asked: at each, the message is stored or is not. */
const PASSES = [2, 3, 4];

describe('a message whose process was killed right after it was sent', () => {
  let child: Awaited<ReturnType<typeof buildChild>>;
  let site: Site;
  let core: Core;
  let model: ScriptedModel;
  before(async () => {
    child = await buildChild();
  });
  after(() => {
    child.remove();
  });
  afterEach(async () => {
    await core.close();
    site.remove();
  });

  const open = async (pass: number, replies: readonly ScriptedReply[]): Promise<ThreadView> => {
    site = new Site(child.path, scenarioOf({ 'a.txt': 'a\n' }, []));
    const { lines } = await site.killAt({ name: 'ckpt.before', callId: null, pass });
    assert.equal(lines.at(-1)?.kind, 'at');
    model = new ScriptedModel(replies);
    core = assembleCore(
      {
        storageFolder: site.storage,
        editor: new FakeEditor([{ name: 'p', path: site.folder }]),
        auditHead: { read: () => null, write: () => undefined },
        log: (error) => {
          throw error;
        },
        strings: {},
      },
      () => Promise.resolve({ model, patience: 60 }),
    );
    const [entry] = core.threads.list();
    return (await core.threads.open(entry?.threadId ?? '')).view;
  };
  const reaches = async (threadId: string, status: ThreadStatus): Promise<ThreadView> => {
    const reached = Promise.withResolvers<null>();
    core.threads.onEvent(({ event }) => {
      if (event.kind === 'status' && event.status === status) reached.resolve(null);
    });
    if ((await core.threads.open(threadId)).view.status !== status) await reached.promise;
    return (await core.threads.open(threadId)).view;
  };
  const texts = ({ items }: ThreadView): string[] =>
    items.map((item) => (item.kind === 'tool' ? item.title : item.text));

  for (const pass of PASSES) {
    it(`is there, and answered when the user goes on (write ${pass})`, async () => {
      const view = await open(pass, [{ text: 'Yes.' }]);
      assert.deepEqual(texts(view), ['Is that all?']);
      assert.equal(view.status, 'unfinished');
      await core.threads.resume(view.threadId);
      const ended = await reaches(view.threadId, 'idle');
      assert.deepEqual(texts(ended), ['Is that all?', 'Yes.']);
    }).timeout(30_000);

    it(`is there, and read by the model, when the user sends another (write ${pass})`, async () => {
      const { threadId } = await open(pass, [{ text: 'Yes.' }]);
      await core.threads.send(threadId, 'And now?');
      const ended = await reaches(threadId, 'idle');
      assert.deepEqual(texts(ended), ['Is that all?', 'And now?', 'Yes.']);
      const [request = []] = model.requests;
      assert.deepEqual(
        request.slice(1).map(({ text }) => text),
        ['Is that all?', 'And now?'],
      );
    }).timeout(30_000);
  }
});
