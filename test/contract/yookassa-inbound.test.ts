import assert from 'node:assert/strict';
import { createAddressCheck, parseNotification, yookassaCidrs } from '../../providers/yookassa/inbound.ts';

describe('What comes in from YooKassa', () => {
  const isAllowed = createAddressCheck(yookassaCidrs);
  const inside = [
    '185.71.76.0',
    '185.71.76.31',
    '185.71.77.0',
    '185.71.77.31',
    '77.75.153.0',
    '77.75.153.127',
    '77.75.154.128',
    '77.75.154.255',
    '77.75.156.11',
    '77.75.156.35',
    '2a02:5180::',
    '2a02:5180:ffff::1',
    '2a02:5180:ffff:ffff:ffff:ffff:ffff:ffff',
    '::ffff:185.71.76.31',
    '::ffff:b947:4c1f',
  ];
  const outside = [
    '185.71.75.255',
    '185.71.76.32',
    '185.71.77.32',
    '77.75.152.255',
    '77.75.153.128',
    '77.75.154.127',
    '77.75.155.0',
    '77.75.156.10',
    '77.75.156.12',
    '77.75.156.34',
    '77.75.156.36',
    '2a02:517f:ffff:ffff:ffff:ffff:ffff:ffff',
    '2a02:5181::1',
    '::ffff:185.71.76.32',
    '127.0.0.1',
    '::1',
  ];

  for (const address of inside) it(`W12: lets ${address} in`, () => assert.equal(isAllowed(address), true));
  for (const address of outside) it(`W12: keeps ${address} out`, () => assert.equal(isAllowed(address), false));

  it('keeps out what is no address', () => {
    for (const address of ['', '185.71.76.1, 1.1.1.1', 'localhost', '185.71.76.1:443', undefined]) {
      assert.equal(isAllowed(address), false);
    }
  });

  it('takes a bare address for one host, and refuses a list with a mistake', () => {
    const onlyOne = createAddressCheck(['10.0.0.1', '::1']);
    assert.deepEqual([onlyOne('10.0.0.1'), onlyOne('10.0.0.2'), onlyOne('::1')], [true, false, true]);
    assert.throws(() => createAddressCheck(['185.71.76.0/33']));
    assert.throws(() => createAddressCheck(['yookassa.ru']));
  });

  const id = '2d8f3c5b-000f-5000-9000-1b2c3d4e5f60';

  it('W10: believes a notification its event and its object’s id, and nothing else', () => {
    const body = JSON.stringify({
      type: 'notification',
      event: 'payment.succeeded',
      object: { id, status: 'waiting_for_capture', amount: { value: '9999999.00', currency: 'RUB' } },
    });
    assert.deepEqual(parseNotification(body), {
      event: 'payment.succeeded',
      objectId: id,
      dedupeKey: `payment.succeeded:${id}`,
      streamKey: `yookassa/${id}`,
    });
  });

  it('tells two facts of one payment apart, and keeps them in one stream', () => {
    const of = (event: string) => parseNotification(JSON.stringify({ event, object: { id } }));
    assert.notEqual(of('payment.succeeded')?.dedupeKey, of('payment.canceled')?.dedupeKey);
    assert.equal(of('payment.succeeded')?.streamKey, of('payment.canceled')?.streamKey);
  });

  it('does not take for a notification what is none, and never throws', () => {
    const bodies: unknown[] = [
      null,
      [],
      'text',
      42,
      {},
      { event: 'payment.succeeded' },
      { event: 'payment.succeeded', object: null },
      { event: 'payment.succeeded', object: { id: 7 } },
      { event: 'payment.succeeded', object: { id: '../refunds' } },
      { event: 'payment.succeeded', object: { id: 'x'.repeat(65) } },
      { event: ['payment.succeeded'], object: { id } },
      { event: 'payment.succeeded:x', object: { id } },
      { __proto__: null, event: '__proto__', object: { id } },
    ];
    for (const body of bodies) assert.equal(parseNotification(JSON.stringify(body)), undefined);
    for (const text of ['', '{', '<html>', '{"event":"payment.succeeded","object":']) {
      assert.equal(parseNotification(text), undefined);
    }
  });
});
