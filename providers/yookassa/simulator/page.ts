import { escapeHtml, framePage, groupedDigits, pageIcons, renderMissingPage } from '../../payment-page.ts';
import type { PaymentObject } from './model.ts';

export interface PageOptions {
  readonly nonce: string;
  /** The payer has just acted: go back to the shop by itself. */
  readonly leaving: boolean;
  readonly nowMs: number;
  /** When the payer's hour ends. */
  readonly endsAtMs: number;
}

export const endings = {
  succeed: { label: 'Pay' },
  poor: { label: 'Not enough money', party: 'payment_network', reason: 'insufficient_funds' },
  refuse: { label: 'The bank refuses', party: 'payment_network', reason: 'general_decline' },
  expire: { label: 'Time runs out', party: 'yoo_money', reason: 'expired_on_confirmation' },
} as const;

export type Ending = keyof typeof endings;

const headline = 'Simulator of YooKassa: no real money';

/** The payer's page: what is paid, and a button for every ending a payment can have. */
export function renderPage(payment: PaymentObject, returnUrl: string | undefined, options: PageOptions): string {
  const body = payment.status === 'pending' ? renderChoice(payment, returnUrl, options) : renderEnd(payment, returnUrl);
  const away = options.leaving && returnUrl !== undefined && payment.status !== 'pending';
  return framePage(body, {
    nonce: options.nonce,
    headline,
    title: shownAmount(payment),
    leavesTo: away ? returnUrl : undefined,
  });
}

/** The page for a link that leads to no payment. */
export function renderMissing(nonce: string): string {
  return renderMissingPage(nonce, headline);
}

function renderChoice(payment: PaymentObject, returnUrl: string | undefined, options: PageOptions): string {
  const minutes = Math.max(0, Math.ceil((options.endsAtMs - options.nowMs) / 60_000));
  return `${summary(payment)}
<form method="post" action="${action('succeed', payment.id)}">
<button class="pay" type="submit">Pay ${shownAmount(payment)}</button>
</form>
${returnUrl === undefined ? '' : `<a class="later" href="${escapeHtml(returnUrl)}">Pay later</a>`}
<p class="hint center">The link works for ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}.</p>
<section>
<h2>Or let it fail</h2>
${(['poor', 'refuse', 'expire'] as const).map((ending) => failureForm(ending, payment.id)).join('\n')}
</section>`;
}

function failureForm(ending: Ending, paymentId: string): string {
  const { label } = endings[ending];
  return `<form method="post" action="${action(ending, paymentId)}">
<button class="row" type="submit"><span>${label}</span>${pageIcons.chevron}</button>
</form>`;
}

function renderEnd(payment: PaymentObject, returnUrl: string | undefined): string {
  const paid = payment.status !== 'canceled';
  const [title, hint] = endWords(payment);
  return `<div class="sign ${paid ? 'ok' : 'bad'}">${paid ? pageIcons.tick : pageIcons.cross}</div>
<h1 class="title">${title}</h1>
<p class="hint center">${hint}</p>
${summary(payment)}
${returnUrl === undefined ? '' : `<a class="pay" href="${escapeHtml(returnUrl)}">Return to the shop</a>`}`;
}

function endWords(payment: PaymentObject): readonly [string, string] {
  if (payment.status === 'succeeded') return ['Paid', 'The shop is being told.'];
  if (payment.status === 'waiting_for_capture') return ['Authorised', 'The money is held until the shop takes it.'];
  const reason = payment.cancellation_details?.reason ?? '';
  const words: Readonly<Record<string, string>> = {
    insufficient_funds: 'There was not enough money on the card.',
    general_decline: 'The bank refused.',
    expired_on_confirmation: 'The time for paying has run out.',
    expired_on_capture: 'The shop did not take the money in time.',
    canceled_by_merchant: 'The shop gave the money back.',
  };
  return ['Not paid', words[reason] ?? 'The payment was canceled.'];
}

function summary(payment: PaymentObject): string {
  const [whole, part] = shownAmount(payment).split(/(?=[.]\d\d )/);
  return `<div class="bill">
<p class="amount">${whole ?? ''}<small>${part ?? ''}</small></p>
<p class="what">${escapeHtml(payment.description ?? 'Payment')}</p>
<p class="hint id">${escapeHtml(payment.id)}</p>
</div>`;
}

function action(ending: Ending, paymentId: string): string {
  return `/checkout/payments/v2/contract/${ending}?orderId=${encodeURIComponent(paymentId)}`;
}

/** `9 999 999.99 ₽`, in groups of three that do not come apart. */
export function shownAmount({ amount }: Pick<PaymentObject, 'amount'>): string {
  const [whole = '0', part = '00'] = amount.value.split('.');
  const sign = amount.currency === 'RUB' ? '₽' : escapeHtml(amount.currency);
  return `${groupedDigits(whole)}.${part} ${sign}`;
}
