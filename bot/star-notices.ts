import type { StarPurchaseFailure } from '../core/flows/star-purchase.ts';
import { money } from '../core/money.ts';
import type { StarPurchase } from '../db/star-purchases.ts';
import { shorten } from './html.ts';
import { button, type Keyboard } from './keyboards.ts';
import type { Screen } from './screen.ts';
import type { Words } from './words.ts';

const nameUnitsMax = 64;

/** A message about a purchase. */
type StarNotice = Pick<Screen, 'html' | 'keyboard'>;

/** What is bought, as people say it: `100 Stars`, `Premium for 3 months`. */
export function starItemText({ kind, quantity }: Pick<StarPurchase, 'kind' | 'quantity'>, words: Words): string {
  if (kind === 'premium') return words.plain('stars-premium', { months: quantity });
  return words.money(money(BigInt(quantity), 'XTR'));
}

/** The one message of a star purchase, as the purchase stands. */
export function starStatus(purchase: StarPurchase, words: Words, { namesFragment = false } = {}): StarNotice {
  const { id, status } = purchase;
  const price = words.money(money(purchase.priceMinor, purchase.priceAsset));
  const named = {
    what: starItemText(purchase, words),
    name: shorten(purchase.recipientName, nameUnitsMax),
    username: purchase.recipient,
    price,
  };
  const again = [button(words.plain('button-stars-again'), 'starmore', id), menuButton(words)];
  switch (status) {
    case 'accepted':
    case 'reserved': {
      const keyboard = [[button(words.plain('button-take-back', { price }), 'starstop', id)], [menuButton(words)]];
      const key = status === 'accepted' ? 'stars-status-accepted' : 'stars-status-held';
      return { html: words.html(key, named), keyboard };
    }
    case 'signed':
      return { html: words.html('stars-status-signed', named), keyboard: [[menuButton(words)]] };
    case 'paid':
      return { html: words.html('stars-status-paid', named), keyboard: [[menuButton(words)]] };
    case 'delivered':
      return {
        html: words.html(
          namesFragment ? 'stars-status-delivered-fragment' : `stars-status-delivered-${purchase.kind}`,
          named,
        ),
        keyboard: [again],
      };
    case 'failed': {
      const reason = words.html(starFailureKey(purchase.failureCode ?? 'provider_refused'));
      const returned = words.html('returned', { amount: price });
      const html = `${words.html('stars-status-failed', named)}\n\n${reason}\n${returned}`;
      return { html, keyboard: [again] };
    }
    case 'canceled':
      return { html: words.html('stars-status-canceled', named), keyboard: [again] };
    case 'refused':
      return { html: words.html(starFailureKey('insufficient_funds')), keyboard: refusedKeyboard(id, words) };
    case 'needs_attention':
      return { html: words.html('stars-status-attention', named), keyboard: [[supportButton(words)]] };
  }
}

/** News of a purchase that no message in the chat shows: the same words, below everything that came since. */
export function starNotice(
  purchase: StarPurchase,
  words: Words,
  { fact, namesFragment }: { readonly fact: string; readonly namesFragment: boolean },
): StarNotice | undefined {
  const isTold = ['delivered', 'failed', 'canceled', 'needs_attention'].includes(fact);
  // A fact that is past: the purchase has gone on, and what came of it is told by itself.
  return isTold && purchase.status === fact ? starStatus(purchase, words, { namesFragment }) : undefined;
}

/** How a list of orders calls a status, of which every one but the delivered has a word. */
export function starOrderKey(status: string): string {
  return `stars-order-${status.replaceAll('_', '-')}`;
}

/** The text of a code; the tests prove that each has one. */
export function starFailureKey(code: StarPurchaseFailure): string {
  return `stars-failure-${code.replaceAll('_', '-')}`;
}

function refusedKeyboard(id: string, words: Words): Keyboard {
  return [[button(words.plain('button-recharge'), 'top')], [button(words.plain('button-stars-again'), 'starmore', id)]];
}

function menuButton(words: Words) {
  return button(words.plain('button-menu'), 'menu');
}

function supportButton(words: Words) {
  return button(words.plain('button-paysupport'), 'paysup');
}
