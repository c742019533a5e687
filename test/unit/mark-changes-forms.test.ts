import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { changesOf, compose } from '../../src/workspace/changes.ts';
import { Flow, write } from './support/flow.ts';
import { Marks, type State } from './support/marks.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const BASE = Array.from({ length: 15 }, (_, at) => `line ${at}`);

describe('deciding change by change, in every form of a file', () => {
  let flow: Flow;
  const marks = new Marks(() => flow);
  afterEach(async () => {
    await flow.close();
  });

  const FORMS: Record<string, (text: string) => Uint8Array> = {
    'line feeds': (text) => Buffer.from(text),
    CRLF: (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
    'mixed endings': (text) => {
      let count = 0;
      return Buffer.from(text.replace(/\n/gu, () => (count++ % 2 === 0 ? '\r\n' : '\n')));
    },
    'no end of the last line': (text) => Buffer.from(text.slice(0, -1)),
    'a byte order mark': (text) => Buffer.from(`\ufeff${text}`),
    'UTF-16': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
    'UTF-16, the other way around': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  };
  for (const [form, bytesOf] of Object.entries(FORMS)) {
    it(`is exact to the byte in a file with ${form}, whatever is marked`, async () => {
      const base = bytesOf(lines(...BASE));
      const wanted = lines(
        ...BASE.flatMap((line, at) =>
          at % 5 === 0 ? ['above', line] : at % 5 === 2 ? [] : at === 14 ? ['last'] : [line],
        ),
      );
      flow = await Flow.start({ 'a.txt': base }, { calls: [write('c', 'a.txt', wanted)] });
      const agents = await marks.shown();
      const encoding = form.startsWith('UTF-16') ? 'utf16' : 'utf8';
      const text = (of: Uint8Array): string => {
        if (encoding === 'utf8')
          return Buffer.from(of)
            .toString()
            .replace(/^\ufeff/u, '');
        const copy = Buffer.from(of);
        return (copy[0] === 0xfe ? copy.swap16() : copy).toString('utf16le').slice(1);
      };
      const [before, after] = [text(base), text(agents)];
      const total = changesOf(before, after).length;
      assert.ok(total > 5);
      const out = new Set<number>();
      const steps = fc.tuple(
        fc.nat(total - 1),
        fc.constantFrom<State>('rejected', 'open', 'accepted'),
      );
      for (const [change, state] of fc.sample(steps, 25)) {
        assert.equal(await marks.mark(change, state), true);
        if (state === 'rejected') out.add(change);
        else out.delete(change);
        const kept = Array.from({ length: total }, (_, at) => at).filter((at) => !out.has(at));
        assert.equal(
          text(await marks.shown()),
          compose(
            before,
            after,
            kept.map((at) => ({ change: at, lines: 'all' })),
          ),
        );
        assert.deepEqual(
          (await marks.states()).map((one) => one === 'rejected'),
          Array.from({ length: total }, (_, at) => out.has(at)),
        );
      }
      for (let change = 0; change < total; change++) await marks.mark(change, 'rejected');
      assert.deepEqual(await marks.shown(), Buffer.from(base));
      for (let change = 0; change < total; change++) await marks.mark(change, 'accepted');
      assert.equal((await flow.review()).edited, false);
      await flow.takes({ kind: 'approve' });
      assert.deepEqual(readFileSync(flow.at('a.txt')), agents);
      assert.match(flow.told('c'), /^Applied\. /u);
    });
  }
});
