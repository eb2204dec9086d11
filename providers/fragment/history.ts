import type { StarDelivery, StarItem } from '../ports.ts';
import { toCount, toNano } from './amounts.ts';
import { type TableRow, tableRows } from './html.ts';

/**
 * The lines of a history page. Rows without a moment are no deliveries (headings, notes); undefined when none of those
 * that are one can be read: then the page has changed, and its silence means nothing.
 */
export function readHistory(html: string, kind: StarItem['kind']): StarDelivery[] | undefined {
  const rows = tableRows(html).filter(({ times }) => times.length > 0);
  const lines = rows.map((row) => toDelivery(row, kind)).filter((line) => line !== undefined);
  return rows.length > 0 && lines.length === 0 ? undefined : lines;
}

function toDelivery({ cells, times }: TableRow, kind: StarItem['kind']): StarDelivery | undefined {
  const [recipient] = cells.flatMap((cell) => /^@(\w{3,64})$/.exec(cell)?.[1] ?? []);
  const [quantity] = cells.flatMap((cell) => quantityOf(cell, kind) ?? []);
  const [amountNano] = cells.flatMap((cell) => toNano(cell.replace(/\s*(?:TON|GRAM)$/i, '')) ?? []);
  const at = Date.parse(times[0] ?? '');
  if (recipient === undefined || quantity === undefined || amountNano === undefined || Number.isNaN(at))
    return undefined;
  return { kind, recipient, quantity, amountNano, at: new Date(at).toISOString() };
}

function quantityOf(cell: string, kind: StarItem['kind']): number | undefined {
  if (kind === 'stars') return toCount(/^([\d,]+)\s*(?:Telegram\s+)?Stars?$/i.exec(cell)?.[1] ?? '');
  if (/\b1 year\b/i.test(cell)) return 12;
  return toCount(/(?:^|\s)(\d{1,2}) months?\b/i.exec(cell)?.[1] ?? '');
}
