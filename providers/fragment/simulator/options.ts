import { z } from 'zod';
import type { Collection } from '../../simulator-store.ts';

/** What `POST /_sim/options` may change; the same names are start options. */
export const optionsSchema = z.strictObject({
  /** What one Star costs, in nanotons. */
  starPriceNano: z.int().min(1),
  /** How long a payment request may be paid; it is credited afterwards too, see `creditsLate`. */
  validForMs: z.int().min(0),
  /** A page's token is renewed after so long. */
  hashLifetimeMs: z.int().min(1),
  /** From the payment in a block to the delivery. */
  deliverAfterMs: z.int().min(0),
  /** What becomes of what was paid: `hold` waits for a person, `lose` says nothing and gives nothing. */
  delivery: z.enum(['auto', 'hold', 'refuse', 'lose']),
  /** How the payment's body is spelt; `long` goes on in a second cell, `mixed` takes the forms in turn. */
  payload: z.enum(['padded', 'unpadded', 'url-safe', 'long', 'mixed']),
  amount: z.enum(['text', 'number']),
  /** How errors are written: `escaped` has entities in it, `object` has the text inside. */
  error: z.enum(['text', 'escaped', 'object']),
  /** Payment requests answer that the account must be verified. */
  kycRequired: z.boolean(),
  /** What is paid after its time is delivered all the same. */
  creditsLate: z.boolean(),
  /** The site's guard stands before everything: 403 and a page. */
  guarded: z.boolean(),
  /** Rows of a history that are shown at once; older ones are asked for. */
  historyRowsMax: z.int().min(1),
  /** Calls a second, above which 429 is answered; 0: no limit. */
  callsPerSecondMax: z.int().min(0),
});

export type FragmentSimulatorSettings = z.infer<typeof optionsSchema>;

const defaultSettings: FragmentSimulatorSettings = {
  starPriceNano: 3_694_000,
  validForMs: 300_000,
  hashLifetimeMs: 600_000,
  deliverAfterMs: 2_000,
  delivery: 'auto',
  payload: 'mixed',
  amount: 'text',
  error: 'escaped',
  kycRequired: false,
  creditsLate: true,
  guarded: false,
  historyRowsMax: 50,
  callsPerSecondMax: 0,
};

export interface Settings {
  now(): FragmentSimulatorSettings;
  change(changes: Partial<FragmentSimulatorSettings>): FragmentSimulatorSettings;
}

/** Settings of a simulator: the start's, over the defaults; what was changed by control is kept over a restart. */
export function createSettings(
  kept: Collection<Partial<FragmentSimulatorSettings>>,
  started: Partial<FragmentSimulatorSettings>,
): Settings {
  const now = () => ({ ...defaultSettings, ...started, ...kept.get('settings') });
  return {
    now,
    change(changes) {
      kept.put('settings', { ...kept.get('settings'), ...changes });
      return now();
    },
  };
}
