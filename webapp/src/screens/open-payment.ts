import type { Topup } from '../api/types.ts';
import { host } from '../host/host.ts';
import { readTopup } from '../state/shop.ts';

/** An invoice of Telegram's own, which opens as a sheet over the app. */
const invoice = /^https:\/\/t\.me\/(\$|invoice\/)|^tg:\/\/invoice/;

/** Opens what the top-up is paid at. What a sheet answers is not believed: the server is asked. */
export function openPayment({ id, payUrl, status }: Topup): void {
  if (payUrl === null || status !== 'awaiting_payment') return;
  if (!invoice.test(payUrl)) {
    host.value?.openLink(payUrl);
    return;
  }
  void host.value?.openInvoice(payUrl).then(() => readTopup(id));
}
