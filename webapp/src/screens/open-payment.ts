import { signal } from '@preact/signals';
import type { Topup } from '../api/types.ts';
import { host } from '../host/host.ts';
import { readTopup } from '../state/shop.ts';

/** An invoice of Telegram's own, which opens as a sheet over the app. */
const invoice = /^https:\/\/t\.me\/(\$|invoice\/)|^tg:\/\/invoice/;

/** Top-ups whose sheet said that they are paid: the server has not, yet. */
export const paidBySheet = signal<ReadonlySet<string>>(new Set());

/** Opens what the top-up is paid at. What a sheet answers is not believed: the server is asked. */
export function openPayment({ id, payUrl, status }: Topup): void {
  if (payUrl === null || status !== 'awaiting_payment') return;
  if (!invoice.test(payUrl)) {
    host.value?.openLink(payUrl);
    return;
  }
  void host.value?.openInvoice(payUrl).then((answer) => {
    if (answer === 'paid') paidBySheet.value = new Set([...paidBySheet.value, id]);
    return readTopup(id);
  });
}
