import assert from 'node:assert/strict';
import type { ThreadEvent, ThreadStatus } from '../../src/shared/thread-view.ts';
import { announcementOf, settledWords } from '../../src/threads/announcement.ts';
import {
  type RunEnd,
  type When,
  createAnnouncing,
  createRunEnds,
  isTold,
} from '../../src/threads/announcing.ts';
import type { Asked } from '../../src/threads/threads.ts';
import { type Bench, makeBench } from '../support/core.ts';
import type { ScriptedCall } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

const write = (path: string, content = 'one\ntwo\n'): ScriptedCall => ({
  ...{ id: `call-${path}`, name: 'write_file' },
  args: { path, content },
});
const ask = (question: string): ScriptedCall => ({
  ...{ id: 'ask', name: 'request_clarification' },
  args: { question, choices: ['Yes'] },
});

describe('what is announced of approvals that wait', () => {
  let bench: Bench;

  const waitFor = async (title: string, ...calls: ScriptedCall[]): Promise<readonly Asked[]> => {
    bench = makeBench({ 'old.txt': 'old\n' }, [{ calls }, { text: 'Done.' }]);
    const id = await bench.core.threads.send(null, title);
    await bench.reaches(id, 'waiting');
    return bench.core.threads.pending();
  };

  afterEach(async () => {
    await bench.close();
  });

  it('names the one that waits, with what can be answered by its title', async () => {
    assert.deepEqual(announcementOf(await waitFor('Fix the login', write('src/app.ts'))), {
      text: 'Write src/app.ts (+2 −0) waits for your approval, in “Fix the login”',
      answers: ['review', 'approve', 'reject'],
    });
  });

  it('offers no approval of what is more than its title says', async () => {
    const { answers } = announcementOf(await waitFor('Steer', write('.vscode/settings.json')));
    assert.deepEqual(answers, ['review', 'reject']);
  });

  it('says a question with its words, and that it is one', async () => {
    assert.deepEqual(announcementOf(await waitFor('Tidy up', ask('All\nof it?'))), {
      text: 'The agent asks, in “Tidy up”: All of it?',
      answers: ['answer'],
    });
  });

  it('UI-19: shows no icon and no link of the agent’s making, and both ends of a long path', async () => {
    const name = `$(check) Approved [here](command:countersign.approve)/${'long/'.repeat(40)}end.ts`;
    const { text } = announcementOf(await waitFor('$(check) [x](command:y)', write(name)));
    assert.doesNotMatch(text, /\$\(|\]\(/u);
    assert.ok(text.length < 300, text);
    assert.match(text, /^Write \$\u200B\(check\) Approved .*….*\/end\.ts \(\+2 −0\)/u);
  });

  it('counts several, names some, and says in which thread they are', async () => {
    const all = await waitFor('Do it', ...['a', 'b', 'c', 'd', 'e'].map((name) => write(name)));
    assert.deepEqual(announcementOf(all), {
      text: '5 approvals wait for you, in “Do it”: Write a · Write b · Write c · 2 more',
      answers: ['review'],
    });
    const [first, second] = all;
    const apart = [first!, { ...second!, threadId: 'another' }];
    assert.equal(announcementOf(apart).text, '2 approvals wait for you: Write a · Write b');
  });

  describe('once', () => {
    let told: string[][];
    const seen = new Set<string>();
    const follow = (now: (asked: Asked) => Asked | null = (asked) => asked) =>
      createAnnouncing({
        ...{ told: seen, now },
        tell: (together) => told.push(together.map(({ item }) => item.title)),
      });

    beforeEach(() => {
      told = [];
      seen.clear();
    });

    const settled = (): Promise<unknown> =>
      new Promise((resolve) => {
        setImmediate(() => setImmediate(resolve));
      });

    it('however often and by whatever way it is heard of', async () => {
      const all = await waitFor('Do it', write('a'), write('b'));
      const announcing = follow();
      for (const asked of [...all, ...all]) announcing.add(asked);
      await settled();
      await announcing.addAll(Promise.resolve(all));
      await settled();
      // As after the core was opened anew.
      await follow().addAll(Promise.resolve(all));
      await settled();
      assert.deepEqual(told, [['Write a', 'Write b']]);
    });

    it('together with what comes while it is gathered', async () => {
      const [first, second] = await waitFor('Do it', write('a'), write('b'));
      const announcing = follow();
      const gathering = Promise.withResolvers<readonly Asked[]>();
      const gathered = announcing.addAll(gathering.promise);
      announcing.add(second!);
      await settled();
      assert.deepEqual(told, []);
      gathering.resolve([first!, second!]);
      await gathered;
      await settled();
      assert.deepEqual(told, [['Write b', 'Write a']]);
    });

    it('even if it cannot be gathered, what has come is told', async () => {
      const [first] = await waitFor('Do it', write('a'));
      const announcing = follow();
      const gathered = announcing.addAll(Promise.reject(new Error('locked')));
      announcing.add(first!);
      await assert.rejects(gathered, /locked/u);
      await settled();
      assert.deepEqual(told, [['Write a']]);
    });

    it('and not what was answered before it could be shown', async () => {
      const [first, second] = await waitFor('Do it', write('a'), write('b'));
      const announcing = follow((asked) => (asked === first ? null : asked));
      announcing.add(first!);
      announcing.add(second!);
      await settled();
      assert.deepEqual(told, [['Write b']]);
    });
  });
});

describe('what is announced of runs', () => {
  let bench: Bench | null = null;

  afterEach(async () => {
    await bench?.close();
    bench = null;
  });

  const status = (is: ThreadStatus, failure: string | null = null): ThreadEvent => ({
    ...{ kind: 'status', status: is },
    failure: failure === null ? null : { message: failure, action: null },
  });
  const owner = (elsewhere: boolean): ThreadEvent => ({ kind: 'owner', elsewhere });
  const endsOf = (...events: ThreadEvent[]): RunEnd[] => {
    const endOf = createRunEnds();
    return events.map((event) => endOf('t', event)).filter((end) => end !== null);
  };

  it('tells that one is done or has failed, from the events of a real one', async () => {
    bench = makeBench({}, [{ text: 'Done.' }]);
    const endOf = createRunEnds();
    const ends: RunEnd[] = [];
    bench.core.threads.onEvent(({ threadId, event }) => {
      const end = endOf(threadId, event);
      if (end !== null) ends.push(end);
    });
    const threadId = await bench.core.threads.send(null, 'Hello');
    await until('the end', () => ends.length === 1);
    assert.deepEqual(ends, [{ threadId, failure: null }]);
    await bench.core.threads.send(threadId, 'Again: the model has no more to say');
    await until('the failure', () => ends.length === 2);
    assert.notEqual(ends[1]?.failure, null);
  });

  it('tells nothing of what is stopped, waits, was never running, or is another window’s', () => {
    assert.deepEqual(endsOf(status('running'), status('unfinished')), []);
    assert.deepEqual(endsOf(status('running'), status('waiting')), []);
    assert.deepEqual(endsOf(status('idle')), []);
    assert.deepEqual(endsOf(owner(true), status('running'), status('idle')), []);
    assert.deepEqual(
      endsOf(owner(true), owner(false), status('running'), status('idle'), status('idle')).length,
      1,
    );
  });
});

describe('when the user is told', () => {
  it('is as the setting says', () => {
    const told = (when: When): string =>
      [
        { focused: true, inView: true },
        { focused: true, inView: false },
        { focused: false, inView: true },
        { focused: false, inView: false },
      ]
        .map((attention) => (isTold(when, attention) ? 'yes' : 'no'))
        .join(' ');
    assert.equal(told('always'), 'yes yes yes yes');
    assert.equal(told('unlessInView'), 'no yes yes yes');
    assert.equal(told('whenUnfocused'), 'no no yes yes');
    assert.equal(told('never'), 'no no no no');
  });
});

describe('a message that is too late', () => {
  it('says of what is answered how, and never that it still waits', () => {
    const words = (['applied', 'rejected', 'cancelled', 'stale', null] as const).map((state) =>
      settledWords('Write a', state),
    );
    assert.deepEqual(
      words.map((text) => /approved|rejected|withdrawn|does not wait/u.exec(text)?.[0]),
      ['approved', 'rejected', 'withdrawn', 'does not wait', 'does not wait'],
    );
  });
});
