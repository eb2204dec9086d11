import type { StarPurchase } from './api/types.ts';
import { money } from './formats.ts';
import { t } from './texts.ts';

/** What is bought, such as `100 Stars`. */
export function itemWords({ kind, quantity }: Pick<StarPurchase, 'kind' | 'quantity'>): string {
  if (kind === 'stars') return money({ amountMinor: String(quantity), asset: 'XTR' });
  return t('stars-premium-item', { months: quantity });
}

/** What is bought and for whom. */
export function purchaseWords(purchase: Pick<StarPurchase, 'kind' | 'quantity' | 'recipient'>): string {
  return t('stars-item-for', { item: itemWords(purchase), recipient: purchase.recipient });
}

/** What a status is called in a word or two. */
export function starStateWords(status: StarPurchase['status']): string {
  return t(`stars-state-${status}`);
}
