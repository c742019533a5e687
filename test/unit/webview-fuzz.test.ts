import assert from 'node:assert/strict';
import fc from 'fast-check';
import { messageOf } from '../../src/shared/lifecycle.ts';
import type { HostCalls, HostMethod } from '../../src/shared/protocol.ts';
import { type CallHandlers, replyTo } from '../../src/vscode/webview-messages.ts';
import { edit, Flow } from './support/flow.ts';

describe('a panel that sends anything', () => {
  let flow: Flow;
  let handled: HostMethod[];
  let handlers: CallHandlers;

  beforeEach(async () => {
    flow = await Flow.start({ 'a.txt': 'one\n' }, { calls: [edit('c', 'a.txt', 'one', 'two')] });
    handled = [];
    const { threads } = flow.bench.core;
    const note =
      <M extends HostMethod>(
        method: M,
        act: (params: HostCalls[M]['params']) => Promise<HostCalls[M]['result']>,
      ) =>
      (params: HostCalls[M]['params']): Promise<HostCalls[M]['result']> => {
        handled.push(method);
        return act(params);
      };
    const nothing = (): Promise<null> => Promise.resolve(null);
    handlers = {
      state: note('state', () => Promise.reject(new Error('not here'))),
      send: note('send', () => Promise.reject(new Error('not here'))),
      sendAgain: note('sendAgain', () => Promise.reject(new Error('not here'))),
      decide: note('decide', (p) => threads.decide(p.threadId, p.shown, p.decision)),
      pickMode: note('pickMode', async (p) => (await threads.pickMode(p.threadId, p.mode), null)),
      carryOutPlan: note('carryOutPlan', (p) => threads.usePlan(p.threadId, p.shown, 'carryOut')),
      openPlan: note('openPlan', nothing),
      revisePlan: note('revisePlan', nothing),
      resume: note('resume', async (p) => (await threads.resume(p.threadId), null)),
      stop: note('stop', async (p) => (await threads.stop(p.threadId), null)),
      undo: note('undo', (p) => threads.undo(p.threadId, p.proposalId, p.kind)),
      readArguments: note('readArguments', async (p) => ({
        arguments: await threads.readArguments(p.threadId, p.proposalId),
      })),
      openDiff: note('openDiff', nothing),
      compareRejected: note('compareRejected', nothing),
      openLink: note('openLink', nothing),
      remember: note('remember', nothing),
      chooseStorage: note('chooseStorage', nothing),
      runCommand: note('runCommand', nothing),
      soundPlayed: note('soundPlayed', nothing),
    };
  });
  afterEach(() => flow.close());

  const send = (raw: unknown): ReturnType<typeof replyTo> =>
    replyTo(handlers, raw, { refused: () => 'refused', failed: messageOf });

  /** What waits is as it was: the same interrupt asks about the same effect of the same file. */
  async function stands(): Promise<string> {
    const view = await flow.bench.view(flow.id);
    return JSON.stringify([view.status, view.items, flow.onDisk('a.txt')]);
  }

  it('UI-11: random values are refused, and nothing changes', async () => {
    const before = await stands();
    await fc.assert(
      fc.asyncProperty(fc.anything({ withNullPrototype: true, withBigInt: true }), async (raw) => {
        const reply = await send(raw);
        assert.ok(reply === null || reply.type === 'error');
      }),
      { numRuns: 1000 },
    );
    assert.deepEqual(handled, []);
    assert.equal(await stands(), before);
  });

  it('UI-11: random JSON in the place of the parameters is refused', async () => {
    const before = await stands();
    const method = fc.constantFrom(...(Object.keys(handlers) as HostMethod[]), 'approve', '');
    const params = fc.jsonValue().filter((value) => value !== null);
    await fc.assert(
      fc.asyncProperty(method, params, fc.integer(), async (name, value, id) => {
        const reply = await send({ type: 'call', id, method: name, params: value });
        if (handled.length === 0)
          assert.deepEqual(reply, { type: 'error', id, message: 'refused' });
        handled = handled.filter((one) => one !== 'state');
      }),
      { numRuns: 1000 },
    );
    assert.deepEqual(handled, []);
    assert.equal(await stands(), before);
  });

  it('UI-11: no key changes what all objects have', async () => {
    const before = await stands();
    const own = '{"type":"call","id":1,"method":"stop","params":{"threadId":"t"}';
    for (const raw of [
      `${own},"__proto__":{"polluted":true}}`,
      '{"__proto__":{"type":"call","id":1,"method":"stop","params":{"threadId":"t"}}}',
      '{"type":"call","id":1,"method":"__proto__","params":{}}',
      '{"type":"call","id":1,"method":"constructor","params":{"prototype":{"polluted":true}}}',
      '{"type":"call","id":1,"method":"decide","params":{"__proto__":{"polluted":true}}}',
    ]) {
      const reply = await send(JSON.parse(raw));
      assert.ok(reply === null || reply.type === 'error' || handled.join() === 'stop', raw);
      assert.equal('polluted' in {}, false);
    }
    assert.equal(await stands(), before);
  });

  it('UI-11: 10 MB of anything are refused', async () => {
    const long = 'x'.repeat(10_000_000);
    const many = Array.from({ length: 1_000_000 }, (_, operation) => ({ operation }));
    const call = { type: 'call', id: 1, method: 'remember', params: { memory: long } };
    const decision = { kind: 'partial', files: many, reason: '' };
    const refused = { type: 'error', id: 1, message: 'refused' };
    assert.equal(await send(long), null);
    assert.deepEqual(await send(call), refused);
    for (const params of [
      { threadId: flow.id, shown: { interruptId: long, effectHash: long }, decision },
      { threadId: flow.id, shown: { interruptId: 'i', effectHash: 'h' }, decision },
    ]) {
      assert.deepEqual(await send({ ...call, method: 'decide', params }), refused);
    }
    assert.deepEqual(handled, []);
  });

  it('UI-11: ids that nobody has given are answered, and change nothing', async () => {
    const before = await stands();
    const { interruptId, effectHash, proposalId } = await flow.review('c');
    const decision = { kind: 'approve' };
    const id = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', '../a', '', 'c'));
    await fc.assert(
      fc.asyncProperty(id, async (unknown) => {
        for (const [method, params] of [
          ['decide', { threadId: unknown, shown: { interruptId, effectHash }, decision }],
          ['decide', { threadId: flow.id, shown: { interruptId: unknown, effectHash }, decision }],
          ['decide', { threadId: flow.id, shown: { interruptId, effectHash: unknown }, decision }],
          ['undo', { threadId: unknown, proposalId, kind: 'undo' }],
          ['undo', { threadId: flow.id, proposalId: unknown, kind: 'redo' }],
          ['readArguments', { threadId: unknown, proposalId: unknown }],
          ['stop', { threadId: unknown }],
          ['resume', { threadId: unknown }],
        ] as const) {
          const reply = await send({ type: 'call', id: 1, method, params });
          assert.notDeepEqual(reply, { type: 'result', id: 1, result: { kind: 'taken' } });
          assert.notDeepEqual(reply, { type: 'result', id: 1, result: { kind: 'done' } });
        }
      }),
      { numRuns: 50 },
    );
    assert.equal(await stands(), before);
  });
});
