import assert from 'node:assert/strict';
import { createFormats } from '../../core/formats.ts';
import { money } from '../../core/money.ts';

/** Intl writes spaces that do not break; here they only get in the way of reading. */
const plain = (text: string): string => text.replaceAll(/[\u00A0\u202F]/g, ' ');

describe('amounts and times as people read them', () => {
  const ru = createFormats('ru');
  const en = createFormats('en');

  it('have kopecks only where there are any, grouped by the language, also where a float would lose them', () => {
    assert.equal(plain(ru.money(money(135_000n, 'RUB'))), '1 350 ₽');
    assert.equal(plain(ru.money(money(135_005n, 'RUB'))), '1 350,05 ₽');
    assert.equal(en.money(money(999_999_999n, 'RUB')), '₽9,999,999.99');
    assert.equal(plain(ru.money(money(900_719_925_474_099_301n, 'RUB'))), '9 007 199 254 740 993,01 ₽');
  });

  it('never stand apart from the code of their coin', () => {
    assert.equal(ru.money(money(1_680_000_000n, 'TON')), '1,68\u00A0TON');
    assert.equal(en.money(money(5_000_000n, 'USDT')), '5\u00A0USDT');
  });

  it('write coins alike, without noughts at the end', () => {
    const written = [5_000_000_000n, 7_500_000_000n, 407_900_000n].map((nano) => plain(ru.money(money(nano, 'TON'))));
    assert.deepEqual(written, ['5 TON', '7,5 TON', '0,4079 TON']);
    assert.equal(plain(en.money(money(1_250_000n, 'USDT'))), '1.25 USDT');
    assert.equal(plain(en.money(money(1_500_000n, 'USDT'))), '1.5 USDT');
  });

  it('count credits and Stars in words', () => {
    const counts = [1n, 2n, 5n, 11n, 21n, 104n];
    assert.deepEqual(
      counts.map((count) => ru.money(money(count, 'CREDIT'))),
      ['1 кредит', '2 кредита', '5 кредитов', '11 кредитов', '21 кредит', '104 кредита'],
    );
    assert.equal(en.money(money(1n, 'CREDIT')), '1 credit');
    assert.equal(en.money(money(300n, 'XTR')), '300 Stars');
    assert.equal(ru.money(money(2n, 'XTR')), '2 звезды');
  });

  it('say which way money went', () => {
    assert.equal(en.signedMoney(money(-4n, 'CREDIT')), '−4 credits');
    assert.equal(en.signedMoney(money(100n, 'CREDIT')), '+100 credits');
  });

  it('number a place in a row as the language does', () => {
    const places = [1, 2, 3, 4, 11, 12, 22, 103];
    assert.deepEqual(places.map(en.place), ['1st', '2nd', '3rd', '4th', '11th', '12th', '22nd', '103rd']);
    assert.deepEqual([1, 22].map(ru.place), ['1-й', '22-й']);
  });

  it('name the zone that a time is told in', () => {
    assert.match(ru.time('2026-11-21T21:30:00Z'), /^22 ноября.*00:30 МСК$/);
    assert.match(en.time('2026-11-21T21:30:00Z'), /^21 November.*21:30 UTC$/);
  });
});
