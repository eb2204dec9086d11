import assert from 'node:assert/strict';
import { type Cell, beginCell, comment } from '@ton/core';
import fc from 'fast-check';
import { toNano } from '../../providers/fragment/amounts.ts';
import { afterAnswer, readCookies } from '../../providers/fragment/cookies.ts';
import { readHistory } from '../../providers/fragment/history.ts';
import { decodeEntities } from '../../providers/fragment/html.ts';
import { commentText, readPaymentBody, speaksOf } from '../../providers/fragment/payment-body.ts';

describe('An amount of Fragment', () => {
  it('is read to the nanoton, with or without commas', () => {
    const written = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.boolean(), fc.nat(4));
    fc.assert(
      fc.property(written, ([nano, hasCommas, zeros]) => {
        const digits = nano.toString().padStart(10, '0');
        const whole = digits.slice(0, -9);
        const shown = hasCommas ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
        const fraction = digits.slice(-9).replace(/0+$/, '') + '0'.repeat(zeros);
        assert.equal(toNano(fraction === '' ? shown : `${shown}.${fraction}`), nano);
      }),
    );
  });

  it('may be a number, as long as no digit can have got lost', () => {
    assert.equal(toNano(0.3151), 315_100_000n);
    assert.equal(toNano(0.000000001), 1n);
    assert.equal(toNano(1.5e-7), 150n);
    assert.equal(toNano(12), 12_000_000_000n);
    assert.equal(toNano(1234567.123456789), undefined);
  });

  it('is none where it is not written as one', () => {
    for (const text of ['', '1,23', '1.2.3', '-1', '0.0000000001', '1e3', ' TON', null, {}, Number.NaN]) {
      assert.equal(toNano(text), undefined, JSON.stringify(text));
    }
  });
});

describe('The body of a payment', () => {
  const base64 = (cell: Cell) => cell.toBoc().toString('base64');

  it('is read whole over however many cells its text spills', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
        fc.pre(text.isWellFormed());
        const cell = comment(text);
        assert.equal(commentText(cell), text);
      }),
    );
  });

  it('gives its reference in every spelling of base64', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{4,20}$/), fc.nat(400), (ref, filler) => {
        const bytes = comment(`50 Telegram Stars \n\n${'x'.repeat(filler)}\nRef#${ref}`).toBoc();
        const padded = bytes.toString('base64');
        for (const payload of [padded, padded.replace(/=+$/, ''), bytes.toString('base64url')]) {
          const body = readPaymentBody(payload);
          assert.deepEqual([body?.ref, body?.payload], [`Ref#${ref}`, padded]);
        }
      }),
    );
  });

  it('is none without a reference, with another operation, or with bits that are no text', () => {
    assert.equal(readPaymentBody(base64(comment('50 Telegram Stars'))), undefined);
    assert.equal(readPaymentBody(base64(comment('50 Telegram Stars Ref#'))), undefined);
    assert.equal(
      readPaymentBody(base64(beginCell().storeUint(0xf8a7ea5, 32).storeStringTail('Ref#abc').endCell())),
      undefined,
    );
    assert.equal(readPaymentBody(base64(beginCell().storeUint(0, 32).storeUint(1, 3).endCell())), undefined);
    assert.equal(readPaymentBody(base64(beginCell().storeUint(0, 32).storeUint(0xff, 8).endCell())), undefined);
    assert.equal(readPaymentBody('not base64 at all'), undefined);
  });

  it('must speak of what was asked for', () => {
    const stars = (quantity: number) => ({ kind: 'stars', quantity }) as const;
    const premium = (quantity: number) => ({ kind: 'premium', quantity }) as const;
    assert.ok(speaksOf('50 Telegram Stars \n\nRef#a', stars(50)));
    assert.ok(speaksOf('1,000 Telegram Stars', stars(1_000)));
    assert.ok(speaksOf('Telegram Premium for 3 months', premium(3)));
    assert.ok(speaksOf('Telegram Premium for 1 year', premium(12)));
    for (const [text, item] of [
      ['150 Telegram Stars', stars(50)],
      ['1,050 Telegram Stars', stars(50)],
      ['500 Telegram Stars', stars(50)],
      ['Ref#50', stars(50)],
      ['Telegram Premium for 12 months', premium(2)],
      ['Telegram Premium for 1 year', premium(3)],
      ['3 Telegram Stars', premium(3)],
    ] as const) {
      assert.ok(!speaksOf(text, item), text);
    }
  });
});

describe('The history of Fragment', () => {
  const row = (cells: string) => `<table><tr><th>To</th></tr><tr>${cells}</tr></table>`;
  const time = '<td><time datetime="2026-08-20T10:11:12+00:00">Aug 20</time></td>';

  it('is read out of rows, whatever stands around their texts', () => {
    const html = row(`<td><a href='https://t.me/bob'><span>@</span>bob_cat</a><td><b>1,000</b> Stars</td>
      <td class="ton">3<span class="mini-frac">.69</span></td>${time}`);
    assert.deepEqual(readHistory(html, 'stars'), [
      {
        kind: 'stars',
        recipient: 'bob_cat',
        quantity: 1_000,
        amountNano: 3_690_000_000n,
        at: '2026-08-20T10:11:12.000Z',
      },
    ]);
  });

  it('has Stars as a plain number before their price', () => {
    const html = row(`<td><a class="tm-inline-nowrap">@bob_cat</a></td><td>1,000</td><td>3</td>${time}`);
    const [line] = readHistory(html, 'stars') ?? [];
    assert.deepEqual([line?.quantity, line?.amountNano], [1_000, 3_000_000_000n]);
  });

  it('is empty without rows, and is not understood when none of its rows is', () => {
    assert.deepEqual(readHistory('<p>No purchases yet</p>', 'stars'), []);
    assert.equal(readHistory(row(`<td>somebody</td><td>something</td>${time}`), 'stars'), undefined);
  });

  it('is read to its end, whatever text it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<tr>', '<td>', '<', '>', '</td', '<!--', '-->', '<script>', 'x', '"')),
        (parts) => {
          assert.doesNotThrow(() => readHistory(parts.join(''), 'stars'));
        },
      ),
    );
  });

  it('is decoded entity by entity', () => {
    assert.equal(
      decodeEntities('can&#39;t &amp;lt; &#x1F600; &#0; &#xD800; &nosuch;'),
      "can't &lt; 😀 &#0; &#xD800; &nosuch;",
    );
  });
});

describe('Cookies of Fragment', () => {
  it('are taken in the forms that people bring them in', () => {
    const cookies = { stel_ssid: 'a1', stel_token: 'b2' };
    for (const text of [
      'Cookie: stel_ssid=a1; other=x; stel_token=b2',
      JSON.stringify({ ...cookies, other: 'x' }),
      JSON.stringify(Object.entries(cookies).map(([name, value]) => ({ name, value, domain: '.fragment.com' }))),
    ]) {
      assert.deepEqual(readCookies(text), cookies);
    }
  });

  it('are none without a session or a log-in, and hold no line break', () => {
    assert.equal(readCookies('stel_ssid=a1'), undefined);
    assert.equal(readCookies(JSON.stringify({ stel_ssid: 'a', stel_token: 'b\r\nX: y' })), undefined);
    assert.equal(readCookies(''), undefined);
  });

  it('follow an answer: new ones come, empty ones go, dates have commas', () => {
    const header =
      'stel_ssid=new; expires=Wed, 21 Oct 2026 07:28:00 GMT; path=/, stel_ton_token=; Max-Age=0, other=1, stel_dt=-180';
    assert.deepEqual(afterAnswer({ stel_ssid: 'old', stel_ton_token: 'x', stel_token: 'y' }, header), {
      stel_ssid: 'new',
      stel_token: 'y',
      stel_dt: '-180',
    });
  });
});
