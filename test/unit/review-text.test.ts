import assert from 'node:assert/strict';
import { type ReviewText, reviewText } from '../../src/threads/review-text.ts';
import { reviewedOf } from '../../src/threads/reviewed.ts';
import type { ScriptedCall } from '../support/scripted-model.ts';
import { Flow } from './support/flow.ts';
import { startHalfWay, stopHalfWay } from './support/half-way.ts';
import { change as changeFile } from './support/waiting.ts';
import { startCommand } from './support/waiting-command.ts';

const APP = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n';

describe('a proposal as plain text', () => {
  let flow: Flow;

  afterEach(async () => {
    await flow.close();
  });

  async function propose(
    files: Record<string, string>,
    name: string,
    args: ScriptedCall['args'],
  ): Promise<void> {
    flow = await Flow.start(files, { calls: [{ id: 'a', name, args }] });
  }

  async function written(callId = 'a'): Promise<ReviewText> {
    const { proposalId } = await flow.proposal(callId);
    const reviewed = reviewedOf(flow.bench.core, proposalId);
    assert.ok(reviewed !== null);
    return reviewText(reviewed);
  }

  async function mark(change: number, state: 'accepted' | 'rejected'): Promise<void> {
    const { proposalId, shown } = await flow.proposal('a');
    const { threads } = flow.bench.core;
    const place = { operation: 0, change };
    assert.ok(await threads.markChange(proposalId, shown?.effectHash ?? '', place, state));
  }

  it('says what, where, why and how far, then each change in words and lines', async () => {
    const content = APP.replace('two', 'TWO\n2').replace('nine\n', '');
    await propose({ 'app.txt': APP }, 'write_file', { path: 'app.txt', content });
    await mark(0, 'accepted');
    const { text, places } = await written();
    const lines = text.split('\n');
    assert.deepEqual(lines.slice(0, 7), [
      'Edit app.txt',
      'It waits for your approval.',
      'Thread: Do it',
      '',
      'Where: app.txt',
      'How much: 2 lines go, 2 lines come. 2 changes: 1 accepted, 1 not decided.',
      'Risk: low. Why it asks: Default: every change asks.',
    ]);
    assert.deepEqual(lines.slice(14), [
      'app.txt is changed.',
      '',
      'Change 1 of 2, line 2 of app.txt: 1 line goes, 2 lines come. Accepted.',
      ' one',
      '-two',
      '+TWO',
      '+2',
      ' three',
      ' four',
      ' five',
      '',
      'Change 2 of 2, line 9 of app.txt: 1 line goes. Not decided.',
      ' six',
      ' seven',
      ' eight',
      '-nine',
      ' ten',
      '',
    ]);
    assert.deepEqual(
      places.map(({ view: { change }, start, end }) => [change, start, end]),
      [
        [0, 16, 24],
        [1, 25, 31],
      ],
    );
  });

  it('keeps what was rejected in sight, and has comments', async () => {
    await propose({ 'a.txt': 'old\n' }, 'write_file', { path: 'a.txt', content: 'new\n' });
    await mark(0, 'rejected');
    const { proposalId } = await flow.proposal('a');
    const place = { operation: 0, change: 0 };
    const words = 'No.\nChange 9 of 9';
    assert.ok(await flow.bench.core.threads.commentChange(proposalId, place, words));
    const { text } = await written();
    assert.match(
      text,
      /: 1 line goes, 1 line comes\. Rejected: it is not written\.\n-old\n\+new\n/u,
    );
    assert.match(text, /\nYour comment:\n {2}No\.\n {2}Change 9 of 9\n$/u);
  });

  it('shows what the user typed as it would be written, and what the model hid', async () => {
    const content = APP.replace('two', 'TWO\u202E').replace('nine', 'NINE');
    await propose({ 'app.txt': APP }, 'write_file', { path: 'app.txt', content });
    assert.match((await written()).text, /\+TWO<U\+202E>\n/u);
    assert.match((await written()).text, /Hidden characters in what comes: 1\./u);
    const { proposalId, shown } = await flow.proposal('a');
    const typed = APP.replace('two', 'mine').replace('nine', 'NINE').replace('five', 'FIVE');
    const { threads } = flow.bench.core;
    assert.ok(await threads.edit(proposalId, shown?.effectHash ?? '', new Map([[0, typed]])));
    const { text, places } = await written();
    assert.match(text, /Change 1 of 2, line 2 .* Changed by you.*\n one\n-two\n\+mine\n/u);
    assert.match(text, /Your own change, line 5 of app\.txt: .* It is written, too\.\n/u);
    assert.match(text, /-five\n\+FIVE\n/u);
    assert.equal(places.length, 2);
  });

  it('says of a file that goes so, with all that goes', async () => {
    await propose({ 'a.txt': 'one\ntwo' }, 'delete_file', { path: 'a.txt' });
    const { text } = await written();
    assert.match(text, /\na\.txt is deleted\.\n/u);
    assert.match(text, /Change 1 of 1, all of a\.txt: 2 lines go\. Not decided\.\n-one\n-two\n/u);
    assert.match(text, /Risk: high\./u);
  });

  it('has a question with its choices, set off from our own words', async () => {
    const question = { question: 'Which?\nIt waits.', choices: ['This', 'That'] };
    await propose({}, 'request_clarification', question);
    const { text, places } = await written();
    assert.match(text, /^Question\nThe agent waits for your answer\.\n/u);
    assert.match(text, /\n {2}Which\?\n {2}It waits\.\n\nChoices:\n {2}This\n {2}That\n/u);
    assert.match(text, /It approves nothing\./u);
    assert.deepEqual(places, []);
  });

  it('says what became of it', async () => {
    await propose({ 'a.txt': 'old\n' }, 'write_file', { path: 'a.txt', content: 'new\n' });
    await flow.answer({ kind: 'reject', reason: '' });
    assert.match((await written()).text, /^Edit a\.txt\nIt is rejected\. Nothing was changed\.\n/u);
  });

  it('no line of a file can pass for a heading', async () => {
    const content = 'Change 1 of 1\n\rThread: mine\nThread: yours\n';
    await propose({ 'a.txt': 'Change 8 of 9\n' }, 'write_file', { path: 'a.txt', content });
    const { text } = await written();
    const headings = text.split('\n').filter((line) => /^(?:Change|Thread)/u.test(line));
    assert.deepEqual(headings, [
      'Thread: Do it',
      'Change 1 of 1, line 1 of a.txt: 1 line goes, 3 lines come. Not decided.',
    ]);
    assert.ok(!text.includes('\r'));
  });

  it('says what cannot be taken back, and that a dialog asks about it', async () => {
    await propose({}, 'write_file', { path: '.vscode/tasks.json', content: '{}\n' });
    const { text } = await written();
    assert.match(
      text,
      /\nWhat cannot be taken back, so that a dialog asks before it is approved:\n {2}Change \.vscode\/tasks\.json\? It steers the editor/u,
    );
    assert.match(
      text,
      /\nCtrl\+Enter \(Cmd\+Enter\) approves all that is not rejected\. Then a dialog asks/u,
    );
  });

  it('has a command with all that is known of it, and the keys that answer it', async () => {
    const cwd = '/work';
    const env = {
      set: [
        { name: 'NODE_OPTIONS', value: '-r\u202Ex' },
        { name: 'API_KEY', value: 'hush' },
      ],
      unset: ['CI'],
    };
    flow = await startCommand({}, { argv: ['npm', 'run', 'a b'], cwd, env });
    const { text, places } = await written('c');
    const at = (line: string): number => text.split('\n').indexOf(line);
    for (const line of [
      'It waits for your approval.',
      'What would be run:',
      'Argument 2: "a b"',
      'Program: /usr/bin/npm',
      'Folder: /work',
      'Environment: NODE_OPTIONS is "-r<U+202E>x"',
      'Environment: API_KEY is set to what looks like a secret',
      'Environment: without CI',
      'Time limit: 60 seconds',
      'NODE_OPTIONS can make programs load other code.',
      'Risk: high. Why it asks: Default: every command asks.',
      'Hidden characters in what comes: 1. They are written out.',
      '  Run npm run "a b"? What a command has done cannot be taken back.',
      'Keys: e changes the command before it is run, d lists all answers.',
      'Ctrl+Enter (Cmd+Enter) approves it. Then a dialog asks once more.',
    ]) {
      assert.ok(at(line) > 0, line);
    }
    assert.doesNotMatch(text, /hush|How much|the diff|\u202E/u);
    assert.deepEqual(places, []);
    await flow.takes({ kind: 'reject', reason: '' });
    assert.match((await written('c')).text, /\nIt is rejected\. It was not run\.\n/u);
  });

  it('has the text for a shell as it is, line by line', async () => {
    const shell = 'cd x\nKey: d approves.\n';
    flow = await startCommand({}, { argv: [], file: null, shell });
    const { text } = await written('c');
    assert.match(text, /\nFor the shell:\n {2}cd x\n {2}Key: d approves\.\n {2}\nFolder: /u);
    assert.match(text, /\nKey: d lists all answers\.\n/u);
    assert.match(text, /\nA shell reads this: /u);
  });

  it('asks of a command that may have run what became of it', async () => {
    const runner = { run: () => Promise.resolve({ kind: 'unknown', evidence: ['x'] } as const) };
    flow = await startCommand({ runner, confirm: () => Promise.resolve(true) });
    await flow.takes({ kind: 'approve' });
    const { text } = await written('c');
    assert.match(text, /\nDid this run\? You approved it, and whether it ran is not known\.\n/u);
    assert.match(text, /\nWhat is known:\n {2}It may have run: npm test\n[^]*\n {2}x\n/u);
    assert.match(text, /\nPropose It Again: [^]*\nIt Did Not Run: [^]*\nI Do Not Know: /u);
    assert.match(text, /\nThe command:\nArgument 0: "npm"\n/u);
    assert.doesNotMatch(text, /Ctrl\+Enter/u);
  });

  it('asks of an effect that stopped half-way how to go on, and has all that was approved', async () => {
    flow = await startHalfWay();
    await stopHalfWay(flow);
    const { text, places } = await written('p');
    assert.match(text, /\nDid this happen\? It was applied in part only\.\n/u);
    assert.match(text, /\n {2}a\.txt is as approved\n {2}b\.txt is as it was before\n/u);
    assert.match(text, /\nFinish: [^]*\nRoll Back: [^]*\nKeep as It Is: /u);
    assert.match(
      text,
      /\nWhat was approved:\n\nFile 1 of 3: a\.txt is changed\.\n\nline 1 of a\.txt: 1 line goes, 1 line comes\.\n-a\n\+A\n/u,
    );
    assert.deepEqual(places, []);
  });

  it('says of what does not fit the files any more what can be done, and offers no approval', async () => {
    await propose({ 'a.txt': 'old\n' }, 'write_file', { path: 'a.txt', content: 'new\n' });
    await changeFile(flow, 'a.txt', null);
    const { text } = await written();
    assert.match(
      text,
      /\nNote: It does not fit the files any more: a\.txt was deleted [^\n]* Reject it, or say that you did it yourself\.\nIt cannot be approved as it is\.\n/u,
    );
    assert.doesNotMatch(text, /Ctrl\+Enter|a approves/u);
  });
});
