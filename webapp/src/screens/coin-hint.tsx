import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { coinsByName, coinsFor, coinText } from '../../../core/payer-coins.ts';
import type { CoinOffer, Money } from '../api/types.ts';
import { money } from '../formats.ts';
import { api } from '../state/shop.ts';
import { t } from '../texts.ts';

const offers = signal<readonly CoinOffer[]>([]);
/** More than a glance takes in are counted. */
const shownMax = 6;

/** The coins that a price can be paid in at this provider. A hint: nothing waits for it, and nothing hangs on it. */
export function CoinHint({ provider, price }: { readonly provider: string; readonly price: Money }) {
  useEffect(() => {
    void api()
      .payerCoins()
      .then((answer) => {
        if (answer.ok) offers.value = answer.value.offers;
      });
  }, []);
  const offer = offers.value.find((one) => one.provider === provider);
  if (offer === undefined || offer.coins.length === 0) return null;
  const { usable, least } = coinsFor(offer.coins, { minor: BigInt(price.amountMinor), asset: price.asset });
  const names = coinsByName(usable).map(coinText);
  const listed = names.slice(0, shownMax).join(', ');
  const rest = names.length - shownMax;
  return (
    <p class="section-note">
      {names.length > 0 && (rest > 0 ? t('coins-and-more', { coins: listed, rest }) : t('coins', { coins: listed }))}
      {least !== undefined && ' '}
      {least !== undefined &&
        t('coins-least', {
          coin: least.asset,
          // The number and its unit stay together.
          least: money({ amountMinor: String(least.minor), asset: least.asset }).replaceAll(' ', '\u00a0'),
        })}
    </p>
  );
}
