import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type ApiBody, type CallOptions, type Shop, openShop, shop } from '../support/yookassa.ts';
import { basicAuthorization } from '../../providers/yookassa/client.ts';

const payment = {
  amount: { value: '1000.00', currency: 'RUB' },
  capture: true,
  confirmation: { type: 'redirect', return_url: 'https://shop.example/back' },
};

describe('The simulator of YooKassa answers as the documents say', () => {
  let yookassa: Shop;
  before(async () => {
    yookassa = await openShop();
  });
  after(() => yookassa.stop());

  const post = (body: unknown, options: CallOptions = {}) =>
    yookassa.call('POST', '/payments', { key: randomUUID(), body, ...options });
  const paid = async (body: object) => {
    const { body: made } = await post({ ...payment, ...body });
    await yookassa.control(`/payments/${made.id}/succeed`);
    return (await yookassa.call('GET', `/payments/${made.id}`)).body;
  };

  it('answers 200 to a create call, with the required fields of a payment', async () => {
    const { status, body, headers } = await post(payment);
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'application/json;charset=UTF-8');
    assert.equal(body.id?.length, 36);
    assert.match(body.created_at ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { status: state, amount, paid: isPaid, test, refundable, recipient, metadata } = body;
    assert.deepEqual(
      { state, amount, isPaid, test, refundable, recipient, metadata },
      {
        state: 'pending',
        amount: payment.amount,
        isPaid: false,
        test: true,
        refundable: false,
        recipient: { account_id: shop.shopId, gateway_id: '1000001' },
        metadata: {},
      },
    );
    assert.deepEqual(body.confirmation, {
      ...payment.confirmation,
      confirmation_url: `${yookassa.url}/checkout/payments/v2/contract?orderId=${body.id}`,
    });
  });

  for (const [gross, net] of [
    ['1000.00', '965.84'],
    ['990.00', '956.18'],
    ['500.00', '482.92'],
    ['1.00', '0.96'],
  ] as const) {
    it(`keeps its commission and the VAT on it: of ${gross} the shop receives ${net}`, async () => {
      const body = await paid({ amount: { value: gross, currency: 'RUB' } });
      assert.deepEqual(body.income_amount, { value: net, currency: 'RUB' });
    });
  }

  it('shows a paid payment with its method and without the way to pay', async () => {
    const body = await paid({});
    const { status, paid: isPaid, refundable, confirmation, payment_method } = body;
    assert.deepEqual([status, isPaid, refundable, confirmation], ['succeeded', true, true, undefined]);
    assert.equal(payment_method?.id, body.id);
    assert.ok(body.captured_at);
  });

  const refusals: [string, number, Partial<ApiBody>, () => ReturnType<Shop['call']>][] = [
    ['no amount', 400, { code: 'invalid_request', parameter: 'amount' }, () => post({ capture: true })],
    [
      'another currency',
      400,
      { code: 'invalid_request', description: 'Currency code is illegal', parameter: 'amount.currency' },
      () => post({ ...payment, amount: { value: '10.00', currency: 'USD' } }),
    ],
    [
      'an amount that is a number',
      400,
      { code: 'invalid_request', parameter: 'amount.value' },
      () => post({ ...payment, amount: { value: 1000, currency: 'RUB' } }),
    ],
    [
      'an amount of nothing',
      400,
      { code: 'invalid_request', parameter: 'amount.value' },
      () => post({ ...payment, amount: { value: '0.00', currency: 'RUB' } }),
    ],
    [
      'a redirect without a way back',
      400,
      { description: 'Return url is missing', parameter: 'confirmation.return_url' },
      () => post({ ...payment, confirmation: { type: 'redirect' } }),
    ],
    [
      '17 keys of metadata',
      400,
      { description: 'Metadata object is limited to 16 keys', parameter: 'metadata' },
      () => post({ ...payment, metadata: Object.fromEntries([...Array(17).keys()].map((n) => [`k${n}`, 'v'])) }),
    ],
    [
      'a description of 129 characters',
      400,
      { code: 'invalid_request', parameter: 'description' },
      () => post({ ...payment, description: 'x'.repeat(129) }),
    ],
    ['a body that is no JSON', 400, { description: 'Failed to parse request body' }, () => post('{"amount":')],
    [
      'two ways to pay at once',
      400,
      { description: 'Request should contain only one of: payment_method_data, payment_method_id, payment_token' },
      () => post({ ...payment, payment_method_data: { type: 'bank_card' }, payment_token: 'x' }),
    ],
    [
      'no Authorization header',
      401,
      { code: 'invalid_credentials', description: 'Authorization header not found' },
      () => post(payment, { headers: { authorization: undefined } }),
    ],
    [
      'another secret',
      401,
      { code: 'invalid_credentials', description: 'Basic authentication failed' },
      () => post(payment, { headers: { authorization: basicAuthorization(shop.shopId, 'test_other') } }),
    ],
    [
      'no password',
      401,
      { code: 'invalid_credentials', description: 'Password is missing' },
      () => post(payment, { headers: { authorization: basicAuthorization(shop.shopId, '') } }),
    ],
    ['an unknown payment', 404, { code: 'not_found' }, () => yookassa.call('GET', `/payments/${randomUUID()}`)],
    ['an unknown path', 404, { code: 'not_found' }, () => yookassa.call('GET', '/nothing')],
    ['another method', 405, { type: 'error' }, () => yookassa.call('DELETE', '/payments')],
    [
      'another content type',
      415,
      { type: 'error' },
      () => post('amount=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ],
  ];
  for (const [what, status, expected, send] of refusals) {
    it(`answers ${status} to ${what}`, async () => {
      const answer = await send();
      assert.equal(answer.status, status);
      assert.equal(answer.body.type, 'error');
      assert.equal(answer.body.id?.length, 36);
      for (const [field, value] of Object.entries(expected)) assert.equal(answer.body[field as keyof ApiBody], value);
    });
  }

  it('answers 429 above its rate, with the time to wait', async () => {
    await yookassa.control('/options', { requestsPerSecondMax: 1 });
    const answers = await Promise.all([...Array(5)].map(() => yookassa.call('GET', '/me')));
    await yookassa.control('/options', { requestsPerSecondMax: 0 });
    const limited = answers.find(({ status }) => status === 429);
    assert.equal(limited?.body.code, 'too_many_requests');
    assert.equal(limited?.body.retry_after, 1_800);
  });

  it('lists newest first by cursor, and what is created meanwhile shifts nothing', async () => {
    await yookassa.control('/reset');
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) ids.unshift((await post(payment)).body.id ?? '');
    const first = await yookassa.call('GET', '/payments?limit=2');
    await post(payment);
    const second = await yookassa.call('GET', `/payments?limit=2&cursor=${first.body.next_cursor}`);
    const third = await yookassa.call('GET', `/payments?limit=2&cursor=${second.body.next_cursor}`);
    const listed = [first, second, third].flatMap(({ body }) => body.items?.map(({ id }) => id));
    assert.deepEqual(listed, ids);
    assert.equal(third.body.next_cursor, undefined);
  });

  it('lists by status and by time of creation', async () => {
    await yookassa.control('/reset');
    const early = (await post(payment)).body;
    await yookassa.control('/clock', { advanceMs: 60_000 });
    const late = (await post(payment)).body;
    await yookassa.control(`/payments/${early.id}/succeed`);
    const ids = async (query: string) =>
      (await yookassa.call('GET', `/payments?${query}`)).body.items?.map(({ id }) => id);
    assert.deepEqual(await ids('status=succeeded'), [early.id]);
    assert.deepEqual(await ids(`created_at.gte=${late.created_at}`), [late.id]);
    assert.deepEqual(await ids(`created_at.gt=${late.created_at}`), []);
    assert.deepEqual(await ids(`created_at.lt=${late.created_at}`), [early.id]);
  });

  it('answers 400 to a list with a limit above 100 or a cursor that is none', async () => {
    for (const query of ['limit=101', 'limit=0', 'limit=x', 'cursor=x', 'created_at.gte=yesterday']) {
      assert.equal((await yookassa.call('GET', `/payments?${query}`)).status, 400, query);
    }
  });
});
