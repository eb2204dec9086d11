import type { GenerationAttempts } from '../../db/generation-attempts.ts';
import type { Inbox } from '../../db/inbox.ts';
import type { ApiMetrics } from '../../platform/telemetry/api-metrics.ts';
import type { ApiContext } from '../context.ts';
import type { TelegramDoor } from './telegram-door.ts';

/** What webhooks need. Inbox and attempts are over a pool of their own, which people's requests cannot exhaust (L8). */
export interface WebhookDeps {
  readonly inbox: Pick<Inbox, 'store'>;
  readonly attempts: Pick<GenerationAttempts, 'findByToken'>;
  readonly metrics: ApiMetrics;
  readonly bodyDeadlineMs: number;
  readonly deliveries: Deliveries;
  readonly telegram: Pick<TelegramDoor, 'intake' | 'wake'>;
}

/** Deliveries that follow answers. */
export interface Deliveries {
  /** Starts the delivery of a stream once the answer is out; what fails is left to the pump. */
  after(ctx: ApiContext, streamKey: string): void;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

/**
 * Delivers after the answer, never before it and never instead of it. No more than `atOnceMax` are under way; what
 * comes beside them is left to the pump, which a crowd reaches a moment later.
 */
export function createDeliveries(deliver: (streamKey: string) => Promise<unknown>, atOnceMax: number): Deliveries {
  const underWay = new Set<Promise<void>>();

  async function run(ctx: ApiContext, streamKey: string): Promise<void> {
    try {
      await deliver(streamKey);
    } catch (error) {
      ctx.state.logger.warn({ err: error, streamKey }, 'not delivered yet; the pump will');
    }
  }

  return {
    after(ctx, streamKey) {
      ctx.res.once('finish', () => {
        if (underWay.size >= atOnceMax) return;
        const running = run(ctx, streamKey);
        underWay.add(running);
        void running.then(() => underWay.delete(running));
      });
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
