import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, edit, file, fileOfChanges, read, thread, user } from './harness/samples.ts';
import { STATES } from './harness/states.ts';
import { armed, byTestId, composerFocused, drawn, focusIs, focusOn, item } from './harness/wait.ts';

interface Stop {
  readonly name: string;
  readonly visible: boolean;
  readonly marked: boolean;
}

/** Where the focus is: what a screen reader calls it, whether it is in sight and seen to have it. */
const STOP = `(() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const { width, height, top, bottom } = at.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const framed = at.closest('.composer');
  const border = framed && getComputedStyle(framed).borderColor;
  const idle = framed && getComputedStyle(document.documentElement)
    .getPropertyValue('--vscode-focusBorder');
  return {
    name: at.dataset.testid ?? at.dataset.itemId ?? at.className,
    visible: width > 0 && height > 0 && bottom > 0 && top < window.innerHeight,
    marked: (outlineStyle !== 'none' && outlineWidth !== '0px') || (framed !== null && border !== idle),
  };
})()`;

async function walk(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (;;) {
    await page.keyboard.press(key);
    await drawn(page);
    const stop = await page.evaluate<Stop | null>(STOP);
    if (stop === null) return stops;
    stops.push(stop);
    if (stops.length > 60)
      throw new Error(`The focus is trapped: ${JSON.stringify(stops.slice(-8))}`);
  }
}

describe('the focus', () => {
  const browser = useBrowser();

  const walked = ['card', 'risky', 'partial', 'files', 'question', 'unclear', 'failure', 'command'];
  for (const name of walked) {
    it(`comes to everything, is seen there, and leaves again: ${name}`, async () => {
      const scene = STATES[name];
      assert.ok(scene);
      const { page } = await openPanel(browser(), new FakeHost(scene.view));
      await byTestId(page, 'composer').waitFor();
      await scene.act?.(page);
      await page.keyboard.press('Escape');
      await page.locator('.scroller').focus();
      await walk(page, 'Shift+Tab');
      const stops = await walk(page, 'Tab');
      const back = await walk(page, 'Shift+Tab');
      for (const stop of [...stops, ...back]) {
        assert.ok(stop.visible && stop.marked, JSON.stringify(stop));
      }
      assert.deepEqual(
        back.map((stop) => stop.name),
        stops.map((stop) => stop.name).toReversed(),
      );
      const names = stops.map((stop) => stop.name);
      assert.equal(names[0], 'scroller');
      assert.ok(names.includes('composer'), names.join());
      await page.close();
    });
  }

  describe('of an editor that the user is in', () => {
    const cards = thread([edit('e1'), edit('e2')], { status: 'waiting' });

    async function openBeside(host: FakeHost): Promise<{ page: Page; frame: Frame }> {
      const { page } = await openPanel(browser(), host, { framed: true });
      const frame = page.frames()[1];
      assert.ok(frame);
      await frame.locator('[data-item-id="e2"]').waitFor();
      return { page, frame };
    }

    async function typesOn(page: Page, frame: Frame): Promise<void> {
      await drawn(frame);
      await page.keyboard.type('abc');
      assert.equal(await page.locator('textarea').inputValue(), 'abc');
    }

    it('stays there when the host reveals something; the panel has it as soon as it is entered', async () => {
      const host = new FakeHost(cards);
      const { page, frame } = await openBeside(host);
      await page.locator('textarea').focus();
      await host.emit('reveal', { itemId: 'e1' });
      await typesOn(page, frame);
      await page.locator('iframe').focus();
      await focusIs(frame, 'e1');
      await page.close();
    });

    it('stays there when the user leaves an open menu for it', async () => {
      const { page, frame } = await openBeside(new FakeHost(cards));
      await armed(frame, 'e1');
      await frame.locator('[data-item-id="e1"] [data-testid="more"]').click();
      await frame.getByRole('menuitem').first().waitFor();
      await page.locator('textarea').click();
      await frame.getByRole('menuitem').first().waitFor({ state: 'hidden' });
      await typesOn(page, frame);
      await page.close();
    });

    it('stays there when what had the focus of the panel is replaced or goes', async () => {
      const host = new FakeHost(cards);
      const { page, frame } = await openBeside(host);
      await frame.locator('[data-item-id="e1"] [data-testid="more"]').focus();
      await page.locator('textarea').focus();
      await host.fire({
        kind: 'item',
        item: edit('e1', {}, { files: [file(1)], effectHash: 'other' }),
      });
      await host.fire({ kind: 'item', item: decided(edit('e1'), 'approved') });
      await host.show(thread([]));
      await typesOn(page, frame);
      await page.close();
    });
  });

  it('stays with a card that is replaced, whatever in it had the focus', async () => {
    const files = [fileOfChanges(0, 2), file(1)];
    const host = new FakeHost(thread([edit('e1', {}, { files })], { status: 'waiting' }));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    let hash = 0;
    for (const testId of ['approve', 'reject', 'more', 'accept-change', 'open-file']) {
      await byTestId(page, testId).first().focus();
      hash += 1;
      const replaced = edit('e1', {}, { files: [file(0)], effectHash: `hash-${hash}` });
      await host.fire({ kind: 'item', item: replaced });
      await drawn(page);
      const inside = `document.querySelector('[data-item-id="e1"]').contains(document.activeElement)`;
      assert.equal(await page.evaluate(inside), true, testId);
      await host.fire({
        kind: 'item',
        item: edit('e1', {}, { files, effectHash: `back-${hash}` }),
      });
      await drawn(page);
    }
    await byTestId(page, 'approve').focus();
    await host.fire({ kind: 'item', item: decided(edit('e1'), 'rejected') });
    await focusIs(page, 'e1');
    await page.close();
  });

  it('stays at the line of a change that is undone by keys', async () => {
    const applied = decided(edit('e1', {}, { undo: 'undo' }), 'applied');
    const host = new FakeHost(thread([applied]));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'undo').focus();
    await page.keyboard.press('Enter');
    await host.called('undo');
    await host.fire({ kind: 'item', item: decided(edit('e1', {}, { undo: 'redo' }), 'undone') });
    await focusOn(page, 'redo');
    await host.fire({ kind: 'item', item: decided(edit('e1'), 'undone') });
    await page.locator('.summary:focus').waitFor();
    await page.close();
  });

  it('goes to the composer when the notice that had it has gone', async () => {
    const failure = { message: 'It broke.', action: 'retry' } as const;
    const host = new FakeHost(thread([user('u1', 'Hello'), read('r1', 'a.ts')], { failure }));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'failure').getByRole('button', { name: 'Retry' }).press('Enter');
    await host.called('resume');
    await host.fire({ kind: 'status', status: 'running', failure: null });
    await composerFocused(page);
    await page.close();
  });

  it('stays where it is while cards come, change and are decided elsewhere', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { status: 'running' }));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'composer').click();
    for (const one of [
      edit('e1'),
      edit('e1', {}, { effectHash: 'hash-2' }),
      edit('e2'),
      decided(edit('e1'), 'applied'),
      edit('e2', {}, { approvable: false }),
      decided(edit('e2'), 'rejected'),
    ]) {
      await host.fire({ kind: 'item', item: one });
      await page.keyboard.type('x');
      await drawn(page);
      await composerFocused(page);
    }
    assert.equal(await byTestId(page, 'composer').inputValue(), 'xxxxxx');
    await item(page, 'e2').getByText('Rejected').waitFor();
    await page.close();
  });
});

describe('a panel for those who see it otherwise', () => {
  const browser = useBrowser();

  it('does not move where less motion is wished for', async () => {
    const scene = STATES['running'];
    const { page } = await openPanel(browser(), new FakeHost(scene?.view ?? null));
    const moving = `[document, ...[...document.querySelectorAll('*')].flatMap((one) => one.shadowRoot ?? [])]
      .flatMap((root) => root.getAnimations()).filter(({ playState }) => playState === 'running').length`;
    await page.locator('.codicon-modifier-spin').first().waitFor();
    await drawn(page);
    assert.ok((await page.evaluate<number>(moving)) >= 2);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await drawn(page);
    assert.equal(await page.evaluate(moving), 0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.evaluate(`document.body.classList.add('vscode-reduce-motion')`);
    await drawn(page);
    assert.equal(await page.evaluate(moving), 0);
    await page.close();
  });
});
