import { type Outcome, done, unknown } from '../../core/result.ts';
import { toNano } from './amounts.ts';
import type { FragmentCalls } from './calls.ts';
import type { Door } from './doors.ts';
import { decodeEntities } from './html.ts';

/**
 * What the page says that so many Stars cost, for nobody in particular: `updateStarsPrices` opens no request. `stars`
 * is the option that is chosen on the page, `0` for an amount that is typed.
 */
export async function readGuidePrice(calls: FragmentCalls, door: Door, quantity: number): Promise<Outcome<bigint>> {
  const asked = await calls.api({
    ...door,
    method: 'updateStarsPrices',
    fields: { stars: '0', quantity: String(quantity) },
  });
  if (asked.outcome !== 'done') return asked;
  const priceNano = shownPriceNano(asked.value.body['cur_price']);
  return priceNano === undefined || priceNano === 0n ? unknown('unreadable_price') : done(priceNano);
}

/** The TON of `1,234<span class="mini-frac">.5678</span> ~ &#036;9`; undefined where it begins with anything else. */
export function shownPriceNano(html: unknown): bigint | undefined {
  if (typeof html !== 'string') return undefined;
  const text = decodeEntities(html.replace(/<[^>]*>/g, ''));
  return toNano(/^\s*([\d,]+(?:\.\d+)?)\s*(?:TON|GRAM)?\s*(?:[~≈]|$)/i.exec(text)?.[1]);
}
