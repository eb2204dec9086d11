import assert from 'node:assert/strict';
import { Address, Cell } from '@ton/core';
import { shownPriceNano } from '../../providers/fragment/guide-price.ts';
import { commentText } from '../../providers/fragment/payment-body.ts';
import type { StarItem } from '../../providers/ports.ts';
import { doneValue } from '../support/ton.ts';
import { bobsStars, openStarShop, type StarShop } from '../support/fragment.ts';

const premium = (months: number): StarItem => ({ kind: 'premium', quantity: months, recipient: 'bob_the_cat' });

/** Not Fragment's. */
const strange = Address.parseRaw(`0:${'5a'.repeat(32)}`).toString();

describe('Our client of Fragment', () => {
  let shop: StarShop;
  beforeEach(async () => {
    shop = await openStarShop();
  });
  afterEach(() => shop.stop());

  it('quotes Stars with the name of who receives them and the true price in nanotons', async () => {
    const quoted = doneValue(await shop.client.quote({ ...bobsStars, recipient: 'bob_o_cat' }));
    assert.deepEqual(quoted, { recipientName: "Bob O'Cat", priceNano: 184_700_000n });
  });

  it('reads a price with commas, and one that came as a number', async () => {
    const many = { ...bobsStars, quantity: 1_000_000 };
    assert.equal(doneValue(await shop.client.quote(many)).priceNano, 3_694_000_000_000n);
    await shop.options({ amount: 'number' });
    assert.equal(doneValue(await shop.client.quote(bobsStars)).priceNano, 184_700_000n);
  });

  it('reads what Stars cost for nobody in particular, and opens no request for it', async () => {
    assert.equal(doneValue(await shop.client.guidePrice(50)), 184_700_000n);
    assert.equal(doneValue(await shop.client.guidePrice(1_000_000)), 3_694_000_000_000n);
    assert.deepEqual((await shop.state()).orders, []);
  });

  it('takes no guide price from a text that does not begin with an amount of TON', () => {
    for (const html of [undefined, 5, '', '&#036;0.75', 'from 0.5', '0<b>.5</b> USDT', '0.5 0.7 ~ 1', '1,23.4', '-1']) {
      assert.equal(shownPriceNano(html), undefined, String(html));
    }
    assert.equal(shownPriceNano('<i></i> 1,234<span class="mini-frac">.5678</span> ~ &#036;9'), 1_234_567_800_000n);
    assert.equal(shownPriceNano('0.3151 TON'), 315_100_000n);
  });

  for (const months of [3, 6, 12]) {
    it(`prepares the payment of ${months} months of Premium`, async () => {
      const prepared = doneValue(await shop.client.prepare({ ...premium(months), showSender: true }));
      const [order] = (await shop.state()).orders;
      assert.equal(order?.reqId, prepared.requestId);
      assert.equal(order?.showSender, true);
    });
  }

  for (const payload of ['padded', 'unpadded', 'url-safe', 'long'] as const) {
    it(`reads a payload that is ${payload}, and hands on the very cells in ordinary base64`, async () => {
      await shop.options({ payload });
      const prepared = doneValue(await shop.client.prepare(bobsStars));
      const [order] = (await shop.state()).orders;
      const cell = Cell.fromBase64(prepared.payload);
      assert.match(prepared.payload, /^[A-Za-z0-9+/]+={0,2}$/);
      assert.equal(cell.hash().toString('hex'), prepared.bodyHash);
      assert.equal(cell.refs.length > 0, payload === 'long');
      assert.equal(prepared.ref, `Ref#${order?.ref}`);
      assert.ok(commentText(cell)?.startsWith('50 Telegram Stars'));
    });
  }

  it('prepares a payment to Fragment, of the quoted amount, within its time', async () => {
    const prepared = doneValue(await shop.client.prepare(bobsStars));
    assert.equal(prepared.destination, (await shop.state()).address);
    assert.equal(prepared.amountNano, 184_700_000n);
    assert.ok(prepared.validUntil > Date.now() / 1_000 + 60);
  });

  it('names no wallet where the account is not verified', async () => {
    const client = shop.anotherClient({ mode: 'no-kyc' });
    assert.equal((await client.prepare(bobsStars)).outcome, 'done');
  });

  it('pays none but the addresses that were set up, in whatever spelling', async () => {
    const { address } = await shop.state();
    const fragments = shop.anotherClient({ payTo: [strange, Address.parseRaw(address).toString()] });
    assert.equal((await fragments.prepare(bobsStars)).outcome, 'done');
    const prepared = await shop.anotherClient({ payTo: [strange] }).prepare(bobsStars);
    assert.deepEqual([prepared.outcome, 'code' in prepared && prepared.code], ['refused', 'request_invalid']);
  });

  it('refuses a payment whose time is nearly over: nothing of it may be signed', async () => {
    await shop.options({ validForMs: 50_000 });
    const prepared = await shop.client.prepare(bobsStars);
    assert.deepEqual([prepared.outcome, 'code' in prepared && prepared.code], ['refused', 'request_invalid']);
  });

  const answers: readonly (readonly [recipient: string, kind: StarItem['kind'], code: string])[] = [
    ['nobody_here', 'stars', 'recipient_not_found'],
    ['some_channel', 'stars', 'recipient_not_user'],
    ['helpful_bot', 'stars', 'recipient_not_user'],
    ['closed_anna', 'stars', 'recipient_refused'],
    ['closed_anna', 'premium', 'recipient_refused'],
    ['premium_anna', 'premium', 'already_premium'],
  ];
  for (const error of ['text', 'escaped', 'object'] as const) {
    it(`knows every refusal of a recipient when errors are ${error}`, async () => {
      await shop.options({ error });
      for (const [recipient, kind, code] of answers) {
        const answer = await shop.client.quote({ kind, recipient, quantity: kind === 'stars' ? 50 : 3 });
        assert.deepEqual([recipient, 'code' in answer && answer.code], [recipient, code]);
      }
    });
  }

  it('says that a person must be verified when Fragment asks for it', async () => {
    await shop.options({ kycRequired: true });
    const prepared = await shop.client.prepare(bobsStars);
    assert.deepEqual([prepared.outcome, 'code' in prepared && prepared.code], ['refused', 'verification_required']);
  });

  it('is not sent while Fragment says "too many", or its guard stands in the way', async () => {
    await shop.faults({
      path: '/api',
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      times: 1,
    });
    assert.deepEqual(await shop.client.quote(bobsStars), {
      outcome: 'not_sent',
      reason: 'rate_limited',
      retryAfterMs: 7_000,
    });
    await shop.options({ guarded: true });
    const guarded = await shop.client.quote(bobsStars);
    assert.deepEqual([guarded.outcome, 'reason' in guarded && guarded.reason], ['not_sent', 'guarded']);
  });

  it('does not know what an answer means that it cannot read, nor words that nobody knows', async () => {
    const page = { kind: 'status', status: 200, body: '<html>maintenance</html>' } as const;
    await shop.faults({ path: '/api', fault: page, times: 1 });
    assert.equal((await shop.client.quote(bobsStars)).outcome, 'unknown');
    const words = { kind: 'status', status: 200, body: { error: 'The moon is in the wrong place' } } as const;
    await shop.faults({ path: '/api', fault: words, times: 1 });
    assert.deepEqual(await shop.client.quote(bobsStars), { outcome: 'unknown', reason: 'error_not_known' });
  });

  it('tells of a payment, and finds its delivery in the history', async () => {
    const { requestId, amountNano } = doneValue(await shop.client.prepare(bobsStars));
    await shop.pay(requestId);
    doneValue(await shop.client.confirm({ requestId, boc: Buffer.from('any bytes at all') }));
    const since = new Date(Date.now() - 60_000).toISOString();
    const [line] = doneValue(await shop.client.listDeliveries({ kind: 'stars', since }));
    assert.deepEqual([line?.recipient, line?.quantity], ['bob_the_cat', 50]);
    const apart = amountNano - (line?.amountNano ?? 0n);
    assert.ok(apart < 10_000_000n && apart > -10_000_000n);
    assert.equal((await shop.state()).orders[0]?.confirmCount, 1);
  });

  describe('when other purchases have pushed a delivery off the first page of the history', () => {
    const since = new Date(Date.now() - 60_000).toISOString();
    const buy = async (recipient: string) => {
      const { requestId } = doneValue(await shop.client.prepare({ ...bobsStars, recipient }));
      await shop.pay(requestId);
    };
    const listed = async () =>
      doneValue(await shop.client.listDeliveries({ kind: 'stars', since })).map(({ recipient }) => recipient);
    const others = ['alice', 'carol', 'david', 'erika', 'frank'];
    beforeEach(async () => {
      await shop.options({ historyRowsMax: 2 });
      for (const recipient of ['bob_the_cat', ...others]) await buy(recipient);
    });

    it('finds it on the pages behind', async () => {
      assert.deepEqual(await listed(), [...others.toReversed(), 'bob_the_cat']);
    });

    it('knows the first page all the same when those behind are refused, and does not doubt its session', async () => {
      const refusal = { kind: 'status', status: 200, body: { error: 'Unknown error' } } as const;
      await shop.faults({ path: '/api', fault: refusal, times: 2 });
      for (let look = 0; look < 2; look += 1) assert.deepEqual(await listed(), ['frank', 'erika']);
      assert.equal((await shop.vault.open())?.state, 'alive');
      const anew = await shop.anotherClient().listDeliveries({ kind: 'stars', since });
      assert.equal(doneValue(anew).length, 6);
    });
  });

  it('lists Premium apart from Stars, and only what is as young as asked for', async () => {
    const year = doneValue(await shop.client.prepare({ ...premium(12), showSender: false }));
    await shop.pay(year.requestId);
    const since = new Date(Date.now() - 60_000).toISOString();
    const lines = doneValue(await shop.client.listDeliveries({ kind: 'premium', since }));
    assert.deepEqual(
      lines.map(({ kind, quantity }) => [kind, quantity]),
      [['premium', 12]],
    );
    assert.deepEqual(doneValue(await shop.client.listDeliveries({ kind: 'stars', since })), []);
    const later = new Date(Date.now() + 60_000).toISOString();
    assert.deepEqual(doneValue(await shop.client.listDeliveries({ kind: 'premium', since: later })), []);
  });
});
