import { z } from 'zod';
import type { Collection } from '../../simulator-store.ts';

/** What `POST /_sim/options` may change; the same names are start options. */
export const optionsSchema = z.strictObject({
  /** From block to block. */
  blockMs: z.int().min(1),
  /** Blocks that a message waits for its inclusion; 1 is the next one. */
  inclusionBlocks: z.int().min(1),
  /** Blocks that the index (v3) is behind the node (v2). */
  indexLagBlocks: z.int().min(0),
  /** So many messages from now on are taken with `ok` and never seen again. */
  loseNext: z.int().min(0),
  /** So many messages from now on are sent once more after their block, by a node that has not heard of it. */
  repeatNext: z.int().min(0),
  /** So many messages from now on are taken, and answered with HTTP 500 and a time-out's text. */
  failAfterAccept: z.int().min(0),
  /** Requests of a caller without a key in a second, above which 429 is answered; 0: no limit. */
  callsPerSecondWithoutKey: z.int().min(0),
  /** The same for a caller with the key. */
  callsPerSecondWithKey: z.int().min(0),
});

export type TonSimulatorSettings = z.infer<typeof optionsSchema>;

const defaultSettings: TonSimulatorSettings = {
  blockMs: 1_000,
  inclusionBlocks: 2,
  indexLagBlocks: 2,
  loseNext: 0,
  repeatNext: 0,
  failAfterAccept: 0,
  callsPerSecondWithoutKey: 0,
  callsPerSecondWithKey: 0,
};

export interface Settings {
  now(): TonSimulatorSettings;
  change(changes: Partial<TonSimulatorSettings>): TonSimulatorSettings;
  /** Uses up one of a counted setting; false when none was left. */
  take(name: 'loseNext' | 'repeatNext' | 'failAfterAccept'): boolean;
}

/** Settings of a simulator: the start's, over the defaults; what was changed by control is kept over a restart. */
export function createSettings(
  kept: Collection<Partial<TonSimulatorSettings>>,
  started: Partial<TonSimulatorSettings>,
): Settings {
  const now = () => ({ ...defaultSettings, ...started, ...kept.get('settings') });
  const change: Settings['change'] = (changes) => {
    kept.put('settings', { ...kept.get('settings'), ...changes });
    return now();
  };
  return {
    now,
    change,
    take(name) {
      const left = now()[name];
      if (left > 0) change({ [name]: left - 1 });
      return left > 0;
    },
  };
}
