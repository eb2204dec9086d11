import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { createTopups } from '../../db/topups.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { because } from '../support/ledger.ts';
import { silent } from '../support/log.ts';

describe('what the Mini App begins with', () => {
  let api: TestApi;
  let pool: DatabasePool;
  let anna: { token: string; userId: string };
  let boris: { token: string; userId: string };

  before(async () => {
    api = await startTestApi();
    pool = await openPool({
      url: api.database.url,
      size: 2,
      applicationName: 'bootstrap-test',
      logger: silent,
      checkRows: true,
    });
    [anna, boris] = await Promise.all([api.logIn('anna'), api.logIn('boris')]);
  });

  after(async () => {
    await pool.end();
    await api.stop();
  });

  it('is one answer: who I am, what I have, what is sold, and what I did last', async () => {
    const [{ body }, { body: catalogue }] = await Promise.all([
      api.call('GET', '/bootstrap', { token: anna.token }),
      api.call('GET', '/catalogue', { token: anna.token }),
    ]);
    assert.equal(body.user.firstName, 'Анна');
    assert.deepEqual(body.catalogue, catalogue);
    assert.deepEqual([body.wallets, body.generations, body.topups], [[], [], []]);
  });

  it('lists my top-ups page by page, and nobody else’s', async () => {
    const topups = createTopups(pool);
    const ids = await Promise.all(
      [1, 2, 3].map(async () => {
        const id = randomUUID();
        await topups.insert(someTopup(id, boris.userId));
        return id;
      }),
    );
    const first = (await api.call('GET', '/topups?limit=2', { token: boris.token })).body;
    const rest = (await api.call('GET', `/topups?limit=2&cursor=${first.nextCursor}`, { token: boris.token })).body;
    const seen = [...first.items, ...rest.items].map(({ id }: { id: string }) => id);
    assert.deepEqual(seen.toSorted(), ids.toSorted());
    assert.equal(rest.nextCursor, null);
    assert.deepEqual((await api.call('GET', '/topups', { token: anna.token })).body.items, []);
    assert.equal((await api.call('GET', '/topups?cursor=nonsense', { token: anna.token })).body.code, 'invalid_cursor');
  });

  it('keeps the language that I chose, whatever Telegram says at the next log-in', async () => {
    const changed = await api.call('PATCH', '/me', { token: boris.token, body: { language: 'ru' } });
    assert.equal(changed.body.user.language, 'ru');
    const { token } = await api.logIn('boris');
    assert.equal((await api.call('GET', '/me', { token })).body.user.language, 'ru');
    const wrong = await api.call('PATCH', '/me', { token: boris.token, body: { language: 'xx' } });
    assert.equal(wrong.body.code, 'invalid_request');
  });

  it('tells of a purchase what was held, what was charged and what came back', async () => {
    const ledger = createLedger(pool);
    const orderId = randomUUID();
    const cause = because('reserve', `generation/${orderId}`);
    const source = 'issued:CREDIT';
    await ledger.credit({ key: 'test/give', cause, owner: anna.userId, amount: credits(20n), bucket: 'paid', source });
    const held = await ledger.reserve({
      key: 'test/hold',
      cause,
      owner: anna.userId,
      amount: credits(12n),
      ttlMs: 60_000,
    });
    assert.equal(held.outcome, 'held');
    const captured = await ledger.capture({ key: 'test/take', cause, holdKey: 'test/hold', amountMinor: 4n });
    assert.equal(captured.outcome, 'captured');
    const [transaction] = (await api.call('GET', '/transactions', { token: anna.token })).body.items;
    const { body } = await api.call('GET', `/transactions/${transaction.id}`, { token: anna.token });
    assert.deepEqual(body.transaction, transaction);
    assert.deepEqual(
      body.steps.map(({ kind, amountMinor }: { kind: string; amountMinor: string }) => [kind, amountMinor]),
      [
        ['held', '12'],
        ['charged', '-4'],
        ['returned', '8'],
      ],
    );
    assert.deepEqual(body.order, { kind: 'generation', id: orderId });
    const foreign = await api.call('GET', `/transactions/${transaction.id}`, { token: boris.token });
    assert.equal(foreign.status, 404);
    assert.equal((await api.call('GET', '/transactions/0', { token: anna.token })).status, 404);
  });
});

function credits(minor: bigint) {
  return money(minor, 'CREDIT');
}

function someTopup(id: string, userId: string) {
  return {
    id,
    userId,
    packId: 'credits-100',
    title: '100 credits',
    provider: 'yookassa',
    catalogueVersion: 'test',
    priceMinor: 50_000n,
    priceAsset: 'RUB',
    grantsMinor: 100n,
    grantsAsset: 'CREDIT',
    requestHash: Buffer.alloc(32),
  } as const;
}
