import type { GenerationAttempts } from '../../db/generation-attempts.ts';
import type { Inbox } from '../../db/inbox.ts';
import type { Deliveries } from '../../gateway/deliveries.ts';
import type { ApiMetrics } from '../../platform/telemetry/api-metrics.ts';
import type { ApiContext } from '../context.ts';
import type { TelegramDoor } from './telegram-door.ts';

/** What webhooks need. Inbox and attempts are over a pool of their own, which people's requests cannot exhaust (L8). */
export interface WebhookDeps {
  readonly inbox: Pick<Inbox, 'store'>;
  readonly attempts: Pick<GenerationAttempts, 'findByToken'>;
  readonly metrics: ApiMetrics;
  readonly bodyDeadlineMs: number;
  readonly deliveries: AnswerDeliveries;
  readonly telegram: Pick<TelegramDoor, 'intake' | 'wake'>;
}

/** Deliveries that follow answers. */
export interface AnswerDeliveries {
  /** Starts the delivery of a stream once the answer is out; what fails is left to the pump. */
  after(ctx: ApiContext, streamKey: string): void;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

/** Delivers after the answer, never before it and never instead of the pump. */
export function deliverAfterAnswers(deliveries: Deliveries): AnswerDeliveries {
  return {
    after(ctx, streamKey) {
      ctx.res.once('finish', () => deliveries.begin(streamKey, ctx.state.logger));
    },
    settled: () => deliveries.settled(),
  };
}
