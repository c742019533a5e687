import assert from 'node:assert/strict';
import type { StorageNotice } from '../../src/shared/storage.ts';
import type { PanelCommand, Readiness } from '../../src/shared/protocol.ts';
import type { FailureAction } from '../../src/shared/thread-view.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { demo, thread, user, waiting } from './harness/samples.ts';
import { byTestId, composerFocused, drawn, item, until } from './harness/wait.ts';

describe('the composer', () => {
  const browser = useBrowser();

  it('sends on Enter and clears only when the message is stored', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const stored = Promise.withResolvers<undefined>();
    host.answers.send = async () => {
      await stored.promise;
      return { threadId: 't1' };
    };
    const { page } = await openPanel(browser(), host);
    const composer = byTestId(page, 'composer');
    await composer.fill('first');
    await composer.press('End');
    await composer.press('Shift+Enter');
    await page.keyboard.type('second');
    await composer.press('Enter');
    assert.deepEqual(await host.called('send'), {
      ...{ threadId: 't1', text: 'first\nsecond', mode: 'act' },
    });
    assert.equal(await composer.inputValue(), 'first\nsecond');
    await page.keyboard.type(' and more');
    stored.resolve(undefined);
    await until(page, `document.querySelector('textarea').value === ' and more'`);
    await composer.press('Enter');
    assert.equal((await host.called('send', 2)).text, ' and more');
    await page.close();
  });

  it('keeps the text and says why when the host refuses it', async () => {
    const host = new FakeHost(waiting('e1'));
    host.answers.send = () => Promise.reject(new Error('Answer the approvals first.'));
    const { page } = await openPanel(browser(), host);
    const composer = byTestId(page, 'composer');
    assert.equal(await composer.getAttribute('placeholder'), 'Approvals are waiting above');
    await composer.fill('hurry');
    await byTestId(page, 'send').click();
    await byTestId(page, 'problem').getByText('Answer the approvals first.').waitFor();
    assert.equal(await composer.inputValue(), 'hurry');
    host.answers.send = () => ({ threadId: 't1' });
    await composer.press('Enter');
    await byTestId(page, 'problem').waitFor({ state: 'detached' });
    await until(page, `document.querySelector('textarea').value === ''`);
    await page.close();
  });

  it('does not send while an input method composes', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'composer').fill('にほ');
    await page.evaluate(`document.querySelector('textarea').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))`);
    await drawn(page);
    assert.deepEqual(host.of('send'), []);
    await page.close();
  });

  it('keeps the text while a run is under way, and Esc or the button stops it', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { status: 'running' }));
    const { page } = await openPanel(browser(), host);
    const composer = byTestId(page, 'composer');
    await composer.fill('next');
    await composer.press('Enter');
    assert.equal(await byTestId(page, 'send').isDisabled(), true);
    await page.getByText('The agent is working. Your text stays here').waitFor();
    await composer.press('Escape');
    assert.deepEqual(await host.called('stop'), { threadId: 't1' });
    await byTestId(page, 'stop').click();
    await host.called('stop', 2);
    await host.fire({ kind: 'status', status: 'idle', failure: null });
    await byTestId(page, 'stop').waitFor({ state: 'detached' });
    assert.equal(await composer.inputValue(), 'next');
    await composer.press('Escape');
    await drawn(page);
    assert.equal(host.of('stop').length, 2);
    assert.deepEqual(host.of('send'), []);
    await page.close();
  });

  it('takes the focus when the host asks for it', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const { page } = await openPanel(browser(), host);
    await item(page, 'u1').waitFor();
    await host.emit('focusComposer', null);
    await composerFocused(page);
    await page.close();
  });

  it('offers examples that fill it, in an empty thread', async () => {
    const host = new FakeHost();
    host.environment = demo;
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'demo-badge').getByText('Demo model — offline, no key needed').waitFor();
    await page.getByRole('button', { name: 'create notes.md' }).click();
    await composerFocused(page);
    assert.equal(
      await byTestId(page, 'composer').inputValue(),
      'create notes.md with Hello from Countersign',
    );
    assert.deepEqual(host.of('send'), []);
    await byTestId(page, 'set-up-model').click();
    assert.deepEqual(await host.called('runCommand'), { command: 'setUpModel' });
    await page.close();
  });

  const blocked: [Readiness, string, [string, PanelCommand] | null][] = [
    ['noFolder', 'The agent works in a folder.', ['Open Folder', 'openFolder']],
    ['untrusted', 'This folder is in Restricted Mode.', ['Manage Trust', 'manageTrust']],
    ['unsupported', 'VS Code 1.103 or later', null],
  ];
  for (const [readiness, words, action] of blocked) {
    it(`explains why it cannot be used: ${readiness}`, async () => {
      const host = new FakeHost();
      host.environment = { ...host.environment, readiness };
      const { page } = await openPanel(browser(), host);
      const notice = byTestId(page, 'readiness');
      await notice.getByText(words).waitFor();
      assert.equal(await byTestId(page, 'composer').isDisabled(), true);
      if (action !== null) {
        await notice.getByRole('button', { name: action[0] }).click();
        assert.deepEqual(await host.called('runCommand'), { command: action[1] });
      }
      await host.emit('environment', { ...host.environment, readiness: 'ready' });
      await notice.waitFor({ state: 'detached' });
      assert.equal(await byTestId(page, 'composer').isDisabled(), false);
      await page.close();
    });
  }

  const LOST = 'The conversations of this folder are lost: it is empty.';
  const lost: StorageNotice = {
    kind: 'closed',
    message: LOST,
    ways: [
      { way: 'restoreBackup', label: 'Restore Backup…' },
      { way: 'startFresh', label: 'Start Fresh…' },
      { way: 'retry', label: 'Retry' },
    ],
  };

  it('says what happened to the conversations, never as an empty history, with every way on', async () => {
    const host = new FakeHost();
    host.environment = { ...host.environment, storage: lost };
    const { page } = await openPanel(browser(), host);
    const banner = page.getByRole('alert').filter({ hasText: LOST });
    await banner.waitFor();
    await byTestId(page, 'closed').waitFor();
    assert.equal(await byTestId(page, 'found').count(), 0);
    assert.equal(await byTestId(page, 'composer').isDisabled(), true);
    assert.deepEqual(await banner.getByRole('button').allTextContents(), [
      ...['Restore Backup…', 'Start Fresh…', 'Retry', 'Show Log'],
    ]);
    await banner.getByRole('button', { name: 'Start Fresh' }).focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await host.called('chooseStorage'), { way: 'startFresh' });
    await host.emit('environment', { ...host.environment, storage: null });
    await banner.waitFor({ state: 'detached' });
    await byTestId(page, 'found').waitFor();
    assert.equal(await byTestId(page, 'composer').isDisabled(), false);
    await page.close();
  });

  const retry = { way: 'retry', label: 'Retry' } as const;
  for (const [kind, disabled] of [
    ['readOnly', true],
    ['inMemory', false],
    ['lowSpace', false],
  ] as const) {
    it(`says for as long as it holds how the conversations are open: ${kind}`, async () => {
      const host = new FakeHost();
      host.environment = {
        ...host.environment,
        storage: { kind, message: 'How it is.', ways: kind === 'lowSpace' ? [] : [retry] },
      };
      const { page } = await openPanel(browser(), host);
      const banner = page.getByRole('alert').filter({ hasText: 'How it is.' });
      await banner.waitFor();
      assert.equal(await banner.getByRole('button').count(), kind === 'lowSpace' ? 0 : 1);
      assert.equal(await byTestId(page, 'composer').isDisabled(), disabled);
      await page.close();
    });
  }

  const failures: [FailureAction, string][] = [
    ['setApiKey', 'Set API Key'],
    ['openSettings', 'Open Settings'],
    ['showLog', 'Show Log'],
    ['newThread', 'New Thread'],
  ];
  for (const [action, label] of failures) {
    it(`offers the one thing to do about a failure: ${label}`, async () => {
      const failure = { message: 'The model answered 401.', action };
      const host = new FakeHost(thread([user('u1', 'Hello')], { failure }));
      const { page } = await openPanel(browser(), host);
      await byTestId(page, 'failure').getByText('The model answered 401.').waitFor();
      await byTestId(page, 'failure').getByRole('button', { name: label }).click();
      assert.deepEqual(await host.called('runCommand'), { command: action });
      await page.close();
    });
  }

  it('continues a run that failed or was cut off', async () => {
    const failure = { message: 'The connection was lost.', action: 'retry' } as const;
    const host = new FakeHost(thread([user('u1', 'Hello')], { failure }));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'failure').getByRole('button', { name: 'Retry' }).click();
    assert.deepEqual(await host.called('resume'), { threadId: 't1' });
    await host.fire({ kind: 'status', status: 'unfinished', failure: null });
    const cutOff = byTestId(page, 'unfinished');
    await cutOff.getByText('The run was cut off.').waitFor();
    await cutOff.getByRole('button', { name: 'Continue' }).click();
    await host.called('resume', 2);
    await page.close();
  });

  it('a run that is paused says where, and goes on from there', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { status: 'running' }));
    const { page } = await openPanel(browser(), host);
    await host.fire({ kind: 'at', nodes: ['toolCall'] });
    await host.fire({ kind: 'status', status: 'paused', failure: null });
    const paused = byTestId(page, 'paused');
    await paused.getByText('Paused before toolCall.').waitFor();
    await paused.getByRole('button', { name: 'Continue' }).press('Enter');
    assert.deepEqual(await host.called('resume'), { threadId: 't1' });
    const named = [
      ['Step', 'stepRun'],
      ['Edit State', 'editState'],
      ['End the Run', 'cancelRun'],
    ] as const;
    for (const [index, [name, command]] of named.entries()) {
      await paused.getByRole('button', { name }).press('Enter');
      assert.deepEqual(await host.called('runCommand', index + 1), { command });
    }
    assert.equal(await byTestId(page, 'composer').isDisabled(), false);
    await page.close();
  });

  it('SC-05: a thread of another window is watched, until it is taken over', async () => {
    const over = { status: 'running', elsewhere: true } as const;
    const host = new FakeHost(thread([user('u1', 'Hello')], over));
    const { page } = await openPanel(browser(), host);
    const notice = byTestId(page, 'elsewhere');
    await notice.getByText('works on this conversation in another window').waitFor();
    assert.ok(await byTestId(page, 'composer').isDisabled());
    assert.equal(await byTestId(page, 'stop').count(), 0);
    await page.keyboard.press('Escape');
    await notice.getByRole('button', { name: 'Continue Here' }).press('Enter');
    assert.deepEqual(await host.called('runCommand'), { command: 'takeOver' });
    assert.equal(host.calls.filter(({ method }) => method === 'stop').length, 0);
    await host.fire({ kind: 'owner', elsewhere: false });
    await notice.waitFor({ state: 'detached' });
    assert.ok(await byTestId(page, 'composer').isEnabled());
    await page.close();
  });

  it('speaks the language of the editor', async () => {
    const host = new FakeHost();
    const strings = { 'Ask the agent to do something': 'Sag dem Agenten, was er tun soll' };
    const { page } = await openPanel(browser(), host, { strings });
    await page.getByPlaceholder('Sag dem Agenten, was er tun soll').waitFor();
    await page.close();
  });

  it('plays the sound that calls the user, made without loading anything, or says that it may not', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const { page, requests, faults } = await openPanel(browser(), host);
    await item(page, 'u1').waitFor();
    await byTestId(page, 'composer').click();
    await host.emit('playSound', null);
    assert.deepEqual(await host.called('soundPlayed'), { outcome: 'played' });
    // As in a page that nobody has touched: it neither starts nor fails.
    await page.evaluate('AudioContext.prototype.resume = () => new Promise(() => {})');
    await host.emit('playSound', null);
    assert.deepEqual(await host.called('soundPlayed', 2), { outcome: 'refused' });
    assert.deepEqual([...requests, ...faults], []);
    await page.close();
  });
});
