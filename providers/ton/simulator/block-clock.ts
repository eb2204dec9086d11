import type { Clock } from '../../simulator-jobs.ts';
import type { Collection } from '../../simulator-store.ts';
import type { Anchor } from './model.ts';
import type { Settings } from './options.ts';

export interface Block {
  readonly seqno: number;
  /** When the block was made, in milliseconds since 1970. */
  readonly atMs: number;
  /** The same as contracts see it: unix seconds. */
  readonly utime: number;
}

export interface BlockClock {
  /** The newest block. */
  head(): Block;
  /** The block of a number not older than the last time the clock was touched. */
  blockOf(seqno: number): Block;
  isPaused(): boolean;
  /** Stops or goes on making blocks. */
  pause(paused: boolean): void;
  /** Makes so many blocks at once, also while paused. */
  advance(blocks: number): void;
  /** To be called before the time between blocks changes. */
  settle(): void;
}

const firstSeqno = 40_000_000;

/**
 * Blocks come by the clock without a timer: how many there are is worked out when somebody asks, so a chain that nobody
 * uses costs nothing, and one that was stopped has moved on meanwhile, as the real one does.
 */
export function createBlockClock(
  kept: Collection<Anchor>,
  { clock, settings }: { clock: Clock; settings: Settings },
): BlockClock {
  function anchor(): Anchor {
    const found = kept.get('anchor');
    if (found) return found;
    const nowMs = clock.nowMs();
    const first = { clockMs: nowMs, chainMs: nowMs, seqno: firstSeqno, paused: false };
    kept.put('anchor', first);
    return first;
  }
  function head(): Block {
    const { clockMs, seqno, paused } = anchor();
    const passed = paused ? 0 : Math.max(0, Math.floor((clock.nowMs() - clockMs) / settings.now().blockMs));
    return blockOf(seqno + passed);
  }
  function blockOf(wanted: number): Block {
    const { chainMs, seqno } = anchor();
    const atMs = chainMs + (wanted - seqno) * settings.now().blockMs;
    return { seqno: wanted, atMs, utime: Math.floor(atMs / 1_000) };
  }
  function move(changes: { blocks?: number; paused?: boolean }): void {
    const { clockMs, chainMs, seqno, paused } = anchor();
    const { blockMs } = settings.now();
    const { seqno: headSeqno } = head();
    const passed = headSeqno - seqno;
    const blocks = passed + (changes.blocks ?? 0);
    kept.put('anchor', {
      // A chain that goes on keeps its beat; one that was paused starts it anew.
      clockMs: paused ? clock.nowMs() : clockMs + passed * blockMs,
      chainMs: chainMs + blocks * blockMs,
      seqno: seqno + blocks,
      paused: changes.paused ?? paused,
    });
  }
  return {
    head,
    blockOf,
    isPaused: () => anchor().paused,
    pause: (paused) => move({ paused }),
    advance: (blocks) => move({ blocks }),
    settle: () => move({}),
  };
}
