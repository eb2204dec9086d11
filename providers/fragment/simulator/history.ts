import type { SimOrder, SimPayment } from './model.ts';
import { escapeHtml, shownAmount } from './texts.ts';

interface Delivery {
  readonly order: SimOrder;
  readonly payment: SimPayment;
}

/** Rows of a history table, and what stands below them: the way to older ones, while there are any. */
export interface HistoryRows {
  readonly body: string;
  readonly foot: string;
}

export interface HistoryRequest {
  readonly kind: SimOrder['kind'];
  readonly rowsMax: number;
  /** The rows behind this one; absent: the newest. */
  readonly offset?: string;
}

/** What was delivered, newest first; undefined when there is no such offset. */
export function historyRows(
  orders: readonly SimOrder[],
  { kind, rowsMax, offset }: HistoryRequest,
): HistoryRows | undefined {
  const deliveries = orders
    .filter((order) => order.kind === kind)
    .flatMap((order) => order.payments.map((payment) => ({ order, payment })))
    .filter(({ payment }) => payment.state === 'delivered')
    .toSorted((a, b) => (b.payment.deliveredAtMs ?? 0) - (a.payment.deliveredAtMs ?? 0));
  const before = offset === undefined ? -1 : deliveries.findIndex(({ payment }) => payment.txHash === offset);
  if (offset !== undefined && before === -1) return undefined;
  const rows = deliveries.slice(before + 1, before + 1 + rowsMax);
  const last = rows.at(-1)?.payment.txHash;
  const hasMore = before + 1 + rows.length < deliveries.length;
  return { body: rows.map(row).join(''), foot: hasMore && last !== undefined ? moreLink(last) : '' };
}

/** The table of a history's own page. */
export function historyPage({ body, foot }: HistoryRows): string {
  return `<section><table class="table tm-table"><thead>
<tr><th>To</th><th>Item</th><th>Price</th><th>Date</th></tr></thead>
<tbody>${body || '<tr><td colspan="4">No purchases yet</td></tr>'}</tbody><tfoot>${foot}</tfoot></table></section>`;
}

function moreLink(offset: string): string {
  return `<tr><td colspan="4"><div class="table-cell table-cell-more">
<a class="table-cell-more-link js-load-more-rows" data-next-offset="${escapeHtml(offset)}">Show more</a>
</div></td></tr>`;
}

const priceStep = 10_000_000n;

/** A line of the history; prices are rounded to a hundredth. */
function row({ order, payment }: Delivery): string {
  const { kind, quantity, recipient } = order;
  const bought =
    kind === 'stars'
      ? quantity.toLocaleString('en-US')
      : `Telegram Premium for ${quantity === 12 ? '1 year' : `${quantity} months`}`;
  const nano = ((BigInt(payment.amountNano) + priceStep / 2n) / priceStep) * priceStep;
  const [whole = '0', fraction = '00'] = shownAmount(nano.toString()).split('.');
  const at = new Date(payment.deliveredAtMs ?? 0).toISOString().replace(/\.\d+Z$/, '+00:00');
  return `<tr>
<td><div class="table-cell"><a href="https://t.me/${recipient}" class="tm-inline-nowrap">@${escapeHtml(recipient)}</a>
</div></td>
<td><div class="table-cell-value tm-value tm-nowrap">${bought}</div></td>
<td><div class="table-cell-value tm-value icon-before icon-ton">
${whole}<span class="mini-frac">.${fraction}</span></div></td>
<td><div class="table-cell-desc"><time datetime="${at}" class="short">${at.slice(0, 10)}</time></div></td></tr>`;
}
