import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { BreakerStanding } from '../../core/breaker.ts';
import { type Breakers, openBreakers, readBreakers } from '../../db/breakers.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { createHttp, type Http } from '../../providers/http.ts';
import { eventually } from '../support/eventually.ts';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { silent } from '../support/log.ts';
import { openRawServer, type RawServer } from '../support/tcp.ts';

const rules = { failures: 5, openMs: 60_000 };
const [failure, success] = [
  { probe: null, isFailure: true, rules },
  { probe: null, isFailure: false, rules },
];

/** What one process has of the shared breakers: a pool and an ear of its own. */
interface Process {
  readonly pool: DatabasePool;
  readonly breakers: Breakers;
}

describe('Breakers that all processes share', () => {
  let bench: LedgerBench;
  let processes: Process[];
  let way: string;

  before(async () => {
    bench = await openLedgerBench();
    const { url } = bench.database;
    processes = await Promise.all(
      [1, 2, 3, 4, 5].map(async (number) => {
        const applicationName = `process-${number}`;
        const pool = await openPool({ url, size: 2, applicationName, logger: silent, checkRows: true });
        const breakers = openBreakers({ db: pool, databaseUrl: url, applicationName: 'ear', logger: silent });
        return { pool, breakers };
      }),
    );
  });
  beforeEach(() => {
    way = randomUUID();
  });
  after(async () => {
    await Promise.all(processes.map(({ breakers }) => breakers.stop()));
    await Promise.all(processes.map(({ pool }) => pool.end()));
    await bench.close();
  });

  const everybody = <T>(act: (breakers: Breakers) => Promise<T>) =>
    Promise.all(processes.map(({ breakers }) => act(breakers)));
  const one = () => (processes[0] as Process).breakers;
  const standing = async () => (await readBreakers(bench.pool)).find((kept) => kept.way === way);
  const letPauseEnd = () =>
    bench.owner.query(`UPDATE app.breaker SET until = clock_timestamp() - interval '1 ms' WHERE way = $1`, [way]);
  const open = () => everybody((breakers) => breakers.judge(way, failure));
  const probes = async () => (await everybody((breakers) => breakers.takeProbe(way, 30_000))).map(({ probe }) => probe);

  it('open once, at the fifth failure in a row, when five processes fail at once', async () => {
    const answers = await open();
    assert.deepEqual(answers.map(({ failures }) => failures).toSorted(), [1, 2, 3, 4, 5]);
    assert.deepEqual(
      answers.filter(({ state }) => state === 'open').map(({ failures }) => failures),
      [5],
    );
    const kept = await standing();
    assert.ok(kept?.state === 'open' && kept.version === 5 && kept.waitMs > 55_000);
    await one().judge(way, failure);
    assert.equal((await standing())?.version, 5, 'a call that left before says nothing new');
  });

  it('count from zero again after a success of any process', async () => {
    await Promise.all([1, 2, 3, 4].map(() => one().judge(way, failure)));
    assert.equal((await (processes[1] as Process).breakers.judge(way, success)).failures, 0);
    assert.equal((await one().judge(way, failure)).state, 'closed');
  });

  it('give nobody a probe while their pause goes on, or while they are closed', async () => {
    assert.deepEqual(await probes(), [null, null, null, null, null]);
    await open();
    assert.deepEqual(await probes(), [null, null, null, null, null]);
  });

  it('give the probe to one process only, when all ask at once', async () => {
    await open();
    await letPauseEnd();
    assert.equal((await probes()).filter((probe) => probe !== null).length, 1);
    assert.equal((await standing())?.state, 'half_open');
  });

  it('close by the success of the probe, and by no other', async () => {
    await open();
    await letPauseEnd();
    const [probe] = (await probes()).filter((each) => each !== null);
    assert.equal((await one().judge(way, success)).state, 'half_open');
    const closed = await one().judge(way, { ...success, probe: probe ?? null });
    assert.deepEqual([closed.state, closed.failures], ['closed', 0]);
  });

  it('open for the whole pause again by the failure of the probe, and by no other', async () => {
    await open();
    await letPauseEnd();
    const [probe] = (await probes()).filter((each) => each !== null);
    assert.equal((await one().judge(way, failure)).state, 'half_open');
    const opened = await one().judge(way, { ...failure, probe: probe ?? null });
    assert.ok(opened.state === 'open' && opened.waitMs > 55_000);
  });

  it('give the probe to another when its process has died with it, and hear the first one no more', async () => {
    await open();
    await letPauseEnd();
    const [lost] = (await probes()).filter((each) => each !== null);
    assert.deepEqual(await probes(), [null, null, null, null, null], 'not before its lease is over');
    await letPauseEnd();
    const [next] = (await probes()).filter((each) => each !== null);
    assert.ok(lost !== undefined && next !== undefined && next !== lost);
    assert.equal((await one().judge(way, { ...success, probe: lost ?? null })).state, 'half_open');
    assert.equal((await one().judge(way, { ...success, probe: next ?? null })).state, 'closed');
  });

  it('are told to every process when they change, and once more to one whose ear was closed', async () => {
    const heard = processes.map(({ breakers }) => {
      const all: BreakerStanding[] = [];
      breakers.watch(way, (news) => all.push(news));
      return all;
    });
    await one().judge(way, failure);
    await eventually(() => heard.every((all) => all.at(-1)?.failures === 1));
    await bench.owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'ear' AND datname = current_database()`);
    await one().judge(way, failure);
    await eventually(() => heard.every((all) => all.at(-1)?.failures === 2));
  });

  describe('with a way out in each process', () => {
    let provider: RawServer;
    let status: number;
    let https: Http[];
    let requestCount: number;

    beforeEach(async () => {
      requestCount = 0;
      status = 500;
      provider = await openRawServer((socket) => {
        socket.on('data', () => {
          requestCount += 1;
          socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`);
        });
      });
      https = processes.map(({ breakers }) =>
        createHttp({ provider: way, logger: silent, breakerBook: breakers, breaker: rules }),
      );
    });
    afterEach(async () => {
      for (const http of https) http.close();
      await provider.close();
    });

    const send = (http: Http) => http.send({ method: 'GET', url: provider.url, deadlineMs: 5_000 });
    const isRefused = ({ outcome, reason }: { outcome: string; reason?: string }) =>
      outcome === 'not_sent' && reason === 'breaker_open';

    it('send nothing from any process once five failures have come from five', async () => {
      await Promise.all(https.map(send));
      assert.equal(requestCount, 5);
      await eventually(() => https.every((http) => http.state() === 'open'));
      assert.ok((await Promise.all(https.map(send))).every(isRefused));
      assert.equal(requestCount, 5);
    });

    it('send one probe between them after the pause, and all again when it has succeeded', async () => {
      await Promise.all(https.map(send));
      // The pause ends for the database and, by its word, for each process.
      await bench.owner.query(
        `WITH ended AS (
           UPDATE app.breaker SET until = clock_timestamp(), version = version + 1 WHERE way = $1 RETURNING *)
         SELECT app.breaker_tell(ROW(ended.*)::app.breaker) FROM ended`,
        [way],
      );
      status = 200;
      await eventually(async () => (await Promise.all(https.map(send))).some(({ outcome }) => outcome === 'done'));
      assert.equal(requestCount, 6, 'one probe, whoever of the five sent it');
      await eventually(() => https.every((http) => http.state() === 'closed'));
      assert.ok((await Promise.all(https.map(send))).every(({ outcome }) => outcome === 'done'));
      assert.equal((await standing())?.failures, 0);
    });

    it('write nothing while the provider is well', async () => {
      status = 200;
      for (const http of https) await send(http);
      assert.equal(await standing(), undefined);
    });
  });
});
