import assert from 'node:assert/strict';
import { readWebhook } from '../../providers/heleket/inbound.ts';
import { phpJson, sign } from '../../providers/heleket/signature.ts';

const key = 'TEST-payment-key-0001';
const body =
  '{"amount":"15.00","currency":"USD","order_id":"order-42","url_callback":"https://shop.example/h' +
  'ook/heleket","additional_data":"Заказ №42","lifetime":3600}';
const escaped = body.replaceAll('/', '\\/');
const ascii = escaped.replace(/[^\x20-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('the signature of a request to Heleket', () => {
  const vectors = [
    ['an empty body', '', 'bf02118f8d8feb81d7625a3f322802f0'],
    ['an empty object', '{}', 'c1364b840e3c594993e4a81032ad0cfd'],
    ['a body', body, '12f338dd8cb4f0b0baa9a1390f941d22'],
    ['the same with every / as \\/', escaped, 'efc9ea42d8b41471d87ecdf76c7c5c06'],
    ['the same in ASCII', ascii, '20ec33e4631af5c9732aa5eb0a5d13be'],
  ] as const;
  for (const [what, text, expected] of vectors) {
    it(`of ${what} is the documented one`, () => assert.equal(sign(text, key), expected));
  }
});

describe('a webhook of Heleket', () => {
  const unsigned =
    '{"type":"payment","uuid":"62f88b36-a9d5-4fa6-aa26-e040c3dbf26d","order_id":"order-42","amount":' +
    '"15.00000000","payment_amount":"15.00000000","payment_amount_usd":"15.00","merchant_amount":"14' +
    '.70000000","commission":"0.30000000","is_final":true,"status":"paid","from":"TXyzFROM","wallet_' +
    'address_uuid":null,"network":"tron","currency":"USD","payer_currency":"USDT","additional_data":' +
    '"a\\/b \\"Ж\\" https:\\/\\/x.y\\/z","txid":"6f0d9c8374db57cac0d806251473de754f361c83a03cd805f74' +
    'aa9da3193486b"}';
  const good = 'ebe6ffc0e775122dc07523728f0b5a8d';
  const naive = '6046579ff037eae18d7efae1a8845f7e';
  const signed = (made: unknown) => `${unsigned.slice(0, -1)},"sign":${JSON.stringify(made)}}`;
  const kindOf = (text: string, keys: readonly string[] = [key]) => readWebhook(text, keys).kind;

  it('is known by its signature, and gives two ids', () => {
    const uuid = '62f88b36-a9d5-4fa6-aa26-e040c3dbf26d';
    assert.deepEqual(readWebhook(signed(good), [key]), {
      kind: 'payment',
      notification: { uuid, status: 'paid', dedupeKey: `${uuid}:paid`, streamKey: `heleket/${uuid}` },
    });
  });

  it('is known when a proxy has written its slashes and letters otherwise', () => {
    assert.equal(kindOf(JSON.stringify(JSON.parse(signed(good)))), 'payment');
  });

  it('is known when the signature was made over bytes that PHP would not write', () => {
    const spaced = unsigned.replaceAll(':"', ': "');
    assert.equal(kindOf(`${spaced.slice(0, -1)},"sign":"${sign(spaced, key)}"}`), 'payment');
  });

  it('with the naive signature is refused', () => assert.equal(kindOf(signed(naive)), 'forged'));

  it('W13: altered by one byte is refused', () => {
    assert.equal(kindOf(signed(good).replace('"amount":"15.', '"amount":"16.')), 'forged');
  });

  it('W13: with its keys in another order is refused', () => {
    const { type, ...rest } = JSON.parse(unsigned) as Record<string, unknown>;
    assert.equal(kindOf(phpJson({ ...rest, type, sign: good })), 'forged');
  });

  for (const [what, made] of [
    ['missing', undefined],
    ['empty', ''],
    ['short', good.slice(1)],
    ['long', `${good}0`],
    ['an array', [good]],
    ['a number', 7],
    ['null', null],
  ] as const) {
    it(`W13: whose signature is ${what} is refused`, () => {
      const text = made === undefined ? unsigned : signed(made);
      assert.equal(kindOf(text), 'forged');
    });
  }

  for (const text of ['', 'null', '[]', '"x"', '7', '{"sign":', '{"__proto__":{},"sign":"0"}']) {
    it(`W13: that is ${JSON.stringify(text)} is refused`, () => assert.equal(kindOf(text), 'forged'));
  }

  it('W14: is taken under the old and the new key while both are in force, and then under the new one only', () => {
    const old = signed(good);
    const fresh = signed(sign(unsigned, 'TEST-payment-key-0002'));
    const both = ['TEST-payment-key-0002', key];
    assert.deepEqual([kindOf(old, both), kindOf(fresh, both)], ['payment', 'payment']);
    const after = ['TEST-payment-key-0002'];
    assert.deepEqual([kindOf(old, after), kindOf(fresh, after)], ['forged', 'payment']);
  });

  it('without a key of ours is refused', () => assert.equal(kindOf(signed(good), []), 'forged'));

  it('of a wallet is signed and speaks of no payment', () => {
    const wallet = unsigned.replace('"type":"payment"', '"type":"wallet"');
    assert.equal(kindOf(`${wallet.slice(0, -1)},"sign":"${sign(wallet, key)}"}`), 'ignored');
  });
});
