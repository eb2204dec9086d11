import { z } from 'zod';
import type { Collection } from '../../simulator-store.ts';

/** What `POST /_sim/options` may change; the same names are start options. */
export const optionsSchema = z.strictObject({
  /** From acceptance to the end of a task, where the prompt says nothing else. */
  delayMs: z.int().min(0),
  /** How long recordInfo says "recordInfo is null" after a successful createTask. */
  propagationMs: z.int().min(0),
  /** Accepted tasks in a window, above which 429 is answered and nothing created; 0: no limit. */
  createMax: z.int().min(0),
  createWindowMs: z.int().min(1),
  resultTtlMs: z.int().min(0),
  uploadTtlMs: z.int().min(0),
  /** Answers errors with their HTTP status too, instead of 200. */
  realHttpErrors: z.boolean(),
  /** Refuses a client without a User-Agent with 403 `error code: 1010`. */
  requireUserAgent: z.boolean(),
  /** Leaves out the Content-Type of answers, as has been seen. */
  omitContentType: z.boolean(),
  callbackTimeoutMs: z.int().min(1),
  /** Waits before the second, third ... attempt to deliver a callback. */
  callbackRetryMs: z.array(z.int().min(0)).max(20),
  /** Draws one picture for all tasks: for benches, where drawing is not the point. */
  preparedPicture: z.boolean(),
});

export type KieSimulatorSettings = z.infer<typeof optionsSchema>;

const defaultSettings: KieSimulatorSettings = {
  delayMs: 4_000,
  propagationMs: 300,
  createMax: 20,
  createWindowMs: 10_000,
  resultTtlMs: 20 * 60_000,
  uploadTtlMs: 3 * 24 * 3_600_000,
  realHttpErrors: false,
  requireUserAgent: true,
  omitContentType: false,
  callbackTimeoutMs: 15_000,
  callbackRetryMs: [5_000, 30_000, 120_000],
  preparedPicture: false,
};

export interface Settings {
  now(): KieSimulatorSettings;
  change(changes: Partial<KieSimulatorSettings>): KieSimulatorSettings;
}

/** Settings of a simulator: the start's, over the defaults; what was changed by control is kept over a restart. */
export function createSettings(
  kept: Collection<Partial<KieSimulatorSettings>>,
  started: Partial<KieSimulatorSettings>,
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
