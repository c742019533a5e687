import assert from 'node:assert/strict';
import type { Decision } from '../../src/shared/decision.ts';
import type { HostCalls, HostMethod } from '../../src/shared/protocol.ts';
import { MAX_CHANGES, MAX_FILES, MAX_LINES, MAX_TEXT } from '../../src/shared/decision-shape.ts';
import { callId, handleCall, parseCall } from '../../src/vscode/webview-messages.ts';

const shown = { interruptId: 'i1', effectHash: 'h1' };

const CALLS: { readonly [M in HostMethod]: readonly HostCalls[M]['params'][] } = {
  state: [null],
  send: [
    { threadId: null, text: 'Hello', mode: 'act' },
    { threadId: 't1', text: '', mode: 'ask' },
  ],
  sendAgain: [
    { threadId: 't1', messageId: 'm1', way: 'anyway' },
    { threadId: 't1', messageId: 'm1', way: 'check' },
  ],
  decide: [{ threadId: 't1', shown, decision: { kind: 'approve' } }],
  pickMode: [{ threadId: 't1', mode: 'plan' }],
  openPlan: [{ threadId: 't1' }],
  revisePlan: [{ threadId: 't1' }],
  carryOutPlan: [{ threadId: 't1', shown: { planId: 'p1', hash: 'h1' } }],
  resume: [{ threadId: 't1' }],
  stop: [{ threadId: 't1' }],
  undo: [
    { threadId: 't1', proposalId: 'p1', kind: 'undo' },
    { threadId: 't1', proposalId: 'p1', kind: 'redo' },
  ],
  openDiff: [
    { proposalId: 'p1', operation: null },
    { proposalId: 'p1', operation: 0 },
  ],
  compareRejected: [{ proposalId: 'p1' }],
  readArguments: [{ threadId: 't1', proposalId: 'p1' }],
  openLink: [{ href: 'src/app.ts' }],
  remember: [{ memory: '{}' }],
  chooseStorage: [{ way: 'retry' }, { way: 'startFresh' }],
  soundPlayed: [{ outcome: 'played' }, { outcome: 'refused' }],
  runCommand: [{ command: 'newThread' }, { command: 'manageTrust' }],
};

const MAY_BE_NULL: Readonly<Record<string, string>> = { send: 'threadId', openDiff: 'operation' };

function fieldOf(value: unknown, field: string | undefined): unknown {
  return new Map(Object.entries(value ?? {})).get(field ?? '');
}

const DECISIONS: readonly Decision[] = [
  { kind: 'approve' },
  { kind: 'approve', note: 'and then the tests' },
  { kind: 'edit', files: [{ operation: 0, text: 'all\nof it\n' }] },
  {
    kind: 'edit',
    files: [
      { operation: 3, text: '' },
      { operation: 1, text: 'x' },
    ],
    note: 'tidier',
  },
  { kind: 'editArguments', arguments: '{"path":"a"}' },
  { kind: 'partial', files: [{ operation: 0, changes: 'all' }], reason: '' },
  {
    kind: 'partial',
    files: [
      { operation: 0, changes: [{ change: 0, lines: 'all' }] },
      {
        operation: 7,
        changes: [
          { change: 2, lines: { removed: [0, 2], added: [] } },
          { change: 4, lines: { removed: [], added: [1] } },
        ],
      },
    ],
    reason: 'not the rest',
  },
  { kind: 'reject', reason: '' },
  { kind: 'redirect', instruction: 'Use the library' },
  { kind: 'respond', answer: 'yes' },
  { kind: 'doneByHand' },
  { kind: 'doneByHand', note: 'with other names' },
  { kind: 'settle', way: 'keep' },
  { kind: 'settle', way: 'finish' },
  { kind: 'settle', way: 'rollBack' },
];

function decide(decision: unknown): ReturnType<typeof parseCall> {
  return parseCall({
    type: 'call',
    id: 1,
    method: 'decide',
    params: { threadId: 't1', shown, decision },
  });
}

const partial = (files: unknown): unknown => ({ kind: 'partial', files, reason: '' });
const lines = (of: unknown): unknown =>
  partial([{ operation: 0, changes: [{ change: 0, lines: of }] }]);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Values of every kind that a field must not have by mistake. */
const STRANGE: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  1.5,
  '',
  'x',
  [],
  [[]],
  {},
  { length: 1 },
  () => 'x',
];

/** Every object that one wrong field, one field less or one more makes of this one. */
function spoilt(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry: unknown, index) =>
      spoilt(entry).map((bad) => value.with(index, bad) as unknown),
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  return [
    { ...value, more: 1 },
    ...entries.flatMap(([name, content]) => [
      ...spoilt(content).map((bad) => ({ ...value, [name]: bad })),
      { ...value, [name]: 7.5 },
      { ...value, [name]: null },
      { ...value, [name]: undefined },
    ]),
  ];
}

describe('messages from the panel', () => {
  for (const [method, samples] of Object.entries(CALLS)) {
    it(`takes ${method} as it is meant`, () => {
      for (const params of samples) {
        const call = parseCall({ type: 'call', id: 5, method, params });
        assert.deepEqual(call, { type: 'call', id: 5, method, params: params ?? {} });
      }
    });

    it(`refuses ${method} with one field wrong, missing or too many`, () => {
      for (const params of samples) {
        for (const bad of spoilt(params)) {
          if (fieldOf(bad, MAY_BE_NULL[method]) === null) continue;
          const call = parseCall({ type: 'call', id: 5, method, params: bad });
          assert.equal(call, null, JSON.stringify(bad));
        }
      }
    });
  }

  it('takes every kind of decision', () => {
    for (const decision of DECISIONS) {
      const call = decide(decision);
      assert.ok(call?.method === 'decide', JSON.stringify(decision));
      assert.deepEqual(call.params.decision, decision);
    }
  });

  it('refuses comments with a decision: those are not for the panel to give', () => {
    const comments = [{ path: 'a', range: { start: 0, end: 1 }, quote: 'a', comment: 'b' }];
    for (const decision of DECISIONS) {
      assert.notEqual(decide(decision), null);
      assert.equal(decide({ ...decision, comments }), null);
    }
  });

  it('refuses every decision with one field wrong, missing or too many', () => {
    let refused = 0;
    for (const decision of DECISIONS) {
      for (const bad of spoilt(decision)) {
        assert.equal(decide(bad), null, JSON.stringify(bad));
        refused += 1;
      }
    }
    assert.ok(refused > 100);
  });

  it('refuses what is no decision, and kinds that it does not know', () => {
    for (const strange of STRANGE) assert.equal(decide(strange), null);
    for (const kind of [...STRANGE, 'approveAll', 'constructor', '__proto__', 'toString']) {
      assert.equal(decide({ kind }), null);
    }
    assert.equal(decide({ kind: 'settle', way: 'apply' }), null);
  });

  it('refuses places that are none', () => {
    const wrong = [-1, 0.5, NaN, Infinity, 2 ** 53, '0', null];
    for (const place of wrong) {
      assert.equal(decide(partial([{ operation: place, changes: 'all' }])), null);
      assert.equal(decide({ kind: 'edit', files: [{ operation: place, text: '' }] }), null);
      const changes = [{ change: place, lines: 'all' }];
      assert.equal(decide(partial([{ operation: 0, changes }])), null);
      assert.equal(decide(lines({ removed: [place], added: [] })), null);
      assert.equal(decide(lines({ removed: [], added: [0, place] })), null);
    }
    // A list with a hole, which some ways of walking through it do not see.
    const holed: number[] = [0];
    holed.length = 2;
    assert.equal(decide(lines({ removed: holed, added: [] })), null);
  });

  it('refuses to name a file, a change or a line twice, or nothing at all', () => {
    const file = { operation: 1, changes: 'all' };
    const change = { change: 1, lines: 'all' };
    assert.equal(decide(partial([file, file])), null);
    assert.equal(decide(partial([{ operation: 1, changes: [change, change] }])), null);
    assert.equal(decide(lines({ removed: [2, 2], added: [] })), null);
    assert.equal(decide(partial([])), null);
    assert.equal(decide(partial([{ operation: 1, changes: [] }])), null);
    assert.equal(decide(lines({ removed: [], added: [] })), null);
    const same = { operation: 1, text: '' };
    assert.equal(decide({ kind: 'edit', files: [same, same] }), null);
  });

  it('bounds texts and lists', () => {
    const long = 'x'.repeat(MAX_TEXT);
    assert.ok(decide({ kind: 'reject', reason: long }));
    assert.equal(decide({ kind: 'reject', reason: `${long}x` }), null);
    assert.equal(decide({ kind: 'edit', files: [{ operation: 0, text: `${long}x` }] }), null);
    const files = (count: number): unknown =>
      partial(upTo(count).map((operation) => ({ operation, changes: 'all' })));
    assert.ok(decide(files(MAX_FILES)));
    assert.equal(decide(files(MAX_FILES + 1)), null);
    const changes = (count: number): unknown =>
      partial([{ operation: 0, changes: upTo(count).map((change) => ({ change, lines: 'all' })) }]);
    assert.ok(decide(changes(MAX_CHANGES)));
    assert.equal(decide(changes(MAX_CHANGES + 1)), null);
    assert.ok(decide(lines({ removed: [], added: upTo(MAX_LINES) })));
    assert.equal(decide(lines({ removed: [], added: upTo(MAX_LINES + 1) })), null);
  });

  it('refuses what is no call', () => {
    for (const strange of STRANGE) {
      assert.equal(parseCall(strange), null);
      assert.equal(callId(strange), null);
    }
    const call = { type: 'call', id: 1, method: 'state', params: null };
    assert.ok(parseCall(call));
    for (const over of [
      { type: 'result' },
      { id: 'x' },
      { id: 1.5 },
      { method: 'applyNow' },
      { method: 'toString' },
      { method: null },
      { params: [] },
      { params: 'x' },
      { params: { threadId: 't1' } },
    ]) {
      assert.equal(parseCall({ ...call, ...over }), null, JSON.stringify(over));
    }
  });

  it('knows which call waits for an answer to a refused message', () => {
    assert.equal(callId({ type: 'call', id: 12, method: 'decide', params: { x: 1 } }), 12);
    assert.equal(callId({ type: 'call', id: '12', method: 'decide' }), null);
  });

  it('gives a call to the handler of its method', async () => {
    const call = parseCall({ type: 'call', id: 1, method: 'stop', params: { threadId: 't9' } });
    assert.ok(call);
    const stopped: string[] = [];
    const unused = (): never => assert.fail();
    await handleCall(
      {
        ...{ state: unused, send: unused, decide: unused, resume: unused, undo: unused },
        ...{ openDiff: unused, readArguments: unused, openLink: unused, remember: unused },
        ...{ runCommand: unused, chooseStorage: unused, compareRejected: unused },
        ...{ soundPlayed: unused, sendAgain: unused, pickMode: unused, openPlan: unused },
        ...{ revisePlan: unused, carryOutPlan: unused },
        stop: ({ threadId }) => {
          stopped.push(threadId);
          return Promise.resolve(null);
        },
      },
      call,
    );
    assert.deepEqual(stopped, ['t9']);
  });
});
