import assert from 'node:assert/strict';
import { coinsByName, coinsFor, coinText } from '../../core/payer-coins.ts';
import { money } from '../../core/money.ts';

const coin = (currency: string, network: string, minAmount = '0.1') => ({ currency, network, minAmount });

describe('the coins that a payer reads of', () => {
  it('stand once each, with their networks, and bare where there is only their own', () => {
    const coins = [coin('USDT', 'tron'), coin('TON', 'ton'), coin('USDT', 'TON'), coin('ETH', 'arbitrum')];
    assert.deepEqual(coinsByName(coins).map(coinText), ['USDT (TRON, TON)', 'TON', 'ETH (ARBITRUM)']);
  });

  it('leave out what asks for more than the price, and say the least sum where every network does', () => {
    const [dear, fair, ton] = [coin('USDT', 'eth', '20'), coin('USDT', 'tron', '16'), coin('TON', 'ton', '900')];
    const price = money(16_000_000n, 'USDT');
    assert.deepEqual(coinsFor([dear, fair, ton], price), { usable: [fair, ton] });
    assert.deepEqual(coinsFor([dear, fair, ton], { ...price, minor: 15_999_999n }), {
      usable: [ton],
      least: money(16_000_000n, 'USDT'),
    });
  });

  it('say no least sum where a network of the coin has none', () => {
    const [dear, free] = [coin('USDT', 'tron', '20'), coin('USDT', 'ton', '0')];
    assert.deepEqual(coinsFor([dear, free], money(16_000_000n, 'USDT')), { usable: [free] });
  });

  it('are not held against a price in another currency, whose rate nobody knows here', () => {
    const coins = [coin('USDT', 'tron', '1000')];
    assert.deepEqual(coinsFor(coins, money(50_000n, 'RUB')), { usable: coins });
  });

  it('with a least sum that is finer than any of ours, or none, take every price', () => {
    const coins = [coin('USDT', 'tron', '0.00000000001'), coin('USDT', 'ton', 'x'), coin('BEANS', 'magic', '5')];
    assert.deepEqual(coinsFor(coins, money(1n, 'USDT')), { usable: coins });
  });
});
