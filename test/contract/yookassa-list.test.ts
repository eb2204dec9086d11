import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ListRange, Payment } from '../../providers/ports.ts';
import { type Shop, openShop, order } from '../support/yookassa.ts';

describe('Looking payments up at YooKassa', () => {
  let yookassa: Shop;
  const from = new Date(Date.now() - 60_000).toISOString();

  before(async () => {
    yookassa = await openShop();
    for (let made = 0; made < 203; made += 1) {
      const body = yookassa.client.createBody({ ...order, topupId: `topup-${made}` });
      await yookassa.client.create(randomUUID(), body);
    }
  });
  after(() => yookassa.stop());

  async function listAll(range: ListRange): Promise<{ payments: Payment[]; pageSizes: number[] }> {
    const payments: Payment[] = [];
    const pageSizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await yookassa.client.list({ ...range, ...(cursor === undefined ? {} : { cursor }) });
      assert.equal(page.outcome, 'done');
      payments.push(...page.value.payments);
      pageSizes.push(page.value.payments.length);
      cursor = page.value.nextCursor;
    } while (cursor !== undefined);
    return { payments, pageSizes };
  }

  it('W18: finds every one by our top-up, newest first, a page at a time', async () => {
    const { payments, pageSizes } = await listAll({ createdFrom: from });
    assert.deepEqual(pageSizes, [100, 100, 3]);
    assert.deepEqual(
      payments.map(({ topupId }) => topupId),
      [...Array(203).keys()].map((index) => `topup-${202 - index}`),
    );
  });

  it('takes the start of a range in and leaves its end out', async () => {
    const { payments } = await listAll({ createdFrom: from });
    const [newest, oldest] = [payments.at(0)?.createdAt ?? '', payments.at(-1)?.createdAt ?? ''];
    const within = await listAll({ createdFrom: oldest, createdTo: newest });
    assert.ok(within.payments.some(({ createdAt }) => createdAt === oldest));
    assert.ok(within.payments.every(({ createdAt }) => createdAt < newest));
  });

  it('finds by status', async () => {
    const { payments } = await listAll({ createdFrom: from });
    const paymentId = payments.at(7)?.paymentId ?? '';
    await yookassa.control(`/payments/${paymentId}/succeed`);
    const paid = await listAll({ createdFrom: from, status: 'succeeded' });
    assert.deepEqual(
      paid.payments.map((payment) => payment.paymentId),
      [paymentId],
    );
  });

  it('leaves out what it cannot read, and shows the others of the page', async () => {
    const { body } = await yookassa.call('GET', '/payments?limit=2');
    const [odd, plain] = body.items ?? [];
    const items = [{ ...odd, amount: { value: '1.00', currency: 'KZT' } }, { ...odd, status: 'new' }, null, plain];
    await yookassa.faults({
      path: '/v3/payments',
      fault: { kind: 'status', status: 200, body: { type: 'list', items } },
    });
    const page = await yookassa.client.list({ createdFrom: from });
    assert.deepEqual(page.outcome === 'done' && page.value.payments.map(({ paymentId }) => paymentId), [plain?.id]);
  });

  it('is unknown when the answer is no list', async () => {
    await yookassa.faults({ path: '/v3/payments', fault: { kind: 'status', status: 200, body: { type: 'list' } } });
    const page = await yookassa.client.list({ createdFrom: from });
    assert.deepEqual(page, { outcome: 'unknown', reason: 'answer_not_understood' });
  });
});
