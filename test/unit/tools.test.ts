import assert from 'node:assert/strict';
import { SYSTEM_PROMPT } from '../../src/agent/prompt.ts';
import { TOOLS, findTool } from '../../src/tools/registry.ts';
import type { Args } from './support/tool-bench.ts';

describe('the tools', () => {
  describe('what the model is sent', () => {
    it('is at most 10 kB for the prompt and all tools', () => {
      const sent = JSON.stringify({
        messages: [{ role: 'system', content: SYSTEM_PROMPT }],
        tools: TOOLS.map(({ definition }) => definition),
      });
      assert.ok(Buffer.byteLength(sent) <= 10_000, `${Buffer.byteLength(sent)} bytes`);
    });

    it('names every tool once, and forbids arguments that nobody described', () => {
      const names = TOOLS.map(({ definition }) => definition.function.name);
      assert.equal(new Set(names).size, names.length);
      for (const { definition } of TOOLS) {
        assert.match(definition.function.name, /^[a-z_]{1,64}$/u);
        assert.equal(definition.function.parameters['additionalProperties'], false);
      }
    });
  });

  describe('arguments', () => {
    const GOOD: Record<string, Args> = {
      read_file: { path: 'a', from_line: 1 },
      list_files: { path: 'a' },
      search_text: { query: 'x', path: 'a', ignore_case: true },
      write_file: { path: 'a', content: '' },
      replace_in_file: { path: 'a', old_text: 'x', new_text: '', replace_all: false },
      apply_patch: { patch: '--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n' },
      move_file: { from: 'a', to: 'b' },
      delete_file: { path: 'a' },
      request_clarification: { question: 'Which?', choices: ['this', 'that'] },
    };
    const WRONG: unknown[] = [null, 1, true, [], ['a'], {}];

    it('are tried for every tool', () => {
      assert.deepEqual(
        Object.keys(GOOD).toSorted(),
        TOOLS.map(({ definition }) => definition.function.name).toSorted(),
      );
    });

    for (const [name, good] of Object.entries(GOOD)) {
      it(`of ${name} pass as they are meant`, () => {
        assert.equal(typeof findTool(name)?.prepare(good), 'object');
      });

      it(`of ${name} are refused with an unknown key`, () => {
        for (const key of ['extra', 'requires_approval', '__proto__', 'constructor']) {
          const args: unknown = JSON.parse(
            `${JSON.stringify(good).slice(0, -1)},${JSON.stringify(key)}:false}`,
          );
          const said = findTool(name)?.prepare(args);
          assert.ok(
            typeof said === 'string' && said.includes(key),
            `${key}: ${JSON.stringify(said)}`,
          );
        }
      });

      for (const key of Object.keys(good)) {
        it(`of ${name} are refused with a ${key} of the wrong type, and it is named`, () => {
          const values = WRONG.filter((value) => typeof value !== typeof good[key]);
          for (const value of values) {
            const said = findTool(name)?.prepare({ ...good, [key]: value });
            assert.ok(typeof said === 'string' && said.includes(key), `${String(value)} passed`);
          }
        });
      }
    }

    it('are refused if they are not an object at all', () => {
      for (const tool of TOOLS) {
        for (const args of [null, undefined, 'x', 1, []]) {
          assert.equal(typeof tool.prepare(args), 'string');
        }
      }
    });

    it('that count lines are whole numbers from 1', () => {
      for (const from_line of [0, -1, 1.5, '1', 2 ** 60]) {
        assert.equal(typeof findTool('read_file')?.prepare({ path: 'a', from_line }), 'string');
      }
    });

    it('that search for nothing are refused', () => {
      assert.equal(typeof findTool('search_text')?.prepare({ query: '' }), 'string');
      const empty = { path: 'a', old_text: '', new_text: 'x' };
      assert.equal(typeof findTool('replace_in_file')?.prepare(empty), 'string');
    });

    it('that ask ask something, and offer few and short choices', () => {
      const ask = (args: Args): unknown => findTool('request_clarification')?.prepare(args);
      const prepared = ask({ question: 'Which?' });
      assert.deepEqual(prepared, {
        ...{ kind: 'other', title: 'Question' },
        question: { text: 'Which?', choices: [] },
      });
      for (const wrong of [
        { question: '' },
        { question: 'x'.repeat(2001) },
        { question: 'Which?', choices: [''] },
        { question: 'Which?', choices: ['x'.repeat(201)] },
        { question: 'Which?', choices: Array.from({ length: 7 }, String) },
      ]) {
        assert.equal(typeof ask(wrong), 'string', JSON.stringify(wrong).slice(0, 60));
      }
    });

    it('of a tool by almost the right name find no tool', () => {
      for (const name of ['write_file ', 'Write_File', 'write_fіle', 'constructor', '']) {
        assert.equal(findTool(name), null);
      }
    });
  });
});
