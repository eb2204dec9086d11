import { z } from 'zod';
import { parseJson } from '../../core/json.ts';
import type { CacheCount } from '../telemetry/cache-metrics.ts';
import { type CacheFamily, type CacheKind, sharedKey } from './kinds.ts';
import type { GuardedLevel } from './shared-guard.ts';

/** A value, and when it was read at its source. */
export interface Dated<T> {
  readonly value: T;
  readonly at: number;
}

export interface Reading<T> {
  readonly load: () => Promise<T | undefined>;
  /** Whether the key has been forgotten since this reading began. */
  readonly isSpoilt: () => boolean;
}

/** What lies behind the memory of a process: Redis, and the sources. */
export interface BehindMemory {
  read<T extends object>(kind: CacheKind<T>, key: string, reading: Reading<T>): Promise<Dated<T> | undefined>;
  /** From now on nothing that ends by news is believed which was read before: changes may have gone unheard. */
  doubtWhatWas(): void;
}

export interface BehindMemoryOptions {
  readonly shared: GuardedLevel;
  readonly ttlMs: Readonly<Record<CacheFamily, number>>;
  readonly count: CacheCount;
  readonly now: () => number;
}

const envelope = z.object({ at: z.number(), value: z.unknown() });
/** Clocks of two machines may be so far apart. */
const clockSkewMs = 5_000;

/** Reads in Redis, else at the source, and puts what the source said into Redis. */
export function createBehindMemory({ shared, ttlMs, count, now }: BehindMemoryOptions): BehindMemory {
  let believedFrom = 0;

  /** What Redis kept, if it is what this version makes of it and still holds. */
  function open<T>({ family, schema, endsBy }: CacheKind<T>, text: string): Dated<T> | undefined {
    const opened = envelope.safeParse(parseJson(text));
    const value = schema.safeParse(opened.data?.value);
    if (!opened.success || !value.success) {
      count(family, 'shared', 'error');
      return undefined;
    }
    const { at } = opened.data;
    const isOver = at > now() + clockSkewMs || at + ttlMs[family] <= now();
    return isOver || (endsBy === 'news' && at < believedFrom) ? undefined : { value: value.data, at };
  }

  /** What Redis has; what it has and should not is removed, so that the next reader may fill the place. */
  async function lookUp<T>(kind: CacheKind<T>, key: string): Promise<{ found?: Dated<T>; lease?: string }> {
    const { family } = kind;
    const answer = await shared.get(family, key);
    if (answer?.kind === 'lease') return { lease: answer.lease };
    if (answer?.kind !== 'kept') return {};
    const found = open(kind, answer.text);
    count(family, 'shared', found === undefined ? 'miss' : 'hit');
    if (found !== undefined) return { found };
    await shared.forget(family, key);
    return {};
  }

  return {
    async read(kind, key, { load, isSpoilt }) {
      const { family } = kind;
      const full = sharedKey(kind, key);
      const { found, lease } = await lookUp(kind, full);
      if (found !== undefined) return found;
      const at = now();
      const value = await load().catch(async (error: unknown) => {
        if (lease !== undefined) await shared.release(family, full, lease);
        throw error;
      });
      count(family, 'source', value === undefined ? 'miss' : 'hit');
      if (lease !== undefined && (value === undefined || isSpoilt())) await shared.release(family, full, lease);
      else if (lease !== undefined) {
        await shared.fill(family, full, { lease, text: JSON.stringify({ at, value }), ttlMs: ttlMs[family] });
      }
      return value === undefined ? undefined : { value, at };
    },
    doubtWhatWas: () => (believedFrom = now() + clockSkewMs),
  };
}
