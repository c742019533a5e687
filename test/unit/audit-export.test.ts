import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { auditJson, auditMarkdown, verdictText } from '../../src/approval/audit-export.ts';
import type { AuditRow } from '../../src/approval/audit-rows.ts';
import type { AuditVerdict } from '../../src/approval/audit.ts';
import { visible } from '../../src/workspace/names.ts';

const HOLDS: AuditVerdict = { rows: 1, problem: null, at: null };

function row(changes: Partial<AuditRow> = {}): AuditRow {
  return {
    seq: 1,
    time: Date.UTC(2026, 10, 22, 10, 30),
    event: 'approved',
    threadId: 'thread-1',
    proposalId: 'proposal-1',
    effectHash: 'e'.repeat(64),
    files: [{ path: 'src/app.ts', before: 'a'.repeat(64), after: 'b'.repeat(64) }],
    by: 'user',
    edited: false,
    seconds: 12,
    hash: 'f'.repeat(64),
    ...changes,
  };
}

/** The cells of the table as a reader of Markdown sees them, and whatever is not plain text there. */
function read(markdown: string): { rows: string[][]; others: string[] } {
  const rows: string[][] = [];
  const others: string[] = [];
  const parser = new MarkdownIt({ html: true, linkify: true });
  for (const token of parser.parse(markdown, {})) {
    if (token.type === 'tr_open') rows.push([]);
    if (token.type !== 'inline') continue;
    const children = token.children ?? [];
    const text = children.map(({ type, content }) => (type === 'html_inline' ? '\n' : content));
    rows.at(-1)?.push(text.join(''));
    for (const { type, content } of children) {
      const plain = type === 'text' || type === 'text_special' || content === '<br>';
      if (!plain) others.push(`${type}: ${content}`);
    }
  }
  return { rows, others };
}

describe('the record as text', () => {
  it('is a table of Markdown with a line for each entry', () => {
    const rows = [row(), row({ seq: 2, event: 'applied', by: 'executor', seconds: null })];
    const { rows: cells, others } = read(auditMarkdown(rows, { ...HOLDS, rows: 2 }));
    assert.deepEqual(others, []);
    assert.equal(cells.length, 3);
    assert.deepEqual(cells[1]?.slice(0, 6), [
      '1',
      '2026-11-22T10:30:00.000Z',
      'approved',
      'user',
      '12',
      'src/app.ts aaaaaaaaaaaa → bbbbbbbbbbbb',
    ]);
    assert.deepEqual(cells[2]?.slice(2, 5), ['applied', 'executor', '']);
  });

  it('says when the user changed what was approved, and which files came and went', () => {
    const files = [
      { path: 'new.txt', before: null, after: 'b'.repeat(64) },
      { path: 'old.txt', before: 'a'.repeat(64), after: null },
    ];
    const { rows } = read(auditMarkdown([row({ edited: true, files })], HOLDS));
    assert.equal(rows[1]?.[2], 'approved, changed by the user');
    assert.equal(rows[1][5], 'new.txt ∅ → bbbbbbbbbbbb\nold.txt aaaaaaaaaaaa → ∅');
  });

  const names = [
    'a|b.txt',
    '`rm -rf`.txt',
    '<img src=x onerror=alert(1)>',
    '[click](http://evil.example)',
    'http://evil.example/x',
    'www.evil.example',
    'mail@evil.example',
    '![x](y)',
    '**bold** _it_ ~~no~~',
    'line\nbreak | # x',
    'a\\|b',
    '&lt;b&gt; &#60;',
    'a\u202Etxt.exe',
    '<br>',
    '\u200B',
  ];
  for (const name of names) {
    it(`keeps the path ${JSON.stringify(name)} plain`, () => {
      const files = [{ path: name, before: null, after: null }];
      const { rows, others } = read(auditMarkdown([row({ files })], HOLDS));
      assert.deepEqual(others, []);
      assert.equal(rows.length, 2);
      assert.equal(rows[1]?.length, 10);
      assert.equal(rows[1][5], `${visible(name)} ∅ → ∅`.trim());
    });
  }

  it('stays one table whatever is in the rows, tampered ones included', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const file = fc.record(
      { path: text, before: fc.option(text), after: text },
      { noNullPrototype: true },
    );
    const rows = fc.array(
      fc.record({
        seq: fc.integer(),
        time: fc.oneof(fc.integer(), fc.double()),
        event: text,
        threadId: text,
        proposalId: text,
        effectHash: fc.option(text),
        files: fc.option(fc.array(file)),
        by: text,
        edited: fc.boolean(),
        seconds: fc.option(fc.integer()),
        hash: text,
      }),
    );
    fc.assert(
      fc.property(rows, (random) => {
        const all = random as unknown as readonly AuditRow[];
        const { rows: cells, others } = read(auditMarkdown(all, HOLDS));
        assert.deepEqual(others, []);
        assert.equal(cells.length, all.length + 1);
        for (const line of cells) assert.equal(line.length, 10);
        const { entries } = JSON.parse(auditJson(all, HOLDS)) as { entries: AuditRow[] };
        assert.deepEqual(
          entries.map(({ seq, proposalId, files }) => [seq, proposalId, files]),
          all.map(({ seq, proposalId, files }) => [seq, proposalId, files]),
        );
      }),
    );
  });

  it('is JSON with the verdict and every field, in which nothing is invisible', () => {
    const files = [{ path: 'a\u202E\u{E0041}b', before: null, after: null }];
    const text = auditJson([row({ files })], HOLDS);
    assert.doesNotMatch(text, /[\u202E\u{E0041}]/u);
    const record = JSON.parse(text) as { verdict: unknown; entries: Record<string, unknown>[] };
    assert.deepEqual(record.verdict, { ...HOLDS, text: 'The one entry holds.' });
    const time = '2026-11-22T10:30:00.000Z';
    assert.deepEqual(record.entries, [{ ...row({ files }), time }]);
  });

  it('has no contents, even if a row had some', () => {
    const secret = { ...row(), content: 'sk-secret', note: 'sk-secret' };
    assert.doesNotMatch(auditJson([secret], HOLDS), /sk-secret/u);
    assert.doesNotMatch(auditMarkdown([secret], HOLDS), /sk-secret/u);
  });

  it('says in words what holds and what does not', () => {
    const words = (verdict: AuditVerdict): string => verdictText(verdict);
    assert.equal(words({ rows: 7, problem: null, at: null }), 'All 7 entries hold.');
    assert.equal(words({ rows: 0, problem: null, at: null }), 'All 0 entries hold.');
    assert.match(words({ rows: 2, problem: 'changed', at: 3 }), /Entry 3 was changed\. The 2/u);
    assert.match(words({ rows: 2, problem: 'missing', at: 3 }), /Entry 3 is missing\. The 2/u);
    assert.match(words({ rows: 2, problem: 'cutOff', at: 3 }), /cut off: 2 entries hold/u);
    assert.match(auditMarkdown([], { rows: 2, problem: 'cutOff', at: 3 }), /cut off/u);
  });
});
