import assert from 'node:assert/strict';
import pg from 'pg';
import type { Component } from '../../core/components.ts';
import { openBreakers } from '../../db/breakers.ts';
import { openPool } from '../../db/pool.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';
import { testInfrastructure } from '../support/infrastructure.ts';

/** The breakers as another process has them. */
async function openProcess(url: string) {
  const pool = await openPool({ url, size: 1, applicationName: 'another', logger: silent, checkRows: true });
  const breakers = openBreakers({ db: pool, databaseUrl: url, applicationName: 'another-ear', logger: silent });
  return { judge: breakers.judge, stop: () => Promise.all([breakers.stop(), pool.end()]) };
}

describe('health', () => {
  let api: TestApi;

  before(async function () {
    this.timeout(60_000);
    const temporal = await testInfrastructure.temporal();
    api = await startTestApi({ variables: { TEMPORAL_ADDRESS: temporal.address }, drainMs: 1_000 });
  });

  it('says that the process lives, and which version it is', async () => {
    const { status, body } = await api.call('GET', '/healthz');
    assert.equal(status, 200);
    assert.match(body.version, /^\d+\.\d+\.\d+/);
  });

  it('is ready with database and Temporal, and not without the database', async () => {
    assert.deepEqual((await api.call('GET', '/readyz')).body, {
      status: 'ready',
      parts: { database: 'ok', temporal: 'ok' },
    });
    const owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
    const { name } = api.database;
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
    await owner.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [name],
    );
    const without = await api.call('GET', '/readyz');
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    await owner.end();
    assert.deepEqual([without.status, without.body.parts.database], [503, 'failed']);
    await eventually(async () => (await api.call('GET', '/readyz')).status === 200);
  });

  it('tells of each part in full where it is asked to, and a provider that fails leaves it ready', async () => {
    const breakers = await openProcess(api.database.url);
    for (let failure = 0; failure < 5; failure += 1) {
      await breakers.judge('kie', { probe: null, isFailure: true, rules: { failures: 5, openMs: 60_000 } });
    }
    await breakers.judge('ton-send', { probe: null, isFailure: true, rules: { failures: 1, openMs: 60_000 } });
    await breakers.stop();
    const verbose = await api.call('GET', '/readyz?verbose');
    assert.equal(verbose.body.health, 'degraded');
    assert.deepEqual([verbose.status, verbose.body.status, verbose.body.mode], [200, 'ready', 'embedded']);
    const told = new Map<string, Component>(verbose.body.components.map((one: Component) => [one.component, one]));
    assert.deepEqual(
      [...told.values()].map(({ component, status, breaker }) => [component, status, breaker]),
      [
        ['database', 'ok', null],
        ['temporal', 'ok', null],
        ['redis', 'not_configured', null],
        ['yookassa', 'ok', null],
        ['heleket', 'ok', null],
        ['kie', 'down', 'open'],
        ['telegram', 'ok', null],
        ['ton', 'degraded', 'open'],
        ['fragment', 'ok', null],
      ],
    );
    assert.match(told.get('kie')?.detail ?? '', /^kie is left alone after 5 failures in a row, for \d+ s more$/);
    assert.ok(Date.parse(told.get('kie')?.since ?? '') > 0);
    assert.doesNotMatch(JSON.stringify(verbose.body), /127\.0\.0\.1|postgres|key/i);
  });

  it('shows figures by route pattern on a port of its own only', async () => {
    const { token } = await api.logIn('anna');
    await api.call('GET', '/topups/0193a5e0-7c1e-7b3a-9d55-2f1f6f0c9a10', { token });
    const metrics = await (await fetch(api.metricsUrl)).text();
    const counted = metrics.split('\n').filter((line) => line.startsWith('holdfast_http_request_seconds_count'));
    assert.ok(counted.some((line) => line.includes('route="/api/v1/topups/:id"') && line.includes('status="404"')));
    assert.ok(!metrics.includes('0193a5e0'));
    assert.equal((await fetch(`${api.url}/metrics`)).status, 404);
  });

  it('S30: says 503 first when it stops, while it still serves, and ends what is under way', async () => {
    const { token } = await api.logIn('anna');
    const stopped = api.stop();
    await eventually(async () => (await api.call('GET', '/readyz')).status === 503);
    assert.equal((await api.call('GET', '/me', { token })).status, 200);
    await stopped;
    await assert.rejects(fetch(`${api.url}/healthz`));
  });

  it('closes everything it has opened when its port is taken', async () => {
    const taken = await startTestApi();
    const again = startTestApi({
      database: taken.database,
      variables: { PORT: String(taken.config.api.port), METRICS_PORT: '0' },
    });
    await assert.rejects(again, /EADDRINUSE/);
    // Dropping the database fails while anybody is connected to it.
    await taken.stop();
  });
});
