import { isAsset } from '../../core/assets.ts';
import { money } from '../../core/money.ts';
import { type Outcome, done, refused } from '../../core/result.ts';
import type { KnownCharge } from '../../core/telegram-charge.ts';
import type { Payment } from '../ports.ts';

/**
 * A charge as the payment of the top-up that its invoice names. One that has gone back is canceled. A currency of no
 * asset of ours is refused: it will not turn into ours by asking again.
 */
export function toPayment(charge: KnownCharge, { isWhole }: { isWhole: boolean }): Outcome<Payment> {
  const { currency, amountMinor, payload, paidAt } = charge;
  if (!isAsset(currency)) return refused('unknown_currency', 'the amount is in no currency of ours');
  const amount = money(amountMinor, currency);
  return done({
    paymentId: payload,
    topupId: payload,
    status: charge.isReturned ? 'canceled' : 'succeeded',
    ...(charge.isReturned ? { cancelReason: 'refunded' } : {}),
    amount,
    ...(isWhole ? { income: amount } : {}),
    test: false,
    createdAt: paidAt,
    capturedAt: paidAt,
  });
}

/** A payment that nobody has made yet: an invoice has no state of its own. */
export function unpaid(paymentId: string, currency: 'XTR' | 'RUB'): Payment {
  return {
    paymentId,
    topupId: paymentId,
    status: 'pending',
    amount: money(0n, currency),
    test: false,
    createdAt: new Date().toISOString(),
  };
}
