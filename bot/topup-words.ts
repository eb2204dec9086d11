import { money } from '../core/money.ts';
import { creditedOf, receivedOf, restOf } from '../core/pricing/grants.ts';
import type { Topup } from '../db/topups.ts';
import type { Words } from './words.ts';

/** What was ordered, for how much, and how much of that has come. */
export function topupAmounts(topup: Topup, words: Words) {
  const price = money(topup.priceMinor, topup.priceAsset);
  return {
    title: words.money(money(topup.grantsMinor, topup.grantsAsset)),
    price: words.money(price),
    received: words.money(receivedOf(topup) ?? price),
  };
}

/** How much has come while the rest is awaited, for the text `payment-part`; null where nothing is known to have. */
export function partCome(topup: Topup, words: Words) {
  if (topup.status !== 'awaiting_payment' || receivedOf(topup) === null) return null;
  return { ...topupAmounts(topup, words), rest: words.money(restOf(topup)) };
}

/** Why what was credited is not what was ordered; null where it is. */
export function differenceHtml(topup: Topup, words: Words): string | null {
  const credited = creditedOf(topup);
  if (credited === null || credited.minor === topup.grantsMinor) return null;
  const key = credited.minor > topup.grantsMinor ? 'payment-came-more' : 'payment-came-less';
  return words.html(key, topupAmounts(topup, words));
}
