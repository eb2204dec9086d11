import { signal } from '@preact/signals';
import { actor } from './chat.ts';
import { failNextPayment } from './settings.ts';
import { showFailure, showToast } from './notices.ts';
import { t } from '../texts.ts';
import type { Invoice, PayOutcome, PayStatus } from './types.ts';

/** An invoice over everything, until the person pays or leaves. */
export interface Sheet {
  readonly invoice: Invoice;
  readonly target: { readonly messageId: number } | { readonly invoiceLink: string };
  readonly done: (status: PayStatus) => void;
}

export const sheet = signal<Sheet | undefined>(undefined);
export const paying = signal(false);

export function openSheet(invoice: Invoice, target: Sheet['target']): Promise<PayStatus> {
  sheet.value?.done('cancelled');
  return new Promise((resolve) => {
    sheet.value = {
      invoice,
      target,
      done: (status) => {
        sheet.value = undefined;
        resolve(status);
      },
    };
  });
}

const known = {
  PAYMENT_FAILED: 'failed',
  BOT_PRECHECKOUT_TIMEOUT: 'notInTime',
  BALANCE_TOO_LOW: 'noStars',
  INVOICE_ALREADY_PAID: 'paidBefore',
} as const;

/** Codes of the payment itself in our words, a refusal in those of the bot. */
function failureText(error: string | undefined): string {
  if (error === undefined) return t('failed');
  return error in known ? t(known[error as keyof typeof known]) : t('checkoutRefused', { error });
}

/** Pays as the person said; the answer of the bot's pre-checkout is shown where it refuses. */
export async function settle(open: Sheet, wanted: PayOutcome, duplicate = false): Promise<void> {
  if (paying.value) return;
  const outcome = wanted === 'paid' && failNextPayment.value ? 'failed' : wanted;
  if (wanted !== 'cancelled') failNextPayment.value = false;
  paying.value = true;
  try {
    const { status, error } = await actor().pay({ ...open.target, outcome, ...(duplicate ? { duplicate } : {}) });
    if (status === 'paid') showToast(t('paid'));
    if (status === 'failed') showToast(failureText(error));
    open.done(status);
  } catch (error) {
    showFailure(error);
    open.done('failed');
  } finally {
    paying.value = false;
  }
}
