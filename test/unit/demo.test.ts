import {
  type AIMessage,
  type BaseMessage,
  HumanMessage,
  ToolMessage,
} from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { askModel } from '../../src/agent/call-model.ts';
import { type DemoCall, understand } from '../../src/agent/models/demo-language.ts';
import { planWords } from '../../src/agent/plans.ts';
import type { Mode } from '../../src/shared/mode.ts';
import { DemoModel } from '../../src/agent/models/demo.ts';
import { findTool } from '../../src/tools/registry.ts';

const write = (path: string, content: string): DemoCall => ({
  name: 'write_file',
  args: { path, content },
});
const replace = (path: string, old_text: string, new_text: string): DemoCall => ({
  name: 'replace_in_file',
  args: { path, old_text, new_text, replace_all: true },
});
const read = (path: string): DemoCall => ({ name: 'read_file', args: { path } });
const list: DemoCall = { name: 'list_files', args: {} };
const search = (query: string, path?: string): DemoCall => ({
  name: 'search_text',
  args: path === undefined ? { query } : { query, path },
});

const UNDERSTOOD: [string, ...DemoCall[]][] = [
  ['list files', list],
  ['List all the files.', list],
  ['list', list],
  ['list files in src', { name: 'list_files', args: { path: 'src' } }],
  ['read README.md', read('README.md')],
  ['Show me the file src/a.ts!', read('src/a.ts')],
  ['please read `a.txt`', read('a.txt')],
  ['Please, open a.txt', read('a.txt')],
  ['could you please read a.txt', read('a.txt')],
  ['read a.txt, please', read('a.txt')],
  ['read "my notes.md"', read('my notes.md')],
  ['  read a.txt  ', read('a.txt')],
  ['search hello', search('hello')],
  ['search for "two words" in src/', search('two words', 'src/')],
  ['find in', search('in')],
  ['create notes.md with Hello', write('notes.md', 'Hello\n')],
  ['create notes.md with Hello, world.', write('notes.md', 'Hello, world.\n')],
  ['Create a new file a/b.md saying "Hi!"', write('a/b.md', 'Hi!\n')],
  ["create 'my notes.md' with Hello", write('my notes.md', 'Hello\n')],
  ['create a.md with one\ntwo\n\nthree', write('a.md', 'one\ntwo\n\nthree\n')],
  ['Please create a.md with one\ntwo', write('a.md', 'one\ntwo\n')],
  ['create a.md with one\ncreate b.md with two', write('a.md', 'one\n'), write('b.md', 'two\n')],
  ['replace Hello with Goodbye in notes.md', replace('notes.md', 'Hello', 'Goodbye')],
  ['change "a b" to "c d" in "my file.md".', replace('my file.md', 'a b', 'c d')],
  ['replace a with b in c in d.md', replace('d.md', 'a', 'b in c')],
  ['delete notes.md', { name: 'delete_file', args: { path: 'notes.md' } }],
  ['remove the file notes.md.', { name: 'delete_file', args: { path: 'notes.md' } }],
  [
    'move notes.md to docs/notes.md',
    { name: 'move_file', args: { from: 'notes.md', to: 'docs/notes.md' } },
  ],
  ['rename the file a.md to b.md', { name: 'move_file', args: { from: 'a.md', to: 'b.md' } }],
  [
    'create a.md and b/c.md with Hello\nworld',
    {
      name: 'apply_patch',
      args: {
        patch:
          '--- /dev/null\n+++ b/a.md\n@@ -0,0 +1,2 @@\n+Hello\n+world\n--- /dev/null\n+++ b/b/c.md\n@@ -0,0 +1,2 @@\n+Hello\n+world\n',
      },
    },
  ],
  [
    'ask me which name is better?',
    { name: 'request_clarification', args: { question: 'which name is better?' } },
  ],
  [
    'read a.txt\n\nlist files\nreplace x with y in a.txt',
    read('a.txt'),
    list,
    replace('a.txt', 'x', 'y'),
  ],
];

const NOT_UNDERSTOOD = [
  '',
  'hello',
  'create',
  'create a.md',
  'create with x',
  'replace a in b.md',
  'read',
  'read a.txt and then b.txt',
  'delete all my files now',
  'list the capitals of Europe',
  'read a.txt\nand tell me what you think',
  'I would like to read a.txt',
];

describe('the demo', () => {
  for (const [words, ...calls] of UNDERSTOOD) {
    it(`understands ${JSON.stringify(words)}`, () => {
      assert.deepEqual(understand(words), calls);
      for (const { name, args } of calls) {
        assert.equal(typeof findTool(name)?.prepare(args), 'object');
      }
    });
  }

  for (const words of NOT_UNDERSTOOD) {
    it(`does nothing for ${JSON.stringify(words)}`, () => {
      assert.deepEqual(understand(words), []);
    });
  }

  const ask = (...messages: BaseMessage[]) =>
    askModel(
      { model: new DemoModel(), patience: 60 },
      messages,
      new AbortController().signal,
      () => undefined,
    );

  it('says what it understands when it does not, and all of it is true', async () => {
    const { text, tool_calls: calls } = await ask(new HumanMessage('Refactor everything'));
    assert.deepEqual(calls, []);
    const examples = [...text.matchAll(/^- `(.+)`$/gmu)].map(([, example = '']) => example);
    assert.ok(examples.length >= 5);
    for (const example of examples) assert.equal(understand(example).length, 1, example);
  });

  it('repeats what a tool said, whatever fences are in it', async () => {
    const content = 'a\n````\nb';
    const result = new ToolMessage({ content, name: 'read_file', tool_call_id: 'c' });
    assert.equal((await ask(new HumanMessage('read a'), result)).text, '`````\na\n````\nb\n`````');
  });

  it('tells a rejection, its reason and a failure as they were', async () => {
    const told = async (content: string): Promise<string> => {
      const result = new ToolMessage({ content, name: 'write_file', tool_call_id: 'c' });
      return (await ask(new HumanMessage('x'), result)).text;
    };
    assert.match(await told('Applied. The user approved the change'), /^Done/u);
    assert.match(await told('Rejected by the user. The reason: use docs\nDo not'), /“use docs”/u);
    assert.match(await told('Rejected by the user, without a reason. a'), /nothing was changed/u);
    assert.match(await told('Failed: the disk is full.'), /the disk is full/u);
  });

  it('makes a plan where it may change nothing, and carries out what the user made of it', async () => {
    const said = async (mode: Mode, words: string): Promise<AIMessage> =>
      askModel(
        { model: new DemoModel(), patience: 60 },
        [new HumanMessage(words)],
        new AbortController().signal,
        () => undefined,
        mode,
      );
    const plan = await said('plan', 'create b.md with Hello\ndelete a.txt');
    assert.equal(plan.text, '# Plan\n\n1. create b.md with Hello\n2. delete a.txt');
    assert.deepEqual(plan.tool_calls, []);
    const changed = plan.text.replace('Hello', 'Bye').replace('2. ', '- ');
    const { tool_calls: calls = [] } = await said('act', planWords('carryOut', changed, []));
    assert.deepEqual(
      calls.map(({ name, args }) => ({ name, args })),
      [...understand('create b.md with Bye'), ...understand('delete a.txt')],
    );
    assert.equal((await said('plan', 'read a.txt')).tool_calls?.length, 1);
  });
});
