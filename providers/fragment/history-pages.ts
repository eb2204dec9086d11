import { type Outcome, unknown } from '../../core/result.ts';
import type { StarItem } from '../ports.ts';
import { refusedWithoutNeed } from './doors.ts';

type Kind = StarItem['kind'];

/** Asks for a page: the newest, or the one that goes on at an offset of the page before it. */
export type FetchPage = (kind: Kind, offset?: string) => Promise<Outcome<string>>;

export interface HistoryPages {
  /** The HTML of a history page, at most `keptMs` old. */
  page: FetchPage;
}

/** A look that comes this soon after another sees what that one saw; whoever looks for a delivery looks again. */
const historyKeptMs = 800;
/** Who is refused what follows on a page asks no more for so long: each try costs several of the calls all share. */
const refusalKeptMs = 300_000;

interface KeptPage {
  readonly askedAt: number;
  readonly page: Promise<Outcome<string>>;
}

/**
 * One page for all who look at the same time: every purchase that waits looks by itself, and the page shows them all.
 * The calls then do not grow with the purchases. An answer that is no page is shared by those alone who waited for it;
 * that there is none to be had behind the first, for want of the right or of the method, is remembered for minutes.
 */
export function createHistoryPages(
  fetchPage: FetchPage,
  keptMs = historyKeptMs,
  refusedMs = refusalKeptMs,
): HistoryPages {
  const kept = new Map<string, KeptPage>();
  const refusedAt = new Map<Kind, number>();

  function forgetOld(): void {
    for (const [name, { askedAt }] of kept) if (performance.now() - askedAt >= keptMs) kept.delete(name);
  }

  return {
    async page(kind, offset) {
      forgetOld();
      const isRefused = performance.now() - (refusedAt.get(kind) ?? Number.NEGATIVE_INFINITY) < refusedMs;
      if (offset !== undefined && isRefused) return unknown(refusedWithoutNeed);
      const name = `${kind}/${offset ?? ''}`;
      const last = kept.get(name);
      if (last !== undefined) return last.page;
      const asked: KeptPage = { askedAt: performance.now(), page: fetchPage(kind, offset) };
      kept.set(name, asked);
      const answer = await asked.page;
      if (answer.outcome !== 'done' && kept.get(name) === asked) kept.delete(name);
      if (answer.outcome === 'unknown' && answer.reason === refusedWithoutNeed) refusedAt.set(kind, performance.now());
      return answer;
    },
  };
}
