import { escapeHtml, framePage, groupedDigits, pageIcons, renderMissingPage } from '../../payment-page.ts';
import { coins, convert } from './coins.ts';
import { parseUnits, showUnits } from './decimals.ts';
import type { InvoiceObject } from './model.ts';

export interface PageOptions {
  readonly nonce: string;
  readonly returnUrl: string | undefined;
  /** The payer has just acted: go back to the shop by itself. */
  readonly leaving: boolean;
  readonly nowMs: number;
}

const headline = 'Simulator of Heleket: no real money';

/** The acts of a payer, and of those who stand between him and the shop. */
export const acts = {
  exact: 'Pay',
  little: 'Send half of it',
  much: 'Send half as much again',
  suspect: 'Send coins that an AML check stops',
  expire: 'Time runs out',
  late: 'Pay all the same, too late',
  release: 'The AML check lets it go',
} as const;

export type Act = keyof typeof acts;

/** The payer's page: the coin and the network, then what is due in it, and a button for every ending. */
export function renderPage(invoice: InvoiceObject, options: PageOptions): string {
  const isOver = invoice.is_final;
  const body = isOver
    ? renderEnd(invoice, options)
    : invoice.payer_currency === null
      ? renderCoins(invoice, options)
      : renderTransfer(invoice, options);
  return framePage(body, {
    nonce: options.nonce,
    headline,
    title: shownPrice(invoice),
    leavesTo: options.leaving && isOver && invoice.status !== 'cancel' ? options.returnUrl : undefined,
  });
}

/** The page for a link that leads to no invoice. */
export function renderMissing(nonce: string): string {
  return renderMissingPage(nonce, headline);
}

function renderCoins(invoice: InvoiceObject, options: PageOptions): string {
  const price = parseUnits(invoice.amount);
  const choices = coins.map(({ currency, network, title }) => {
    const due = trimmed(showUnits(convert(price, invoice.currency, currency)));
    return `<form method="post" action="/pay/${invoice.uuid}/coin?currency=${currency}&amp;network=${network}">
<button class="coin" type="submit">${title}<small>${due}</small></button>
</form>`;
  });
  return `${bill(invoice, shownPrice(invoice))}
<h2>Coin and network</h2>
<div class="coins">${choices.join('\n')}</div>
${later(options)}
${remaining(invoice, options)}
<section>
<h2>Or let it fail</h2>
${form('expire', invoice)}
</section>`;
}

function renderTransfer(invoice: InvoiceObject, options: PageOptions): string {
  const due = parseUnits(invoice.payer_amount ?? '0') - parseUnits(invoice.payment_amount ?? '0');
  const shown = `${trimmed(showUnits(due))} ${invoice.payer_currency ?? ''}`;
  const came =
    invoice.payment_amount === null
      ? ''
      : `<p class="hint center">${trimmed(invoice.payment_amount)} came. Please send the rest.</p>`;
  const others = (['little', 'much', 'suspect', 'expire'] as const).map((act) => form(act, invoice));
  return `${bill(invoice, shown)}
${came}
<p class="address">${escapeHtml(invoice.address ?? '')}<br>network ${escapeHtml(invoice.network ?? '')}</p>
<form method="post" action="${action('exact', invoice)}">
<button class="pay" type="submit">Send ${shown}</button>
</form>
${later(options)}
${remaining(invoice, options)}
<section>
<h2>Or otherwise</h2>
${others.join('\n')}
</section>`;
}

function renderEnd(invoice: InvoiceObject, { returnUrl }: PageOptions): string {
  const [kind, title, hint] = endWords(invoice);
  const sign = kind === 'ok' ? pageIcons.tick : kind === 'bad' ? pageIcons.cross : pageIcons.clock;
  const further = invoice.status === 'cancel' ? form('late', invoice) : '';
  const release = invoice.status === 'locked' ? form('release', invoice) : '';
  const acted = further + release;
  return `<div class="sign ${kind}">${sign}</div>
<h1 class="title">${title}</h1>
<p class="hint center">${hint}</p>
${bill(invoice, shownPrice(invoice))}
${returnUrl === undefined ? '' : `<a class="pay" href="${escapeHtml(returnUrl)}">Return to the shop</a>`}
${acted === '' ? '' : `<section>\n<h2>What may still happen</h2>\n${acted}\n</section>`}`;
}

function endWords(invoice: InvoiceObject): readonly ['ok' | 'bad' | 'wait', string, string] {
  const [paid, due] = [trimmed(invoice.payment_amount ?? '0'), trimmed(invoice.payer_amount ?? '0')];
  const came = `${paid} ${invoice.payer_currency ?? ''} of ${due}`;
  switch (invoice.status) {
    case 'paid':
      return ['ok', 'Paid', 'The shop is being told.'];
    case 'paid_over':
      return ['ok', 'Paid, and more than was asked', `${came} came. The shop is being told.`];
    case 'wrong_amount':
      return ['wait', 'Paid in part', `${came} came in time.`];
    case 'locked':
      return ['wait', 'Held for a check', 'Neither the shop nor you can have the coins until it is over.'];
    case 'cancel':
      return ['bad', 'Not paid', 'The time for paying has run out.'];
    case 'refund_process':
    case 'refund_paid':
      return ['wait', 'Returned', 'The coins go back.'];
    default:
      return ['bad', 'It failed', 'The shop is being told.'];
  }
}

function form(act: Act, invoice: InvoiceObject): string {
  return `<form method="post" action="${action(act, invoice)}">
<button class="row" type="submit"><span>${acts[act]}</span>${pageIcons.chevron}</button>
</form>`;
}

function action(act: Act, { uuid }: InvoiceObject): string {
  return `/pay/${uuid}/${act}`;
}

function bill({ additional_data, uuid }: InvoiceObject, amount: string): string {
  const [figure = '', ...unit] = amount.split(' ');
  return `<div class="bill">
<p class="amount">${figure} <small>${escapeHtml(unit.join(' '))}</small></p>
<p class="what">${escapeHtml(additional_data ?? 'Payment')}</p>
<p class="hint id">${escapeHtml(uuid)}</p>
</div>`;
}

function later({ returnUrl }: PageOptions): string {
  return returnUrl === undefined ? '' : `<a class="later" href="${escapeHtml(returnUrl)}">Pay later</a>`;
}

function remaining({ expired_at }: InvoiceObject, { nowMs }: PageOptions): string {
  const minutes = Math.max(0, Math.ceil((expired_at * 1_000 - nowMs) / 60_000));
  const time = `${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}`;
  return `<p class="hint center">The rate and the link hold for ${time}.</p>`;
}

function shownPrice({ amount, currency }: InvoiceObject): string {
  // To the cent, and further where there is more.
  const [whole = '0', part] = amount.replace(/(\.\d\d\d*?)0+$/, '$1').split('.');
  return `${groupedDigits(whole)}${part === undefined ? '' : `.${part}`} ${currency === 'RUB' ? '₽' : currency}`;
}

function trimmed(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}
