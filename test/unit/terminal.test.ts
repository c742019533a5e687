import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { converse } from '../../src/server/cli-conversation.ts';
import { EXIT } from '../../src/server/help.ts';
import { createTerminal, harmless } from '../../src/server/terminal.ts';
import { type Reply, call } from '../support/model-chunks.ts';
import { ScriptedTerminal } from '../support/scripted-terminal.ts';
import { type ServedCore, serveCore } from '../support/served-core.ts';

const TEXT = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n';

const edit = (from: string, to: string): Reply =>
  call('replace_in_file', { path: 'a.txt', old_text: from, new_text: to });

describe('approving in the terminal', () => {
  let served: ServedCore;
  beforeEach(async () => {
    served = await serveCore((baseUrl) => ({
      ...{ baseUrl, model: 'scripted', apiKey: null, patience: 60 },
    }));
    writeFileSync(join(served.folder, 'a.txt'), TEXT);
  });
  afterEach(() => served.close());

  const OPTIONS = { text: 'Go', threadId: null, mode: null, json: false, yesEdits: false };
  interface Ran {
    readonly code: number;
    readonly terminal: ScriptedTerminal;
  }
  const run = async (
    answers: readonly string[] | null,
    replies: readonly Reply[],
    options: Partial<Parameters<typeof converse>[1]> = {},
    signal = new AbortController().signal,
  ): Promise<Ran> => {
    served.server.say(...replies);
    const terminal = new ScriptedTerminal(answers);
    const code = await converse(served.core, { ...OPTIONS, ...options }, terminal, signal);
    assert.deepEqual(terminal.left, []);
    return { code, terminal };
  };
  const read = (path = 'a.txt'): string => readFileSync(join(served.folder, path), 'utf8');
  const decided = (): string[] =>
    served.core.audit
      .rows()
      .filter(({ by }) => by !== 'executor')
      .map(({ event, by }) => `${event} by ${by}`);
  const lastTold = (): string => {
    const { messages } = served.server.lastRequest;
    return String(messages.findLast(({ role }) => role === 'tool')?.content);
  };

  it('shows what would happen, takes an approval, and prints the answer', async () => {
    const { code, terminal } = await run(['?', 'a'], [edit('two', '2'), { text: 'Done.' }]);
    assert.equal(code, EXIT.done);
    assert.equal(terminal.printed, 'Done.\n');
    assert.match(terminal.said, /^Edit a\.txt\n[^]*^-two\n\+2\n/mu);
    assert.match(terminal.said, /Edit a\.txt: applied/u);
    assert.equal(read(), TEXT.replace('two', '2'));
    assert.deepEqual(decided(), ['approved by terminal']);
  });

  it('takes a rejection with its reason, and something else instead', async () => {
    await run(['r', 'Too short'], [edit('two', '2'), { text: 'I see.' }]);
    assert.match(lastTold(), /Too short/u);
    const { code } = await run(
      ['i', '', 'i', 'Rather nothing'],
      [edit('two', '2'), { text: 'As you like.' }],
    );
    assert.equal(code, EXIT.done);
    assert.equal(served.server.lastRequest.messages.at(-1)?.content, 'Rather nothing');
    assert.equal(read(), TEXT);
    assert.deepEqual(decided(), ['rejected by terminal', 'redirected by terminal']);
  });

  it('takes other arguments, which are shown before anything', async () => {
    const args = ['{"path":"a.txt",', '"old_text":"one","new_text":"1"}', ''];
    const { terminal } = await run(['e', ...args, 'a'], [edit('two', '2'), { text: 'Done.' }]);
    assert.match(terminal.said, /^-one\n\+1\n/mu);
    assert.equal(read(), TEXT.replace('one', '1'));
    const refused = await run(['e', 'no JSON', '', 'r', ''], [edit('two', '2'), { text: 'Well.' }]);
    assert.match(refused.terminal.said, /The arguments are no JSON/u);
  });

  it('takes a part, change by change', async () => {
    const whole = TEXT.replace('two', '2').replace('eight', '8');
    const write = call('write_file', { path: 'a.txt', content: whole });
    await run(['p', 'n', 'n', 'p', 'n', 'y'], [write, { text: 'Done.' }]);
    assert.equal(read(), TEXT.replace('eight', '8'));
  });

  it('takes that it was done by hand, and passes a question on', async () => {
    await run(['h'], [edit('two', '2'), { text: 'I see.' }]);
    assert.equal(read(), TEXT);
    const asking = call('request_clarification', { question: 'Which?', choices: ['red', 'blue'] });
    await run(['2'], [asking, { text: 'Blue it is.' }]);
    assert.match(lastTold(), /blue/u);
    assert.deepEqual(decided(), ['doneByHand by terminal', 'answered by terminal']);
  });

  it('leaves what is put off, and goes on with it later', async () => {
    const both = [edit('two', '2'), edit('eight', '8')].flatMap(({ toolCalls = [] }) => toolCalls);
    const { code, terminal } = await run(['s', 'r', ''], [{ toolCalls: both }]);
    assert.equal(code, EXIT.waiting);
    assert.equal(terminal.printed, '');
    const [, threadId = null] = /--continue ([\w-]+)/u.exec(terminal.said) ?? [];
    const quit = await run(['q'], [], { text: null, threadId });
    assert.equal(quit.code, EXIT.waiting);
    const next = await run(['a'], [{ text: 'Done.' }], { text: null, threadId });
    assert.equal(next.code, EXIT.done);
    assert.equal(read(), TEXT.replace('two', '2'));
    await assert.rejects(run([], [edit('two', '2')], { threadId: 'none' }), /does not exist/u);
  });

  it('approves nothing where nobody is there, and prints what waits', async () => {
    const { code, terminal } = await run(null, [edit('two', '2')]);
    assert.equal(code, EXIT.waiting);
    assert.match(terminal.said, /^-two\n\+2\n/mu);
    assert.match(terminal.said, /A decision is awaited/u);
    assert.equal(terminal.printed, '');
    assert.equal(read(), TEXT);
    assert.deepEqual(decided(), []);
    const json = await run(null, [edit('three', '3')], { json: true });
    assert.equal(json.code, EXIT.waiting);
    const state = JSON.parse(json.terminal.printed) as { status: string };
    assert.equal(state.status, 'pending_approval');
  });

  it('approves by the rule for edits what can be taken back, and nothing else', async () => {
    writeFileSync(join(served.folder, 'kept.txt'), 'kept\n');
    const calls = [
      edit('two', '2'),
      call('write_file', { path: 'new.txt', content: 'new\n' }),
      call('delete_file', { path: 'kept.txt' }),
      call('write_file', { path: '.vscode/settings.json', content: '{}\n' }),
      call('write_file', { path: 'odd.txt', content: 'a\u202eb\n' }),
    ].flatMap(({ toolCalls = [] }) => toolCalls);
    const { code } = await run(null, [{ toolCalls: calls }], { yesEdits: true });
    assert.equal(code, EXIT.waiting);
    assert.equal(read(), TEXT.replace('two', '2'));
    assert.equal(read('new.txt'), 'new\n');
    assert.throws(() => read('odd.txt'), /ENOENT/u);
    assert.deepEqual(decided(), ['approved by yesEdits', 'approved by yesEdits']);
    const waiting = await served.core.threads.pending();
    assert.equal(waiting.length, 3);
  });

  it('wants a whole word for what could not be taken back', async () => {
    const write = call('write_file', { path: '.vscode/settings.json', content: '{}\n' });
    const { code, terminal } = await run(['a', 'y', 'a', 'yes'], [write, { text: 'Done.' }]);
    assert.equal(code, EXIT.done);
    assert.match(terminal.said, /It was not confirmed/u);
    assert.equal(read('.vscode/settings.json'), '{}\n');
  });

  it('stops where the person has had enough, and loses nothing', async () => {
    const never = Promise.withResolvers<null>();
    const stopping = new AbortController();
    const ran = run(null, [{ text: 'I think', pause: never.promise }], {}, stopping.signal);
    await served.server.waitForRequest(1);
    stopping.abort();
    const { code, terminal } = await ran;
    never.resolve(null);
    assert.equal(code, EXIT.interrupted);
    const [, threadId = null] = /--continue ([\w-]+)/u.exec(terminal.said) ?? [];
    const next = await run(null, [{ text: 'There we are.' }], { text: null, threadId });
    assert.equal(next.terminal.printed, 'There we are.\n');
  });

  it('says why a run failed', async () => {
    served.server.say({ status: 400, raw: ['{"error":{"message":"too long"}}'] });
    const { code, terminal } = await run(null, []);
    assert.equal(code, EXIT.failed);
    assert.match(terminal.said, /too long/u);
  });
});

describe('the terminal', () => {
  it('lets no text of others steer it', () => {
    assert.equal(
      harmless('a\u001b[2Jb\rc\u009b1md\u202ee'),
      'a<U+001B>[2Jb\nc<U+009B>1md<U+202E>e',
    );
  });

  it('paints only where that is wanted and seen, and asks only who is there', async () => {
    const paint = (isTTY: boolean, env: NodeJS.ProcessEnv): string => {
      const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
      const terminal = createTerminal({
        ...{ input: stream as unknown as NodeJS.ReadStream, output: stream, messages: stream },
        ...{ env, signal: new AbortController().signal, onInterrupt: () => undefined },
      });
      return terminal.paint('red', 'x');
    };
    assert.equal(paint(true, {}), '\u001b[31mx\u001b[0m');
    assert.equal(paint(true, { NO_COLOR: '1' }), 'x');
    assert.equal(paint(true, { NO_COLOR: '' }), '\u001b[31mx\u001b[0m');
    assert.equal(paint(true, { TERM: 'dumb' }), 'x');
    assert.equal(paint(false, {}), 'x');
    const input = Object.assign(new PassThrough(), { isTTY: false });
    const stream = Object.assign(new PassThrough(), { isTTY: true });
    input.end('a\n');
    const piped = createTerminal({
      ...{ input: input as never, output: stream as never, messages: stream as never },
      ...{ env: {}, signal: new AbortController().signal, onInterrupt: () => undefined },
    });
    assert.equal(await piped.ask('Approve? '), null);
  });
});
