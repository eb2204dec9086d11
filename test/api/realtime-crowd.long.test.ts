import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import pg from 'pg';
import { signInitData } from '../../platform/init-data.ts';
import { botToken, startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { scaled } from '../support/scale.ts';
import { skip } from '../support/skip.ts';
import { type Crowd, gatherCrowd } from '../support/socket-crowd.ts';

const perPerson = 10;
const people = scaled(1_000);
const silent = scaled(500);
const all = people * perPerson;
/** What the process needs beside its sockets. */
const otherFiles = 500;
const patience = { withinMs: 240_000, everyMs: 250 };

describe('a crowd of ten thousand sockets', function () {
  this.timeout(900_000);
  let api: TestApi;
  let owner: pg.Client;

  before(async function () {
    // Node raises the soft limit to the hard one by itself.
    const files = Number(spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout) || Infinity;
    if (files < all + otherFiles) skip(this, `${all} sockets need more than the ${files} files that are allowed here`);
    api = await startTestApi({ livePeriods: { pingMs: 5_000 } });
    owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
  });

  after(async () => {
    await owner?.end();
    await api?.stop();
  });

  it('K5: is held idle at little memory each, rid of half-open peers, and told what concerns it', async function () {
    const persons: { token: string; userId: string }[] = [];
    for (let number = 1; number <= people; number += 1) persons.push(await logIn(number));
    const tokens = persons.map(({ token }) => token);
    const before = process.memoryUsage().rss;
    const crowd = gatherCrowd({ url: api.url, tokens, perPerson, silent });
    const become = (fits: (crowd: Crowd) => boolean) => eventually(async () => fits(await crowd.look()), patience);
    try {
      await become(({ opened }) => opened === all);
      await become(({ open, placed }) => open === all - silent && placed === open);
      assert.deepEqual((await crowd.look()).codes, [1006]);
      const kibEach = (process.memoryUsage().rss - before) / all / 1_024;
      console.log(`      ${all} sockets, ${kibEach.toFixed(1)} KiB of RSS each, garbage included`);
      assert.ok(kibEach < 100, `${kibEach} KiB each`);

      // The sockets of the first were among the silent ones, those of the last are all there.
      const told = persons.slice(-scaled(100));
      for (const { userId } of told)
        await owner.query("SELECT app.announce($1::uuid, 'topup.expired', '{}')", [userId]);
      await become((state) => state.told === told.length * perPerson);
      const { toldTwice, open } = await crowd.look();
      assert.deepEqual({ toldTwice, open }, { toldTwice: 0, open: all - silent });
    } finally {
      await crowd.leave();
    }
    await eventually(async () => (await socketsOpen()) === 0, patience);
    assert.equal((await fetch(`${api.url}/healthz`)).status, 200);
  });

  async function logIn(number: number): Promise<{ token: string; userId: string }> {
    const name = `person${number}`;
    const who = { telegramId: 9_100_000_000 + number, firstName: name, username: name, language: 'en', role: 'buyer' };
    const initData = signInitData({ ...who, name } as never, botToken, new Date());
    const { body } = await api.call('POST', '/auth/telegram', { body: { initData } });
    return { token: body.token, userId: body.user.id };
  }

  async function socketsOpen(): Promise<number> {
    const metrics = await (await fetch(api.metricsUrl)).text();
    return Number(/^holdfast_live_sockets\S* (\d+)/m.exec(metrics)?.[1] ?? -1);
  }
});
