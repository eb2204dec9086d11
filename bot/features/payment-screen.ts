import { money } from '../../core/money.ts';
import { awaitsPart, creditedOf, restOf } from '../../core/pricing/grants.ts';
import type { Topup } from '../../db/topups.ts';
import { button, type Keyboard, link } from '../keyboards.ts';
import { topupFailureKey } from '../notices.ts';
import type { Screen } from '../screen.ts';
import { differenceHtml, partCome, topupAmounts } from '../topup-words.ts';
import type { Words } from '../words.ts';

/** A top-up as it stands, with what can be done about it. */
export function paymentScreen(topup: Topup, words: Words): Screen {
  return {
    html: paymentHtml(topup, words),
    keyboard: [...paymentKeyboard(topup, words), [button(words.plain('button-menu'), 'menu')]],
    scene: { name: 'payment', topupId: topup.id },
  };
}

function paymentHtml(topup: Topup, words: Words): string {
  const { status, failureCode, payExpiresAt } = topup;
  const said = { ...topupAmounts(topup, words), provider: words.provider(topup.provider) };
  const reason = failureCode === null ? '' : words.html(topupFailureKey(failureCode));
  switch (status) {
    case 'accepted':
    case 'creating':
      return words.html('payment-creating', said);
    case 'awaiting_payment': {
      const part = partCome(topup, words);
      const until = payExpiresAt === null ? '' : `\n${words.html('payment-until', { at: words.time(payExpiresAt) })}`;
      return (
        words.html('payment-awaiting', said) + until + paragraph(part === null ? '' : words.html('payment-part', part))
      );
    }
    case 'credited': {
      const credited = words.money(creditedOf(topup) ?? money(topup.grantsMinor, topup.grantsAsset));
      const html = words.html('payment-credited', { ...said, title: credited, price: said.received });
      return html + paragraph(differenceHtml(topup, words) ?? '');
    }
    case 'canceled':
    case 'expired':
      return (
        words.html('payment-over', said) + paragraph(awaitsPart(topup) ? words.html('payment-part-over', said) : reason)
      );
    case 'needs_attention':
      return words.html('payment-attention', said) + paragraph(reason);
  }
}

function paragraph(html: string): string {
  return html === '' ? '' : `\n\n${html}`;
}

function paymentKeyboard(topup: Topup, words: Words): Keyboard {
  const { id, status, payUrl, grantsAsset } = topup;
  switch (status) {
    case 'accepted':
    case 'creating':
      return [
        [button(words.plain('button-refresh'), 'pay', id)],
        [button(words.plain('button-give-up'), 'giveup', id)],
      ];
    case 'awaiting_payment': {
      const price = words.money(restOf(topup));
      const pay = payUrl === null ? [] : [[link(words.plain('button-pay', { price }), payUrl)]];
      const rest = [
        button(words.plain('button-paid'), 'paid', id),
        button(words.plain('button-give-up'), 'giveup', id),
      ];
      return [...pay, rest];
    }
    case 'credited':
      return [
        [
          grantsAsset === 'TON'
            ? button(words.plain('button-stars-buy-some'), 'stars')
            : button(words.plain('button-generate'), 'gen'),
          button(words.plain('button-balance'), 'bal'),
        ],
      ];
    case 'canceled':
    case 'expired':
      return [[button(words.plain('button-recharge'), 'top')], [button(words.plain('button-paid'), 'paid', id)]];
    case 'needs_attention':
      return [[button(words.plain('button-paysupport'), 'paysup')]];
  }
}
