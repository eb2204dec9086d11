import assert from 'node:assert/strict';
import type { StarPaymentRequest } from '../../providers/ports.ts';
import { eventually } from '../support/eventually.ts';
import { bobsStars, openStarShop, type StarShop } from '../support/fragment.ts';
import { doneValue, openPurse, type TestPurse } from '../support/ton.ts';

describe('Stars that are paid on the simulated chain', () => {
  let purse: TestPurse;
  let shop: StarShop;
  beforeEach(async () => {
    purse = await openPurse('v5r1');
    shop = await openStarShop({ tonApiUrl: `${purse.chain.url}/api` });
  });
  afterEach(async () => {
    await shop.stop();
    await purse.chain.stop();
  });

  const prepare = async () => doneValue(await shop.client.prepare(bobsStars));

  async function pay({ destination, amountNano, payload: boc }: StarPaymentRequest): Promise<void> {
    const message = await purse.prepare([{ destination, amountNano, payload: { boc }, bounce: false }]);
    doneValue(await purse.client.send(message.boc));
    await purse.chain.advance(4);
  }

  const paymentsOf = async ({ requestId }: StarPaymentRequest) =>
    (await shop.state()).orders.find(({ reqId }) => reqId === requestId)?.payments ?? [];

  it('are delivered for the reference in the very cells that Fragment gave', async () => {
    const request = await prepare();
    await pay(request);
    await eventually(async () => (await paymentsOf(request)).some(({ state }) => state === 'delivered'));
    const since = new Date(Date.now() - 60_000).toISOString();
    const lines = doneValue(await shop.client.listDeliveries({ kind: 'stars', since }));
    assert.deepEqual(
      lines.map(({ recipient, quantity }) => [recipient, quantity]),
      [['bob_the_cat', 50]],
    );
  });

  it('are delivered twice when the same reference is paid twice', async () => {
    const request = await prepare();
    await pay(request);
    await pay(request);
    await eventually(async () => (await paymentsOf(request)).length === 2);
  });

  it('are not delivered for a payment in part', async () => {
    const [short, whole] = [await prepare(), await prepare()];
    await pay({ ...short, amountNano: short.amountNano - 1n });
    await pay(whole);
    await eventually(async () => (await paymentsOf(whole)).length === 1);
    assert.deepEqual(await paymentsOf(short), []);
  });
});
