import assert from 'node:assert/strict';
import type { PayerCoinsSeen, StarPricesInput, StarPricesSeen } from '../../core/flows/guide.ts';
import { createGuides, payerCoinsKind, starPricesKind } from '../../gateway/guides.ts';
import { sharedKey } from '../../platform/cache/kinds.ts';
import { openTestCache, type TestCache, ttlMs } from '../support/cache.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';
import { findRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { skip } from '../support/skip.ts';

const presets = [50, 100];
const key = sharedKey(starPricesKind, 'fragment/50-100');

/** A provider that says its price, or nothing, and knows how often it was asked. */
function createSeller() {
  const seller = {
    nanoPerStar: 4_000_000n as bigint | null,
    asked: 0,
    coins: [{ currency: 'TON', network: 'ton', isAvailable: true, minAmount: '0.5', maxAmount: '100' }],
    coinsAsked: 0,
    lookUpPayerCoins(): Promise<PayerCoinsSeen> {
      seller.coinsAsked += 1;
      return Promise.resolve(seller.coins);
    },
    /** Answers wait for this. */
    gate: Promise.resolve(),
    async lookUpStarPrices({ quantities }: StarPricesInput): Promise<StarPricesSeen> {
      seller.asked += 1;
      await seller.gate;
      const { nanoPerStar } = seller;
      if (nanoPerStar === null) return null;
      return quantities.map((quantity) => ({ quantity, priceNano: String(nanoPerStar * BigInt(quantity)) }));
    },
  };
  return seller;
}

describe('what providers say, in the caches', () => {
  let redis: TestRedis | undefined;
  let seller: ReturnType<typeof createSeller>;
  const open: TestCache[] = [];

  before(async function () {
    this.timeout(400_000);
    const found = findRedis();
    if (found.outcome === 'missing') return skip(this, found.reason);
    redis = await startRedis({ program: found.path });
  });
  beforeEach(() => {
    seller = createSeller();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((cache) => cache.close()));
    await redis?.client.flushall();
  });
  after(() => redis?.remove());

  /** The guides as one process has them. */
  async function process(options: { now?: () => number; waitMs?: number } = {}) {
    const { now = Date.now, waitMs = 10_000 } = options;
    const cache = await openTestCache(redis?.url, { now });
    open.push(cache);
    const guides = createGuides({ gateway: seller, cache, logger: silent, now: () => new Date(now()), waitMs });
    return { cache, guides, read: async () => (await guides.starPrices('fragment', presets))?.prices.at(0)?.priceNano };
  }

  it('shop S24: a crowd asks the provider once, and another process not at all', async () => {
    const [mine, other] = [await process(), await process()];
    const crowd = await Promise.all(Array.from({ length: 50 }, () => mine.read()));
    assert.deepEqual(new Set(crowd), new Set(['200000000']));
    assert.equal(seller.asked, 1);
    assert.equal(await other.read(), '200000000');
    assert.equal(seller.asked, 1);
    assert.deepEqual(other.cache.counted(), { 'local miss': 1, 'shared hit': 1 });
  });

  it('shop S26, shop S43: lie in Redis in a slot of their family, for its time and no longer', async () => {
    let nowMs = Date.now();
    const mine = await process({ now: () => nowMs });
    await mine.read();
    assert.match(key, /^holdfast:\{price\}:/);
    const leftMs = (await redis?.client.pttl(key)) ?? 0;
    assert.ok(leftMs > ttlMs.price - 60_000 && leftMs <= ttlMs.price, `${leftMs} ms`);
    seller.nanoPerStar = 5_000_000n;
    nowMs += ttlMs.price - 1_000;
    assert.equal(await mine.read(), '200000000');
    nowMs += 2_000;
    assert.equal(await mine.read(), '250000000');
  });

  it('what somebody has planted in Redis and is no price is asked for anew', async () => {
    for (const priceNano of ['-1', '0', '1e9', '<b>1</b>', '9'.repeat(40)]) {
      const value = { prices: [{ quantity: 50, priceNano }], askedAt: new Date().toISOString() };
      await redis?.client.set(key, `V:${JSON.stringify({ at: Date.now(), value })}`, 'PX', 600_000);
      assert.equal(await (await process()).read(), '200000000', priceNano);
    }
  });

  it('a provider that is slow is not waited for, and its answer serves the next one', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    seller.gate = promise;
    const mine = await process({ waitMs: 20 });
    assert.equal(await mine.read(), undefined);
    resolve();
    await eventually(async () => (await mine.read()) === '200000000');
    assert.equal(seller.asked, 1);
  });

  it('a provider that does not say is left alone for a while, and no error reaches who asked', async () => {
    seller.nanoPerStar = null;
    const mine = await process();
    for (let time = 0; time < 5; time += 1) assert.equal(await mine.read(), undefined);
    assert.equal(seller.asked, 1);
    assert.equal(await redis?.client.exists(key), 0);
  });

  it('shop S11, shop S26: the coins on offer are kept for 900 s as a family of their own, and asked for once', async () => {
    const [mine, other] = [await process(), await process()];
    for (const one of [mine, mine, other]) {
      assert.deepEqual((await one.guides.payerCoins('heleket'))?.coins, seller.coins);
    }
    assert.equal(seller.coinsAsked, 1);
    const kept = sharedKey(payerCoinsKind, 'heleket');
    assert.match(kept, /^holdfast:\{coin\}:/);
    const leftMs = (await redis?.client.pttl(kept)) ?? 0;
    assert.ok(leftMs > 840_000 && leftMs <= 900_000, `${leftMs} ms`);
  });

  it('coins of another form in Redis are asked for anew', async () => {
    const value = { coins: [{ ...seller.coins[0], minAmount: 'NaN' }], askedAt: new Date().toISOString() };
    const planted = `V:${JSON.stringify({ at: Date.now(), value })}`;
    await redis?.client.set(sharedKey(payerCoinsKind, 'heleket'), planted, 'PX', 600_000);
    assert.deepEqual((await (await process()).guides.payerCoins('heleket'))?.coins, seller.coins);
  });
});
