import type { BoughtStars } from '../db/bought-stars.ts';

/** The title of a purchase for who reads the API itself; a page makes its own, in its reader's language. */
export function starTitle({ kind, quantity, recipient }: BoughtStars): string {
  return `${kind === 'stars' ? `${quantity} Stars` : `Premium, ${quantity} months`} for @${recipient}`;
}
