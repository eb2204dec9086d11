import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createStory, type Person } from '../support/story.ts';

describe('the coins on offer over HTTP', function () {
  this.timeout(60_000);
  let stack: Stack;
  let anna: Person;
  let callsAtStart: number;
  before(async () => {
    stack = await startStack({ replayAlways: false });
    anna = await createStory(stack).person();
    await stack.exchange.control('/options', { unavailable: ['BTC'], minAmount: '1000.00000000' });
    callsAtStart = await traffic();
  });
  after(() => stack.stop());

  const read = async () => (await stack.api.call('GET', '/payer-coins', { token: anna.token })).body.offers;
  const traffic = async () => (await stack.exchange.state()).traffic.calls;

  it('shop S11: are those that Heleket takes now, asked for once for a crowd', async () => {
    let crowd: Awaited<ReturnType<typeof read>>[] = [];
    await eventually(
      async () => {
        crowd = await Promise.all(Array.from({ length: 20 }, () => read()));
        return crowd.every(({ length }) => length > 0);
      },
      { withinMs: 30_000 },
    );
    for (const offers of crowd) assert.deepEqual(offers, crowd[0]);
    const [offer] = crowd[0];
    assert.equal(offer.provider, 'heleket');
    assert.deepEqual(
      offer.coins.map(({ currency, network }: Record<string, string>) => `${currency}/${network}`),
      ['USDT/tron', 'USDT/ton', 'TON/ton'],
    );
    assert.equal(offer.coins[0].minAmount, '1000.00000000');
    assert.equal((await traffic()) - callsAtStart, 1);
  });

  it('shop S11: decide nothing: a pack below the least sum that is kept is sold all the same', async () => {
    assert.equal((await read())[0].coins[0].minAmount, '1000.00000000');
    const body = { packId: 'ton-5', provider: 'heleket' };
    const placed = await stack.api.call('POST', '/topups', { token: anna.token, key: randomUUID(), body });
    assert.deepEqual([placed.status, placed.body.topup.status], [202, 'awaiting_payment']);
  });
});

describe('the coins on offer while Heleket does not say', function () {
  this.timeout(60_000);
  let stack: Stack;
  before(async () => {
    stack = await startStack({ replayAlways: false });
    await stack.exchange.control('/options', { moderated: false });
  });
  after(() => stack.stop());

  it('are missing, without an error', async () => {
    const { token } = await createStory(stack).person();
    const calls = async () => (await stack.exchange.state()).traffic.calls;
    const before = await calls();
    const { status, body } = await stack.api.call('GET', '/payer-coins', { token });
    assert.deepEqual([status, body], [200, { offers: [] }]);
    await eventually(async () => (await calls()) > before);
  });
});
