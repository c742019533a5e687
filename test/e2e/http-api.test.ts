import assert from 'node:assert/strict';
import { type Answered, type Body, callApi } from '../support/api-client.ts';
import {
  type Conversation,
  card,
  openConversation,
  startAnew,
  toolMessages,
} from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { until } from '../support/until.ts';

const SETTINGS = '.vscode/settings.json';
const OLD = '{"editor.tabSize": 2}\n';

describe('programs that ask the agent through the editor', () => {
  let conversation: Conversation;
  let url: string;
  let token: string;

  before(async () => {
    conversation = await openConversation({ files: { [SETTINGS]: OLD } });
  });
  beforeEach(async () => {
    await startAnew(conversation);
  });
  after(async () => {
    await conversation.close();
  });

  const api = (path: string, body?: unknown): Promise<Answered<Body>> =>
    callApi(url, token, path, body);
  const write = (path: string, content = 'new\n') => call('write_file', { path, content }, path);
  const listening = async (): Promise<string> => {
    const told = await conversation.workbench.editor.notification('The HTTP API listens at');
    const [found = ''] = /http:[\d/.:]+\d/u.exec(await told.text()) ?? [];
    await conversation.workbench.screenshot('api-started');
    await told.dismiss();
    return found;
  };

  it('get an address and a token, shown once', async () => {
    const { workbench } = conversation;
    const { editor } = workbench;
    await editor.runCommand('Countersign: Start HTTP API');
    const shown = editor.dialog('The token for the HTTP API');
    await shown.waitFor();
    [token = ''] = /[\w-]{43}/u.exec(await shown.innerText()) ?? [];
    await workbench.screenshot('api-token');
    await editor.pressInDialog('Copy Token');
    url = await listening();
    assert.equal((await api('/openapi.json')).status, 200);
    assert.equal((await fetch(`${url}/approvals`)).status, 401);
    assert.equal((await callApi(url, `${token.slice(1)}x`, '/approvals')).status, 401);
  });

  it('can ask and approve everything but what could not be taken back', async () => {
    const { server, workbench } = conversation;
    const { editor } = workbench;
    server.say(write(SETTINGS, '{}\n'), write('by-program.txt'), { text: 'All done.' });
    const asked = await api('/chat/start', { question: 'Two things, please' });
    const { session_id: session, pending_tool_calls: pending } = asked.body;
    assert.equal(pending[0]?.irrecoverable.length, 1);
    const refused = await api(`/chat/approve/${session}`, {});
    assert.equal(refused.status, 403);
    assert.equal(await editor.dialog().count(), 0);
    assert.equal(workbench.read(SETTINGS), OLD);
    const next = await api(`/chat/reject/${session}`, {});
    assert.match(String(toolMessages(server.lastRequest)[0]?.content), /Rejected by user/u);
    assert.match(next.body.pending_tool_calls[0]?.diff ?? '', /^\+new$/mu);
    await editor.notification('by-program.txt');
    await workbench.screenshot('api-asked');
    const done = await api(`/chat/approve/${session}`, {});
    assert.equal(done.body.answer, 'All done.');
    assert.equal(workbench.read('by-program.txt'), 'new\n');
  });

  it('race with each other and with the keys of the editor: one effect', async () => {
    const { server, workbench } = conversation;
    const { editor, page } = workbench;
    server.say(write('race.txt'), { text: 'Raced.' });
    const { body } = await api('/chat/start', { question: 'Race' });
    const { session_id: session } = body;
    await editor.runCommand('Countersign: Review Pending Approval');
    await editor.tab('race.txt (proposed)').waitFor();
    await editor.proposedFocused().waitFor();
    await until('Approve', () => editor.isApprovable());
    const [one, two] = await Promise.all([
      api(`/chat/approve/${session}`, {}),
      api(`/chat/reject/${session}`, {}),
      page.keyboard.press('Control+Enter'),
    ]);
    const won = [one, two].filter(({ status }) => status === 200);
    assert.ok(won.length <= 1);
    for (const lost of [one, two].filter(({ status }) => status !== 200)) {
      assert.equal(lost.status, 409, JSON.stringify(lost.body));
    }
    const { body: ended } = await until('the end of the run', async () => {
      const state = await api(`/chat/${session}`);
      return state.body.status === 'complete' ? state : null;
    });
    assert.equal(ended.answer, 'Raced.');
    const [told, ...others] = toolMessages(server.lastRequest);
    assert.equal(others.length, 0);
    const isApplied = String(told?.content).startsWith('Applied');
    assert.equal(isApplied, two.status !== 200);
    if (isApplied) assert.equal(workbench.read('race.txt'), 'new\n');
    else assert.throws(() => workbench.read('race.txt'), /ENOENT/u);
    await editor.runCommand('View: Close All Editors');
  });

  it('follow a session, decide in any way, stop a run and go on with it', async () => {
    const { server, workbench } = conversation;
    server.say(write('a.txt'), write('b.txt', 'other\n'));
    const { session_id: session } = (await api('/chat/start', { question: 'Write' })).body;
    const followed = await fetch(`${url}/chat/${session}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const events = followed.body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await events.read()).value ?? '', /^event: state\ndata: .*pending_approval/u);
    const decided = await api(`/chat/decide/${session}`, {
      decision: { kind: 'redirect', instruction: 'Write b.txt in its place' },
    });
    const [waiting] = decided.body.pending_tool_calls;
    assert.equal(waiting?.id, 'b.txt', JSON.stringify(decided.body));
    const chat = await workbench.openChat();
    const never = Promise.withResolvers<null>();
    server.say({ text: 'I think', pause: never.promise });
    const { length } = server.requests;
    const approving = api(`/chat/approve/${session}`, {});
    await server.waitForRequest(length + 1);
    assert.equal((await api(`/chat/cancel/${session}`, {})).body.status, 'unfinished');
    assert.equal((await approving).status, 409);
    never.resolve(null);
    server.say({ text: 'Written.' });
    const resumed = await api(`/chat/resume/${session}`, {});
    assert.equal(resumed.body.answer, 'Written.', JSON.stringify(resumed.body));
    assert.equal(workbench.read('b.txt'), 'other\n');
    assert.throws(() => workbench.read('a.txt'), /ENOENT/u);
    await events.cancel();
    assert.equal(await card(chat, 'b.txt').getByTestId('approve').count(), 0);
  });

  it('are shut out by Stop HTTP API', async () => {
    const { editor, page } = conversation.workbench;
    const status = page.locator('.statusbar-item', { hasText: 'API' });
    await status.waitFor();
    await editor.runCommand('Countersign: Stop HTTP API');
    await status.waitFor({ state: 'detached' });
    await assert.rejects(api('/approvals'), /fetch failed/u);
    await editor.runCommand('Countersign: Start HTTP API');
    url = await listening();
    assert.equal((await api('/approvals')).status, 200);
  });
});
