import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { startStarStack, type StarStack } from '../support/star-stack.ts';
import type { Person } from '../support/story.ts';

describe('guide prices of Stars over HTTP', function () {
  this.timeout(120_000);
  let stars: StarStack;
  let anna: Person;
  before(async () => {
    stars = await startStarStack({ replayAlways: false, shop: { starPriceNano: 4_000_000 } });
    anna = await stars.buyer();
    // The keeper of the session has begun.
    await stars.quote(anna);
  });
  after(() => stars.stop());

  const read = async () => (await stars.stack.api.call('GET', '/star-prices', { token: anna.token })).body.guide;
  const aboutFifty = async (): Promise<string> => (await read()).prices[0].price.amountMinor;

  async function asked(): Promise<number> {
    const text = await (await fetch(stars.stack.api.metricsUrl)).text();
    const line = text.split('\n').find((one) => /^holdfast_cache_hits_total\{.*family="price".*"source"/.test(one));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  it('shop S27: are those of the shelf, priced as a quote is, and the provider is asked once for a crowd', async () => {
    await eventually(async () => (await read()) !== null, { withinMs: 30_000 });
    const crowd = await Promise.all(Array.from({ length: 20 }, () => read()));
    for (const guide of crowd) assert.deepEqual(guide, crowd[0]);
    const { prices, asOf } = crowd[0];
    assert.deepEqual(
      prices.map(({ quantity }: { quantity: number }) => quantity),
      [50, 100, 250, 500, 1_000],
    );
    assert.equal(BigInt(prices[1].price.amountMinor), (await stars.quote(anna, { quantity: 100 })).priceNano);
    assert.ok(Math.abs(Date.parse(asOf) - Date.now()) < 60_000);
    assert.equal(await asked(), 1);
  });

  it('shop S27: a kept price that has become wrong changes nothing of what is quoted, held and charged', async () => {
    const kept = await aboutFifty();
    await stars.shop.options({ starPriceNano: 6_000_000 });
    const before = await stars.balance(anna);
    const { id, priceNano } = await stars.buy(anna);
    await stars.until(id, 'delivered');
    assert.equal(await aboutFifty(), kept);
    assert.ok(priceNano > BigInt(kept), `${priceNano} is not the price of now`);
    assert.equal((await stars.get(id)).priceMinor, priceNano);
    assert.equal(before.available - (await stars.balance(anna)).available, priceNano);
  });
});

describe('guide prices of Stars while Fragment is away', function () {
  this.timeout(60_000);
  let stars: StarStack;
  before(async () => {
    stars = await startStarStack({ replayAlways: false });
    // The session stands, so that only the guard is in the way.
    await stars.quote(await stars.buyer());
    await stars.shop.options({ guarded: true });
  });
  after(() => stars.stop());

  it('are missing, without an error', async () => {
    const { token } = await stars.buyer();
    const calls = async () => (await stars.shop.state()).traffic.calls;
    const before = await calls();
    const { status, body } = await stars.stack.api.call('GET', '/star-prices', { token });
    assert.deepEqual([status, body], [200, { guide: null }]);
    await eventually(async () => (await calls()) > before);
  });
});
