import assert from 'node:assert/strict';
import { connectPostgres } from '../../src/checkpoint/postgres/connect.ts';
import { ask } from '../support/postgres.ts';
import { approve, sees, textOf, useSharingHosts, write } from '../support/sharing-hosts.ts';
import { until } from '../support/until.ts';

describe('the PostgreSQL server', () => {
  const hosts = useSharingHosts();

  it('goes away for a moment: the run goes on as if nothing had been', async () => {
    const asked = Promise.withResolvers<undefined>();
    const one = await hosts().open([{ ...write(), until: asked.promise }, { text: 'Done.' }]);
    const id = await one.core.threads.send(null, 'write it');
    await until('the model to be asked', () => one.model.requests.length === 1);
    await hosts().postgres.kill();
    asked.resolve(undefined);
    await hosts().postgres.start();
    await approve(one, id);
    await hosts().postgres.kill();
    await hosts().postgres.start();
    const { items } = await one.reaches(id, 'idle');
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['user', 'tool', 'answer'],
    );
    assert.equal(textOf(one), 'new\n');
    await until('the others to see that it is alive', async () => {
      const two = await hosts().open([]);
      const { elsewhere } = await two.view(id);
      return elsewhere;
    });
  });

  it('goes away for longer: says so, without the password, and goes on later with nothing lost', async () => {
    const asked = Promise.withResolvers<undefined>();
    const one = await hosts().open(
      [{ ...write(), until: asked.promise }, write(), { text: 'Done.' }],
      300,
    );
    const id = await one.core.threads.send(null, 'write it');
    await until('the model to be asked', () => one.model.requests.length === 1);
    await hosts().postgres.kill();
    asked.resolve(undefined);
    const { failure } = await sees(one, id, ({ status }) => status === 'unfinished');
    assert.match(failure?.message ?? '', /PostgreSQL server 127\.0\.0\.1:\d+\/test_\d+ does not/u);
    await assert.rejects(() => hosts().connect(), /does not answer/u);
    const said = JSON.stringify([failure, ...one.logged.map(String)]);
    assert.ok(!said.includes(new URL(hosts().url).password), 'no password is said');
    assert.equal(textOf(one), 'old\n');
    await hosts().postgres.start();
    await one.core.threads.resume(id);
    await approve(one, id);
    await one.reaches(id, 'idle');
    assert.equal(textOf(one), 'new\n');
  });

  it('is none, or refuses: says why', async () => {
    await assert.rejects(
      () => connectPostgres('postgresql:///database', { log: () => undefined }),
      /looks like/u,
    );
    const wrong = hosts().url.replace(/:[^:@]+@/u, ':wrong@');
    await assert.rejects(
      () => connectPostgres(wrong, { log: () => undefined }),
      /refused: password authentication failed/u,
    );
  });

  it('has tables that a newer version has made: leaves them alone', async () => {
    await (await hosts().connect()).close();
    await ask(hosts().url, 'UPDATE countersign.countersign_version SET version = 99');
    await assert.rejects(() => hosts().connect(), /newer version/u);
  });

  it('is made ready by several at once', async () => {
    const all = await Promise.all([
      hosts().connect(),
      hosts().connect(),
      hosts().connect(),
      hosts().connect(),
    ]);
    await Promise.all(all.map((each) => each.close()));
  });
});
