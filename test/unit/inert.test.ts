import assert from 'node:assert/strict';
import { withoutIcons, withoutLinks } from '../../src/shared/inert.ts';

/** What the editor takes for a link in a message (1.139.1). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/iu;

describe('text of others in words of the editor', () => {
  it('is no link in a message, however it is written', () => {
    for (const text of [
      '[Yes](command:workbench.action.closeWindow)',
      '[[a]](https://example.org "b") [x](file:///etc/passwd)',
      ']([a](COMMAND:b)](command:c)',
    ]) {
      assert.match(text, LINK);
      assert.doesNotMatch(withoutLinks(text), LINK);
      assert.equal(withoutLinks(text).replaceAll('\u200B', ''), text);
    }
    assert.equal(withoutLinks('a[0] (b)'), 'a[0] (b)');
  });

  it('is no icon in a list', () => {
    assert.equal(withoutIcons('$(check) $$(x)'), '$\u200B(check) $$\u200B(x)');
  });
});
