import { type Outcome, done, unknown } from '../../core/result.ts';
import type { StarDelivery, StarItem } from '../ports.ts';
import type { HistoryPages } from './history-pages.ts';
import { nextOffset, readHistory } from './history.ts';

/** Further back nobody looks: what slid behind so many pages is for a person. */
const pagesMax = 40;

/**
 * The lines of the history since a moment (RFC 3339), newest page first, as far back as that moment. A page after the
 * first that cannot be had or read ends the list: its lines are missing then, and a missing line proves nothing.
 */
export async function listDeliveries(
  pages: HistoryPages,
  { kind, since }: { readonly kind: StarItem['kind']; readonly since: string },
): Promise<Outcome<readonly StarDelivery[]>> {
  // The page tells whole seconds.
  const sinceMs = Math.floor(Date.parse(since) / 1_000) * 1_000;
  const isOlder = ({ at }: StarDelivery) => Date.parse(at) < sinceMs;
  const first = await pages.page(kind);
  if (first.outcome !== 'done') return first;
  const read: StarDelivery[][] = [];
  const offsets = new Set<string>();
  for (let html = first.value; ;) {
    const lines = readHistory(html, kind);
    if (!lines) break;
    read.push(lines);
    const offset = nextOffset(html);
    if (offset === undefined || offsets.has(offset) || lines.some(isOlder) || read.length === pagesMax) break;
    offsets.add(offset);
    const next = await pages.page(kind, offset);
    if (next.outcome !== 'done') break;
    html = next.value;
  }
  if (read.length === 0) return unknown('history_not_understood');
  return done(together(read).filter((line) => !isOlder(line)));
}

/**
 * The lines of pages that were read one after the other. What came in between pushes lines on to the next page, where
 * they are seen again: of lines that are alike to the letter there are as many as one page shows, never their sum, for
 * a line too many would charge somebody who got nothing.
 */
function together(pages: readonly (readonly StarDelivery[])[]): StarDelivery[] {
  const most = new Map<string, StarDelivery[]>();
  for (const lines of pages) {
    const alike = Map.groupBy(lines, ({ recipient, quantity, amountNano, at }) =>
      [recipient.toLowerCase(), quantity, amountNano, at].join('/'),
    );
    for (const [text, those] of alike) if (those.length > (most.get(text)?.length ?? 0)) most.set(text, those);
  }
  return [...most.values()].flat();
}
