import { grantsOf } from '../core/pricing/grants.ts';
import type { TopupFailure } from '../core/flows/topup.ts';
import type { Topup } from '../db/topups.ts';
import type { Payment, PaymentProvider } from '../providers/ports.ts';

/** What a payment, as the provider just described it, means for its top-up. */
export type PaymentVerdict =
  | { readonly verdict: 'pending'; readonly reason?: string }
  | { readonly verdict: 'canceled'; readonly reason: string }
  | {
      readonly verdict: 'paid';
      readonly incomeMinor: string | null;
      readonly paidAt: string;
      /** What came, where it is not what was asked for: it is credited at the order's price. */
      readonly receivedMinor?: string;
    }
  | {
      readonly verdict: 'mismatch';
      readonly failure: Extract<
        TopupFailure,
        | 'amount_mismatch'
        | 'wrong_shop'
        | 'wrong_reference'
        | 'test_payment_in_live_mode'
        | 'held_by_provider'
        | 'payment_returned'
      >;
      readonly evidence: Readonly<Record<string, string | boolean>>;
    };

/**
 * Judges a payment: only `succeeded` with our reference, our amount and our shop is paid (W8, W10); where the provider
 * takes more or less than it asks for, what came is credited in proportion. A test payment is money only where
 * our own credentials are for tests. `waiting_for_capture` is not paid: we never ask for two stages.
 */
export function judgePayment(
  payment: Payment,
  topup: Topup,
  ours: Pick<PaymentProvider, 'live' | 'shopId'>,
): PaymentVerdict {
  if (payment.status === 'canceled') return { verdict: 'canceled', reason: payment.cancelReason ?? 'unknown' };
  if (payment.status === 'pending' || payment.status === 'waiting_for_capture') return { verdict: 'pending' };
  const evidence = {
    status: payment.status,
    amountMinor: payment.amount.minor.toString(),
    asset: payment.amount.asset,
    expectedMinor: topup.priceMinor.toString(),
    expectedAsset: topup.priceAsset,
    test: payment.test,
    ...(payment.topupId === undefined ? {} : { reference: payment.topupId }),
    ...(payment.shopId === undefined ? {} : { shopId: payment.shopId }),
  };
  if (payment.shopId !== undefined && payment.shopId !== ours.shopId) {
    return { verdict: 'mismatch', failure: 'wrong_shop', evidence };
  }
  if (ours.live && payment.test) return { verdict: 'mismatch', failure: 'test_payment_in_live_mode', evidence };
  if (payment.topupId !== topup.id) return { verdict: 'mismatch', failure: 'wrong_reference', evidence };
  if (payment.status === 'held') return { verdict: 'mismatch', failure: 'held_by_provider', evidence };
  if (payment.status === 'returned') return { verdict: 'mismatch', failure: 'payment_returned', evidence };
  const { amount, asked = amount } = payment;
  const isAsked = asked.asset === topup.priceAsset && asked.minor === topup.priceMinor;
  if (!isAsked || amount.asset !== asked.asset || grantsOf(topup, amount.minor) <= 0n) {
    return { verdict: 'mismatch', failure: 'amount_mismatch', evidence };
  }
  return {
    verdict: 'paid',
    incomeMinor: payment.income?.minor.toString() ?? null,
    paidAt: payment.capturedAt ?? payment.createdAt,
    ...(amount.minor === topup.priceMinor ? {} : { receivedMinor: amount.minor.toString() }),
  };
}

/**
 * What it means that a payment could not be read: one in a currency of no asset of ours was not what we asked for (W8);
 * whatever else stands in the way may pass.
 */
export function judgeRefusal(code: string, topup: Topup): PaymentVerdict {
  if (code !== 'unknown_currency') return { verdict: 'pending', reason: code };
  const evidence = { reason: code, expectedMinor: topup.priceMinor.toString(), expectedAsset: topup.priceAsset };
  return { verdict: 'mismatch', failure: 'amount_mismatch', evidence };
}
