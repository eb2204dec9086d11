import { z } from 'zod';
import { isUuid } from '../core/ids.ts';
import { providerOfCurrency } from '../core/telegram-charge.ts';
import type { Checkout, TelegramPayments } from '../db/telegram-payments.ts';
import { inTime } from '../platform/in-time.ts';
import type { Logger } from '../platform/logger.ts';
import { type CheckoutRefusal, checkoutSentence } from './pre-checkout-texts.ts';

/** The part of a pre-checkout query that its answer hangs on. */
const querySchema = z.object({
  from: z.object({ id: z.int(), language_code: z.string().optional() }),
  currency: z.string(),
  total_amount: z.int(),
  invoice_payload: z.string(),
});
export type PreCheckoutQuery = z.infer<typeof querySchema>;

export type PreCheckoutVerdict = { readonly ok: true } | { readonly ok: false; readonly errorMessage: string };

export interface PreCheckout {
  /** May this invoice be paid now? Never throws, and answers within its budget whatever the database does. */
  answer(query: unknown): Promise<PreCheckoutVerdict>;
}

export interface PreCheckoutDeps {
  readonly payments: Pick<TelegramPayments, 'checkout'>;
  readonly logger: Logger;
  /** Telegram waits 10 s in all; the rest is for the way. */
  readonly budgetMs?: number;
}

const budgetMsDefault = 7_000;

/**
 * The last word before money moves inside Telegram: one read of the database, without Temporal. Yes only to the person
 * whose top-up it is, for exactly the amount asked, while it waits and nothing has been paid for it. Whatever stands in
 * the way is a no, which costs nobody anything (W20).
 */
export function createPreCheckout({ payments, logger, budgetMs = budgetMsDefault }: PreCheckoutDeps): PreCheckout {
  const late = () => new Error(`no answer of the database within ${budgetMs} ms`);
  return {
    async answer(raw) {
      const parsed = querySchema.safeParse(raw);
      if (!parsed.success) {
        logger.error({ err: parsed.error }, 'a pre-checkout query could not be read');
        return { ok: false, errorMessage: checkoutSentence('unavailable', undefined) };
      }
      const query = parsed.data;
      const read = isUuid(query.invoice_payload) ? payments.checkout(query.invoice_payload) : Promise.resolve(null);
      const checkout = await inTime(read, budgetMs, late).catch((error: unknown) => {
        logger.error({ err: error, topupId: query.invoice_payload }, 'a pre-checkout query could not be looked up');
        return 'unavailable' as const;
      });
      const refusal = checkout === 'unavailable' ? checkout : judgeCheckout(query, checkout);
      if (refusal === undefined) return { ok: true };
      logger.info({ topupId: query.invoice_payload, refusal }, 'a payment was refused before it was made');
      const own = checkout !== 'unavailable' && isOwn(query, checkout) ? checkout.language : undefined;
      return { ok: false, errorMessage: checkoutSentence(refusal, own ?? query.from.language_code) };
    },
  };
}

/** Why an invoice may not be paid; undefined when it may. Another person's top-up is an unknown one. */
export function judgeCheckout(query: PreCheckoutQuery, checkout: Checkout | null): CheckoutRefusal | undefined {
  if (!isOwn(query, checkout)) return 'unknown';
  if (checkout.isBanned) return 'unknown';
  if (checkout.isPaid || checkout.status === 'credited') return 'already_paid';
  if (checkout.provider !== providerOfCurrency(query.currency)) return 'changed';
  if (checkout.priceAsset !== query.currency || checkout.priceMinor !== BigInt(query.total_amount)) return 'changed';
  if (checkout.status === 'expired' || checkout.status === 'canceled') return 'over';
  return checkout.status === 'awaiting_payment' ? undefined : 'not_ready';
}

function isOwn(query: PreCheckoutQuery, checkout: Checkout | null): checkout is Checkout {
  return checkout !== null && checkout.telegramId === BigInt(query.from.id);
}
