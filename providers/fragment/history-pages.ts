import type { Outcome } from '../../core/result.ts';
import type { StarItem } from '../ports.ts';

type Kind = StarItem['kind'];

export interface HistoryPages {
  /** The HTML of a history page, at most `keptMs` old. */
  page(kind: Kind): Promise<Outcome<string>>;
}

/** A look that comes this soon after another sees what that one saw; whoever looks for a delivery looks again. */
const historyKeptMs = 800;

interface KeptPage {
  readonly askedAt: number;
  readonly page: Promise<Outcome<string>>;
}

/**
 * One page for all who look at the same time: every purchase that waits looks by itself, and the page shows them all.
 * The calls then do not grow with the purchases. An answer that is no page is shared by those alone who waited for it.
 */
export function createHistoryPages(
  fetchPage: (kind: Kind) => Promise<Outcome<string>>,
  keptMs = historyKeptMs,
): HistoryPages {
  const kept = new Map<Kind, KeptPage>();
  return {
    async page(kind) {
      const last = kept.get(kind);
      if (last !== undefined && performance.now() - last.askedAt < keptMs) return last.page;
      const asked: KeptPage = { askedAt: performance.now(), page: fetchPage(kind) };
      kept.set(kind, asked);
      const answer = await asked.page;
      if (answer.outcome !== 'done' && kept.get(kind) === asked) kept.delete(kind);
      return answer;
    },
  };
}
