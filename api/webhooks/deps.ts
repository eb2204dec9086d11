import type { GenerationAttempts } from '../../db/generation-attempts.ts';
import type { Inbox } from '../../db/inbox.ts';
import type { ApiMetrics } from '../../platform/telemetry/api-metrics.ts';
import type { ApiContext } from '../context.ts';

/** What webhooks need. Inbox and attempts are over a pool of their own, which people's requests cannot exhaust (L8). */
export interface WebhookDeps {
  readonly inbox: Pick<Inbox, 'store'>;
  readonly attempts: Pick<GenerationAttempts, 'findByToken'>;
  readonly metrics: ApiMetrics;
  readonly bodyDeadlineMs: number;
  /** Starts the delivery of a stream once the answer is out; what fails is left to the pump. */
  readonly deliverLater: (ctx: ApiContext, streamKey: string) => void;
}

/** Delivers after the answer, never before it and never instead of it. */
export function createDeliverLater(deliver: (streamKey: string) => Promise<unknown>): WebhookDeps['deliverLater'] {
  return (ctx, streamKey) => {
    ctx.res.once('finish', () => {
      deliver(streamKey).catch((error: unknown) => {
        ctx.state.logger.warn({ err: error, streamKey }, 'not delivered yet; the pump will');
      });
    });
  };
}
