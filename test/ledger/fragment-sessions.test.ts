import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createFragmentSessions } from '../../db/fragment-sessions.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';

const cookies = (text: string) => Buffer.from(`sealed ${text}`);

describe('Sessions at Fragment in the database', () => {
  let bench: AuditBench;
  let account: string;
  before(async () => {
    bench = await openAuditBench({ poolSize: 4, acquireTimeoutMs: 30_000 });
  });
  beforeEach(async () => {
    account = randomUUID();
    await sessions().put(account, cookies('first'));
  });
  after(() => bench.close());

  const sessions = () => createFragmentSessions(bench.pool);
  const renew = (version: number, text = 'renewed') =>
    sessions().save(account, { version, sealed: cookies(text), state: 'alive', isRenewed: true });

  it('begin expired, and are alive once they were renewed', async () => {
    assert.deepEqual(await sessions().read(account), { sealed: cookies('first'), version: 1, state: 'expired' });
    assert.equal(await renew(1), true);
    assert.deepEqual(await sessions().read(account), { sealed: cookies('renewed'), version: 2, state: 'alive' });
    assert.equal(await sessions().isOld(account, 60_000), false);
    assert.equal(await sessions().isOld(account, 0), true);
  });

  it('are renewed by one at a time, and by nobody who thought of an older version', async () => {
    const lease = { version: 1, leaseMs: 60_000 };
    const taken = await Promise.all([1, 2, 3, 4].map(() => sessions().takeLease(account, lease)));
    assert.equal(taken.filter(Boolean).length, 1);
    assert.deepEqual(await Promise.all([renew(1, 'a'), renew(1, 'b')]).then((all) => all.toSorted()), [false, true]);
    assert.equal(await sessions().takeLease(account, lease), false);
    assert.equal(await sessions().takeLease(account, { ...lease, version: 2 }), true);
  });

  it('can be renewed by another when the one who had the right has died', async () => {
    assert.equal(await sessions().takeLease(account, { version: 1, leaseMs: 0 }), true);
    assert.equal(await sessions().takeLease(account, { version: 1, leaseMs: 60_000 }), true);
  });

  it('expire only in the version that did not hold', async () => {
    await renew(1);
    await sessions().markExpired(account, 1);
    assert.equal((await sessions().read(account))?.state, 'alive');
    await sessions().markExpired(account, 2);
    assert.equal((await sessions().read(account))?.state, 'expired');
  });

  it('wake their keeper once, however many ask', async () => {
    await renew(1);
    await sessions().takeExpired();
    await sessions().markExpired(account, 2);
    const taken = await Promise.all([1, 2, 3].map(() => sessions().takeExpired()));
    assert.equal(taken.flat().filter((name) => name === account).length, 1);
  });

  it('keep a log-in that is there when a demo one is offered, and take a new one of a person', async () => {
    await sessions().putFirst(account, cookies('demo'));
    assert.deepEqual((await sessions().read(account))?.sealed, cookies('first'));
    await renew(1);
    await sessions().put(account, cookies('second'));
    const { state, version } = (await sessions().read(account)) ?? {};
    assert.deepEqual([state, version], ['expired', 3]);
    assert.equal((await sessions().condition(account))?.renewedAt, null);
  });
});
