import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { type Conversation, openConversation, say, toolMessages } from '../support/conversation.ts';
import { call } from '../support/model-chunks.ts';
import { failure, ModelServer, type Script } from '../support/model-server.ts';
import { until } from '../support/until.ts';

const HELLO = 'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"I am"}}]}\n\n';

describe('a model server that fails, in the editor', () => {
  let conversation: Conversation;
  let chat: FrameLocator;

  before(async () => {
    conversation = await openConversation({ files: { 'a.txt': 'a\n' } });
    chat = await conversation.workbench.openChat();
  });

  after(async () => {
    await conversation.close();
  });

  const cases: readonly [name: string, scripts: readonly Script[], said: RegExp, action: string][] =
    [
      ['401', [failure(401, 'Incorrect API key')], /refused the API key/u, 'Set API Key'],
      ['404', [failure(404, 'No such model')], /No such model/u, 'Open Settings'],
      [
        '429',
        [failure(429, 'Slow down', { 'retry-after': '1' }), failure(429, 'Slow down')],
        /429.*Slow down/u,
        'Retry',
      ],
      ['500', [failure(500, 'Oops'), failure(500, 'Oops')], /500.*Oops/u, 'Retry'],
      ['context', [failure(400, 'maximum context length is 10')], /too long/u, 'New Thread'],
      ['drop', [{ raw: [HELLO], end: 'destroy' }], /Nothing of it was used/u, 'Retry'],
      ['malformed', [{ raw: ['data: {nonsense\n\n'] }], /not an answer/u, 'Retry'],
      [
        'empty',
        [{ raw: ['data: [DONE]\n\n'] }],
        /answered nothing|Nothing of it was used/u,
        'Retry',
      ],
    ];
  for (const [name, scripts, said, action] of cases) {
    it(`${name}: says what happened, offers "${action}", and goes on from the same point`, async () => {
      const { server, workbench } = conversation;
      await workbench.editor.runCommand('Countersign: New Thread');
      await chat.getByTestId('found').waitFor();
      server.say(...scripts);
      await say(chat, `Question ${name}`);
      const notice = chat.getByTestId('failure');
      await notice.waitFor();
      assert.match(await notice.innerText(), said);
      await notice.getByRole('button', { name: action }).waitFor();
      await workbench.screenshot(`failure-${name}`);
      assert.equal(await chat.getByRole('log').getByText('I am').count(), 0);
      if ((await notice.getByRole('button', { name: 'Retry' }).count()) === 0) return;
      server.say({ text: `Answer ${name}` });
      await notice.getByRole('button', { name: 'Retry' }).click();
      await chat.getByRole('log').getByText(`Answer ${name}`).waitFor();
      const asked = server.lastRequest.messages.filter(({ role }) => role === 'user');
      assert.deepEqual(
        asked.map(({ content }) => content),
        [`Question ${name}`],
      );
    });
  }

  it('a stall in the middle of an answer: is given up after the time in the settings', async () => {
    const { server, workbench } = conversation;
    conversation.configure({ 'countersign.model': 'patient', 'countersign.responseTimeout': 2 });
    await chat.getByText('patient · ').first().waitFor();
    await workbench.editor.runCommand('Countersign: New Thread');
    server.say({ raw: [HELLO], end: 'hang' });
    await say(chat, 'Go on');
    await chat.getByTestId('failure').getByText('said nothing for 2 seconds').waitFor();
    conversation.configure({});
    await chat.getByText('scripted · ').first().waitFor();
    server.say({ text: 'Here it is.' });
    await chat.getByTestId('failure').getByRole('button', { name: 'Retry' }).click();
    await chat.getByRole('log').getByText('Here it is.').waitFor();
  });

  it('a server that is not there: says so', async () => {
    const { workbench, server } = conversation;
    conversation.configure({ 'countersign.baseUrl': 'http://127.0.0.1:9/v1' });
    await chat.getByText('scripted · 127.0.0.1:9').waitFor();
    await workbench.editor.runCommand('Countersign: New Thread');
    await chat.getByTestId('found').waitFor();
    await say(chat, 'Anybody there?');
    const notice = chat.getByTestId('failure');
    await notice.getByText('cannot be reached').waitFor();
    conversation.configure({});
    await chat.getByText(`scripted · ${new URL(server.baseUrl).host}`).waitFor();
    server.say({ text: 'Now there is.' });
    await notice.getByRole('button', { name: 'Retry' }).click();
    await chat.getByRole('log').getByText('Now there is.').waitFor();
  });

  it('stop ends the request at once; the next message answers what was left open', async () => {
    const { server, workbench } = conversation;
    await workbench.editor.runCommand('Countersign: New Thread');
    await chat.getByTestId('found').waitFor();
    const before = server.requests.length;
    server.say({ raw: [HELLO], end: 'hang' });
    await say(chat, 'Take your time');
    await server.waitForRequest(before + 1);
    await chat.getByTestId('stop').click();
    await chat.getByTestId('unfinished').getByText('The run was cut off').waitFor();
    await until('the connection to be closed', () => server.connections === 0);
    server.say(call('write_file', { path: 'b.txt', content: 'b\n' }), { text: 'Very well.' });
    await say(chat, 'Write b.txt then');
    await chat.getByTestId('approve').waitFor();
    await say(chat, 'No, leave it');
    await chat.getByRole('log').getByText('Very well.').waitFor();
    const roles = server.lastRequest.messages.map(({ role }) => role);
    assert.deepEqual(roles, ['system', 'user', 'user', 'assistant', 'tool', 'user']);
    assert.match(String(toolMessages(server.lastRequest)[0]?.content), /^Cancelled/u);
    assert.equal(await chat.getByTestId('approve').count(), 0);
  });

  it('the key is asked for in the editor, and goes to the one server it was given for', async () => {
    const { server, workbench } = conversation;
    await workbench.editor.runCommand('Countersign: Set API Key…');
    await workbench.editor.answer('sk-test-1');
    await workbench.editor.runCommand('Countersign: New Thread');
    await chat.getByTestId('found').getByText('secret storage').waitFor();
    server.say({ text: 'Authorised.' });
    await say(chat, 'Hello');
    await chat.getByRole('log').getByText('Authorised.').waitFor();
    assert.equal(server.lastRequest.headers['authorization'], 'Bearer sk-test-1');
    assert.doesNotMatch(workbench.log(10_000), /sk-test-1/u);

    const other = await ModelServer.start();
    conversation.configure({ 'countersign.baseUrl': other.baseUrl });
    await chat
      .getByText(`scripted · ${new URL(other.baseUrl).host}`)
      .first()
      .waitFor();
    other.say({ text: 'Who are you?' });
    await say(chat, 'Hello, other');
    await chat.getByRole('log').getByText('Who are you?').waitFor();
    assert.doesNotMatch(JSON.stringify(other.lastRequest.headers), /sk-test-1/u);
    conversation.configure({});
    await other.close();
  });

  it('the walkthrough opens, leads through five steps and notices what is done', async () => {
    const { workbench } = conversation;
    await workbench.editor.runCommand('Countersign: Open Walkthrough');
    const steps = workbench.page.locator('.getting-started-step');
    const last = steps.filter({ hasText: 'You are always in control' });
    await last.waitFor();
    assert.equal(await steps.count(), 5);
    const expanded = workbench.page.locator('.getting-started-step.expanded');
    for (const step of await steps.all()) {
      if ((await expanded.and(step).count()) === 0) await step.click();
      await expanded.and(step).waitFor();
      await workbench.screenshot(`walkthrough ${(await step.getAttribute('data-step-id')) ?? ''}`);
    }
    const done = workbench.page.locator('[aria-checked="true"]');
    await last.and(done).waitFor();
    await say(await workbench.openChat(), 'help');
    await steps.filter({ hasText: 'Ask for a change' }).and(done).waitFor();
  });
});
