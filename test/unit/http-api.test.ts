import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditRow } from '../../src/approval/audit-rows.ts';
import { type Reply, call } from '../support/model-chunks.ts';
import type { Answered, Body } from '../support/api-client.ts';
import { ServedApi, TOKEN } from '../support/served-api.ts';
import { until } from '../support/until.ts';

const FILES = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'first\n' };

function edit(path: string, from: string, to: string, id?: string): Reply {
  return call('replace_in_file', { path, old_text: from, new_text: to }, id);
}

describe('the HTTP control API', () => {
  let api: ServedApi;
  beforeEach(async () => {
    api = await ServedApi.start(FILES);
  });
  afterEach(() => api.close());

  const say = (...replies: Reply[]): void => {
    api.served.server.say(...replies);
  };
  const start = async (...replies: Reply[]): Promise<Body> => {
    say(...replies);
    const { status, body } = await api.call('/chat/start', { question: 'Please change it' });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const rows = (event: string): readonly AuditRow[] =>
    api.served.core.audit.rows().filter((row) => row.event === event);
  const refused = ({ status, type, body }: Answered<Body>, as: number, name: string): void => {
    assert.deepEqual([status, body.type], [as, `urn:countersign:${name}`], JSON.stringify(body));
    assert.match(type, /^application\/problem\+json/u);
    assert.ok(body.detail !== '' && body.next_step !== '');
  };

  it('asks, and answers when the agent is done', async () => {
    const { status, session_id, answer } = await start({ text: 'Hello to you.' });
    assert.deepEqual([status, answer], ['complete', 'Hello to you.']);
    say({ text: 'Once more.' });
    const again = await api.call('/chat/start', { question: 'Again', session_id });
    assert.equal(again.body.answer, 'Once more.');
    assert.equal(again.body.session_id, session_id);
    const state = await api.call(`/chat/${session_id}`);
    assert.deepEqual(state.body, again.body);
  });

  it('answers with what waits, and approves exactly that, once, and says so on record', async () => {
    const body = await start(edit('a.txt', 'two', '2', 'c1'), { text: 'Done.' });
    assert.equal(body.status, 'pending_approval');
    const [pending, ...others] = body.pending_tool_calls;
    assert.deepEqual(others, []);
    assert.equal(pending?.id, 'c1');
    assert.equal(pending.name, 'replace_in_file');
    assert.equal(pending.kind, 'edit');
    assert.deepEqual(pending.args, { path: 'a.txt', old_text: 'two', new_text: '2' });
    assert.equal(
      pending.diff,
      'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n',
    );
    assert.deepEqual((await api.call('/approvals')).body.pending_tool_calls, [pending]);
    assert.equal(api.read('a.txt'), FILES['a.txt']);

    const approved = await api.call(`/chat/approve/${body.session_id}`, {});
    assert.deepEqual(approved.body, {
      ...{ status: 'complete', session_id: body.session_id, answer: 'Done.' },
    });
    assert.equal(api.read('a.txt'), 'one\n2\nthree\n');
    assert.deepEqual(
      rows('approved').map(({ by, effectHash }) => [by, effectHash]),
      [['http', pending.effect_hash]],
    );
    refused(await api.call(`/chat/approve/${body.session_id}`, {}), 409, 'nothing_pending');
    const { interrupt_id } = pending;
    refused(
      await api.call(`/chat/approve/${body.session_id}`, { interrupt_id }),
      409,
      'already_answered',
    );
    assert.equal(rows('applied').length, 1);
    assert.equal(api.served.core.audit.verify().problem, null);
  });

  it('tells the agent of a rejection, by default in words of its own', async () => {
    const { session_id } = await start(edit('a.txt', 'two', '2'), { text: 'I see.' });
    const { body } = await api.call(`/chat/reject/${session_id}`, {});
    assert.equal(body.answer, 'I see.');
    assert.equal(api.read('a.txt'), FILES['a.txt']);
    const told = api.served.server.lastRequest.messages.findLast(({ role }) => role === 'tool');
    assert.match(String(told?.content), /Rejected by user/u);
    assert.deepEqual(
      rows('rejected').map(({ by }) => by),
      ['http'],
    );
  });

  it('wants to know which, where several wait, and decides each by itself', async () => {
    const two = [edit('a.txt', 'two', '2', 'c1'), edit('b.txt', 'first', '1st', 'c2')];
    const { session_id, pending_tool_calls: both } = await start(
      { toolCalls: two.flatMap(({ toolCalls = [] }) => toolCalls) },
      { text: 'Both are decided.' },
    );
    assert.equal(both.length, 2);
    const unnamed = await api.call(`/chat/approve/${session_id}`, {});
    refused(unnamed, 409, 'several_pending');
    assert.deepEqual(unnamed.body.pending_tool_calls, both);
    assert.equal(api.read('a.txt'), FILES['a.txt']);

    const [first, second] = both;
    const { interrupt_id } = second ?? {};
    const one = await api.call(`/chat/approve/${session_id}`, { interrupt_id });
    assert.equal(one.body.status, 'pending_approval');
    assert.deepEqual(one.body.pending_tool_calls, [first]);
    assert.equal(api.read('b.txt'), '1st\n');
    const other = await api.call(`/chat/reject/${session_id}`, { reason: 'Not that one' });
    assert.equal(other.body.answer, 'Both are decided.');
    assert.equal(api.read('a.txt'), FILES['a.txt']);
  });

  it('does not approve what nobody was shown', async () => {
    const { session_id, pending_tool_calls } = await start(edit('a.txt', 'two', '2'), {
      text: 'Done.',
    });
    const [before] = pending_tool_calls;
    // The file changes under it: what waits from now on is another effect, on top of that.
    writeFileSync(join(api.served.folder, 'a.txt'), 'zero\none\ntwo\nthree\n');
    await api.served.core.threads.filesChanged(new Set([join(api.served.folder, 'a.txt')]));
    const path = `/chat/approve/${session_id}`;
    const blind = await api.call(path, {});
    refused(blind, 409, 'changed');
    const [now] = blind.body.pending_tool_calls;
    assert.notEqual(now?.effect_hash, before?.effect_hash);
    refused(await api.call(path, { effect_hash: before?.effect_hash }), 409, 'changed');
    // Two effects were shown by now: which of them is meant has to be said.
    refused(await api.call(path, {}), 409, 'changed');
    assert.equal(api.read('a.txt'), 'zero\none\ntwo\nthree\n');
    const { body } = await api.call(path, { effect_hash: now?.effect_hash });
    assert.equal(body.status, 'complete');
    assert.equal(api.read('a.txt'), 'zero\none\n2\nthree\n');
  });

  it('has one winner where two race for one approval, and one effect', async () => {
    const { session_id } = await start(edit('a.txt', 'two', 'two two'), { text: 'Done.' });
    const answers = await Promise.all([
      api.call(`/chat/approve/${session_id}`, {}),
      api.call(`/chat/approve/${session_id}`, {}),
      api.call(`/chat/reject/${session_id}`, {}),
    ]);
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const lost of answers.filter((one) => one.status !== 200)) {
      assert.match(lost.body.type, /:(?:already_answered|nothing_pending)$/u);
    }
    const isApproved = rows('approved').length === 1;
    assert.equal(rows('applied').length, isApproved ? 1 : 0);
    assert.equal(rows('rejected').length, isApproved ? 0 : 1);
    assert.equal(api.read('a.txt'), isApproved ? 'one\ntwo two\nthree\n' : FILES['a.txt']);
  });

  it('takes every decision: other arguments, a part, another text, a redirect, done by hand', async () => {
    const { session_id, pending_tool_calls } = await start(
      edit('a.txt', 'two', '2'),
      edit('b.txt', 'first', '1st'),
      edit('b.txt', '1st', 'none'),
      edit('a.txt', 'three', '3'),
      { text: 'Done.' },
    );
    const decide = async (decision: unknown, effect_hash?: string): Promise<Body> => {
      const about = effect_hash === undefined ? {} : { effect_hash };
      const answered = await api.call(`/chat/decide/${session_id}`, { decision, ...about });
      assert.equal(answered.status, 200, JSON.stringify(answered.body));
      return answered.body;
    };
    const args = { path: 'a.txt', old_text: 'one', new_text: '1' };
    const shown = await decide({ kind: 'editArguments', arguments: JSON.stringify(args) });
    const [anew] = shown.pending_tool_calls;
    assert.match(anew?.diff ?? '', /^-one\n\+1$/mu);
    assert.notEqual(anew?.effect_hash, pending_tool_calls[0]?.effect_hash);
    assert.equal(api.read('a.txt'), FILES['a.txt']);
    const files = [{ operation: 0, changes: [{ change: 0, lines: 'all' }] }];
    await decide({ kind: 'partial', files, reason: '' }, anew?.effect_hash);
    assert.equal(api.read('a.txt'), '1\ntwo\nthree\n');
    await decide({ kind: 'edit', files: [{ operation: 0, text: 'my own\n' }] });
    assert.equal(api.read('b.txt'), 'my own\n');
    // The call after that did not fit the file, which the agent was told; the next one waits.
    const after = await decide({ kind: 'doneByHand' });
    assert.deepEqual([after.status, after.answer], ['complete', 'Done.']);
    say(edit('a.txt', 'three', '3'), { text: 'As you like.' });
    await api.call('/chat/start', { question: 'And now?', session_id });
    const redirected = await decide({ kind: 'redirect', instruction: 'Leave it', mode: 'ask' });
    assert.equal(redirected.answer, 'As you like.');
    assert.equal(api.read('a.txt'), '1\ntwo\nthree\n');
  });

  it('passes a question on, and the answer back', async () => {
    const asking = call('request_clarification', { question: 'Which?', choices: ['a', 'b'] });
    const body = await start(asking, { text: 'I take b.' });
    assert.equal(body.status, 'pending_approval');
    const decision = { kind: 'respond', answer: 'b' };
    const answered = await api.call(`/chat/decide/${body.session_id}`, { decision });
    assert.equal(answered.body.answer, 'I take b.');
  });

  it('leaves to the editor what could not be taken back', async () => {
    const args = { path: '.vscode/settings.json', content: '{}\n' };
    const body = await start(call('write_file', args), { text: 'As you like.' });
    assert.equal(body.pending_tool_calls[0]?.irrecoverable.length, 1);
    const answered = await api.call(`/chat/approve/${body.session_id}`, {});
    refused(answered, 403, 'refused');
    assert.match(answered.body.detail, /asked about in the editor only/u);
    assert.throws(() => api.read('.vscode/settings.json'), /ENOENT/u);
    await api.call(`/chat/reject/${body.session_id}`, {});
  });

  it('does not withdraw what waits because something else is asked', async () => {
    const { session_id } = await start(edit('a.txt', 'two', '2'), { text: 'Done.' });
    const asked = await api.call('/chat/start', { question: 'Another thing', session_id });
    refused(asked, 409, 'still_pending');
    const { body } = await api.call(`/chat/approve/${session_id}`, {});
    assert.equal(body.status, 'complete');
  });

  it('stops a run, which can be resumed', async () => {
    const never = Promise.withResolvers<null>();
    say({ text: 'I think long', pause: never.promise });
    const asked = api.call('/chat/start', { question: 'Think' });
    await api.served.server.waitForRequest(1);
    const [session] = api.served.core.threads.list();
    const id = session?.threadId ?? '';
    await until('the run goes', async () => {
      const { body } = await api.call(`/chat/${id}`);
      return body.status === 'running';
    });
    const stopped = await api.call(`/chat/cancel/${id}`, {});
    assert.equal(stopped.body.status, 'unfinished');
    refused(await asked, 409, 'cancelled');
    never.resolve(null);
    say({ text: 'There we are.' });
    const resumed = await api.call(`/chat/resume/${id}`, {});
    assert.equal(resumed.body.answer, 'There we are.');
  });

  it('says why a run failed', async () => {
    api.served.server.say({ status: 400, raw: ['{"error":{"message":"too long"}}'] });
    const failed = await api.call('/chat/start', { question: 'Hello' });
    refused(failed, 502, 'run_failed');
    assert.match(failed.body.session_id, /^[\w-]+$/u);
  });

  it('streams what happens in a session', async () => {
    const { session_id } = await start(edit('a.txt', 'two', '2'), { text: 'All done.' });
    const response = await fetch(`${api.api.url}/chat/${session_id}/events`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/u);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const sees = async (what: RegExp): Promise<void> => {
      while (!what.test(seen)) {
        const { value, done } = await reader.read();
        assert.ok(!done, seen);
        seen += value;
      }
    };
    await sees(/event: state\ndata: \{"status":"pending_approval"/u);
    await api.call(`/chat/approve/${session_id}`, {});
    await sees(/event: tool_call\ndata: [^\n]*"state":"applied"/u);
    await sees(/event: text\ndata: [^\n]*All/u);
    await sees(/event: state\ndata: \{"status":"complete"/u);
    await reader.cancel();
  });

  it('knows no session that there is not', async () => {
    refused(await api.call('/chat/nobody'), 404, 'notFound');
    refused(await api.call('/chat/approve/nobody', {}), 404, 'notFound');
    refused(await api.call('/chat/start', { question: 'Hi', session_id: 'no' }), 404, 'notFound');
    refused(await api.call('/chat/nobody/events'), 404, 'notFound');
  });
});
