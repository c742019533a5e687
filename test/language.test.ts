import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pseudo, pseudoBundle, untranslated } from './support/pseudo.ts';
import { sourceFiles, wordsOf } from './support/words.ts';

/** What stands for itself in every language: names, keys, and what only programs read. */
const NO_WORDS = new Set([
  // Of a document: `package.json` knows it by that.
  'Plan of …',
  ...['Countersign', 'Enter', 'Escape', 'Backspace', 'Home', 'End', 'Tab'],
  ...['codicon-loading codicon-modifier-spin', 'icon-button codicon codicon-copy'],
  ...['.actions button:enabled', '.code-head span', 'Markdown', '\\ No newline at end of file'],
  ...['Bearer realm="countersign"', 'Problem', 'Library', 'Application Support', 'Local'],
  // Of git's diffs.
  ...['rename from …', 'rename to …', 'Binary files … and … differ'],
  // Told to the model.
  'Cancelled: the user wrote a new message. Nothing was done.',
]);

function isNoWords(text: string): boolean {
  return NO_WORDS.has(text) || /^<!DOCTYPE html>|^p ul ol |^<span class="codicon/u.test(text);
}

describe('what people read', () => {
  const surfaces = sourceFiles(
    'media',
    'src/vscode',
    'src/shared',
    'src/threads',
    'src/server',
  ).filter(
    // The words of programming languages, a script, what programs read, and a command's help.
    (path) => !/(?:highlight|system-notice|answers|openapi|routes|help)\.ts$/u.test(path),
  );

  it('is translated, wherever it is shown', () => {
    const strays = surfaces.flatMap((path) =>
      wordsOf(path)
        .others.filter((text) => !isNoWords(text))
        .map((text) => `${path}: ${text}`),
    );
    assert.deepEqual(strays, []);
  });

  it('can be known before it is said, so that it can be translated at all', () => {
    const computed = sourceFiles('media', 'src').flatMap((path) => wordsOf(path).computed);
    assert.deepEqual(computed, []);
  });

  it('is found where it is not translated', () => {
    const { others, translated, computed } = wordsOf('test/fixtures/untranslated.ts');
    assert.deepEqual(others.toSorted(), [
      'Close the lid',
      'Delete',
      'Reject it',
      'Send it now',
      'This … is new',
    ]);
    assert.deepEqual(translated, ['Fine: {0}']);
    assert.deepEqual(computed, ['t(name)']);
  });

  it('gets a value for every placeholder, and has a placeholder for every value', () => {
    const wrong = sourceFiles('media', 'src').flatMap((path) => wordsOf(path).misfits);
    assert.deepEqual(wrong, []);
  });

  it('is named by a key wherever package.json shows it', () => {
    const shown = /^(?:title|description|markdownDescription|name|displayName|label|placeholder)$/u;
    const lists = /Descriptions$|^enumItemLabels$/u;
    const visit = (value: unknown, path: string): string[] => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
        const texts = shown.test(key) ? [one] : lists.test(key) ? Object.values(one ?? {}) : [];
        const strays = texts.filter((text) => typeof text === 'string' && !isKey(text));
        return [
          ...strays.map((text) => `${path}.${key}: ${String(text)}`),
          ...visit(one, `${path}.${key}`),
        ];
      });
    };
    const manifest = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8'),
    ) as { contributes: unknown; description: string; capabilities: unknown };
    assert.deepEqual(visit(manifest.contributes, 'contributes'), []);
    assert.deepEqual(visit(manifest.capabilities, 'capabilities'), []);
    assert.ok(isKey(manifest.description));
  });
}).timeout(20_000);

function isKey(text: string): boolean {
  return /^%[\w.]+%$/u.test(text) || text === 'Countersign';
}

describe('the language for tests', () => {
  it('keeps what is no word, is longer, and can be told from English', () => {
    const text = 'Run **Show Log** of {0} with `x`, then [Open](command:a.b) $(check)';
    const made = pseudo(text);
    for (const kept of ['{0}', '`x`', '](command:a.b)', '$(check)', '**Show Log**']) {
      assert.ok(made.includes(kept), made);
    }
    assert.ok(made.length > 1.35 * text.length);
    assert.equal(untranslated(`a ${pseudo(`x ${pseudo('nested')}`)} b`), 'a   b');
  });

  it('has a text for everything that is said', () => {
    assert.ok(Object.keys(pseudoBundle()).length > 500);
  });
}).timeout(20_000);
