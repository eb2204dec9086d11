import { z } from 'zod';
import { type Money, toDecimal } from '../../core/money.ts';
import type { PaymentOrder } from '../ports.ts';

/** Fiscal data of a shop that has receipts on; a self-employed shop must not send it. */
export const receiptSchema = z.strictObject({
  email: z.email(),
  /** YooKassa's code of the VAT rate: 1 is none, 11 is 22%. */
  vatCode: z.number().int().min(1).max(12),
  taxSystemCode: z.number().int().min(1).max(6).optional(),
  paymentMode: z.string().default('full_prepayment'),
  paymentSubject: z.string().default('service'),
});

export type Receipt = z.infer<typeof receiptSchema>;

const descriptionMax = 128;

/** The body of `POST /payments`: the same order gives the same bytes, which the idempotence key is bound to. */
export function createBody(order: PaymentOrder, receipt: Receipt | undefined): string {
  const description = cut(order.description, descriptionMax);
  return JSON.stringify({
    amount: toAmount(order.price),
    // The default is a two-stage hold.
    capture: true,
    confirmation: { type: 'redirect', return_url: order.returnUrl },
    description,
    metadata: { topupId: order.topupId },
    ...(receipt ? { receipt: toReceipt(order.price, description, receipt) } : {}),
  });
}

/** An amount as the API wants it: a decimal text and a currency. */
export function toAmount(amount: Money): { value: string; currency: string } {
  return { value: toDecimal(amount), currency: amount.asset };
}

/** The first UTF-16 units of a text, the narrowest reading of "characters", without half of a pair at the end. */
function cut(text: string, max: number): string {
  return text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
}

function toReceipt(price: Money, description: string, receipt: Receipt) {
  const { email, vatCode, taxSystemCode, paymentMode, paymentSubject } = receipt;
  return {
    customer: { email },
    items: [
      {
        description,
        quantity: 1,
        amount: toAmount(price),
        vat_code: vatCode,
        payment_mode: paymentMode,
        payment_subject: paymentSubject,
      },
    ],
    ...(taxSystemCode === undefined ? {} : { tax_system_code: taxSystemCode }),
  };
}
