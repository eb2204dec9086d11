import { type Outcome, done, unknown } from '../../core/result.ts';
import type { StarDelivery, StarItem } from '../ports.ts';
import { toCount, toNano } from './amounts.ts';
import type { FragmentCalls } from './calls.ts';
import type { Door } from './doors.ts';
import { attributeOfClass, type TableRow, tableRows } from './html.ts';
import { furtherPageSchema } from './schema.ts';

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
  const bought = cells.findIndex((cell) => quantityOf(cell, kind) !== undefined);
  const quantity = quantityOf(cells[bought] ?? '', kind);
  const prices = cells.filter((_, at) => at !== bought);
  const [amountNano] = prices.flatMap((cell) => toNano(cell.replace(/\s*(?:TON|GRAM)$/i, '')) ?? []);
  const at = Date.parse(times[0] ?? '');
  if (recipient === undefined || quantity === undefined || amountNano === undefined || Number.isNaN(at))
    return undefined;
  return { kind, recipient, quantity, amountNano, at: new Date(at).toISOString() };
}

/** What the next page is asked for with; undefined on the last one. */
export function nextOffset(html: string): string | undefined {
  return attributeOfClass(html, { name: 'data-next-offset', ofClass: 'js-load-more-rows' });
}

/** Stars stand in a cell of their own as a plain number, before the price; some pages call them by their name. */
function quantityOf(cell: string, kind: StarItem['kind']): number | undefined {
  if (kind === 'stars') return toCount(/^([\d,]+)(?:\s*(?:Telegram\s+)?Stars?)?$/i.exec(cell)?.[1] ?? '');
  if (/\b1 year\b/i.test(cell)) return 12;
  return toCount(/(?:^|\s)(\d{1,2}) months?\b/i.exec(cell)?.[1] ?? '');
}

const furtherPageMethods = { stars: 'getStarsHistory', premium: 'getPremiumHistory' } as const;

/**
 * The rows that follow on a page's, with the offset of those behind them. The site's own script has them so for
 * Premium; that Stars have the like is taken from it.
 */
export async function furtherPage(
  calls: FragmentCalls,
  door: Door,
  { kind, offset }: { readonly kind: StarItem['kind']; readonly offset: string },
): Promise<Outcome<string>> {
  const fields = { type: '', offset_id: offset };
  const answer = await calls.api({ ...door, method: furtherPageMethods[kind], fields });
  if (answer.outcome !== 'done') return answer;
  const page = furtherPageSchema.safeParse(answer.value.body);
  return page.success ? done(`${page.data.body}<tfoot>${page.data.foot}</tfoot>`) : unknown('unreadable_answer');
}
