import { done, type Outcome, unknown } from '../../core/result.ts';
import type { TelegramClient } from './client.ts';
import type { MethodResult } from './methods.ts';

export type StarTransaction = MethodResult<'getStarTransactions'>['transactions'][number];

export interface StarTransactionPage {
  readonly transactions: readonly StarTransaction[];
  /** The offset of the next page; undefined at the end. */
  readonly nextOffset?: number;
}

/** The bot's list of Star transactions, which Telegram gives oldest first and only by offset. */
export interface StarTransactions {
  /** The page from an offset on. */
  page(offset: number): Promise<Outcome<StarTransactionPage>>;
  /** The offset of the first transaction at or after a moment (seconds); the length of the list when there is none. */
  seek(sinceS: number): Promise<Outcome<number>>;
  /** The newest transactions, a page at most. */
  newest(): Promise<Outcome<readonly StarTransaction[]>>;
}

const pageMax = 100;
/** No offset is larger; a list that seems to go on beyond is none. */
const offsetMax = 2 ** 31 - 1;

/**
 * Reads the list. It only grows and is in order of time, so that a moment is found by doubling and halving from where
 * the last search ended: some dozens of small reads in a million transactions, and two where nothing has changed.
 */
export function createStarTransactions(client: Pick<TelegramClient, 'call'>): StarTransactions {
  /** Where the last search ended: the next one begins there. */
  let hint = 0;

  async function read(offset: number, limit: number): Promise<Outcome<readonly StarTransaction[]>> {
    const answer = await client.call('getStarTransactions', { offset, limit });
    return answer.outcome === 'done' ? done(answer.value.transactions) : answer;
  }

  /** Whether the transaction at an offset is at or after the moment; beyond the end it counts as after. */
  async function isAfter(offset: number, sinceS: number): Promise<Outcome<boolean>> {
    const answer = await read(offset, 1);
    if (answer.outcome !== 'done') return answer;
    const [found] = answer.value;
    return done(found === undefined || found.date >= sinceS);
  }

  /** Bounds between which the moment lies: `low` is before it (or -1), `high` is not. */
  async function bracket(sinceS: number): Promise<Outcome<{ low: number; high: number }>> {
    // Most searches end where the one before did, or a little further on. Another one may end, and move the hint, while
    // this one waits for an answer.
    const start = hint;
    const first = await isAfter(start, sinceS);
    if (first.outcome !== 'done') return first;
    const direction = first.value ? -1 : 1;
    for (let near = start, step = 1; ; step *= 2) {
      const at = near + direction * step;
      if (at < 0) return done({ low: -1, high: near });
      if (at > offsetMax) return unknown('answer_not_understood');
      const probe = await isAfter(at, sinceS);
      if (probe.outcome !== 'done') return probe;
      if (probe.value !== first.value) return done(first.value ? { low: at, high: near } : { low: near, high: at });
      near = at;
    }
  }

  async function seek(sinceS: number): Promise<Outcome<number>> {
    const bounds = await bracket(sinceS);
    if (bounds.outcome !== 'done') return bounds;
    let { low, high } = bounds.value;
    while (high - low > 1) {
      const middle = low + Math.floor((high - low) / 2);
      const probe = await isAfter(middle, sinceS);
      if (probe.outcome !== 'done') return probe;
      if (probe.value) high = middle;
      else low = middle;
    }
    hint = high;
    return done(high);
  }

  return {
    seek,
    async page(offset) {
      const answer = await read(offset, pageMax);
      if (answer.outcome !== 'done') return answer;
      const isLast = answer.value.length < pageMax;
      return done({ transactions: answer.value, ...(isLast ? {} : { nextOffset: offset + pageMax }) });
    },
    async newest() {
      const length = await seek(Number.POSITIVE_INFINITY);
      return length.outcome === 'done' ? read(Math.max(0, length.value - pageMax), pageMax) : length;
    },
  };
}
