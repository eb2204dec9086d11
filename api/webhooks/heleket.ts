import type { Router } from '@koa/router';
import { limits } from '../../core/limits.ts';
import { readWebhook } from '../../providers/heleket/inbound.ts';
import { decodeText, parseJson, readBody } from '../body.ts';
import type { ApiContext, ApiState } from '../context.ts';
import { Problem } from '../problem.ts';
import type { WebhookDeps } from './deps.ts';

export interface HeleketWebhookOptions {
  /** The payment keys that a webhook may be signed with. */
  readonly keys: readonly string[];
}

const source = 'heleket';

/**
 * Webhooks of Heleket. The signature proves who wrote a body and not when: only its ids are taken, and the invoice is
 * read again before anything happens. Stored, then answered 200, then delivered.
 */
export function addHeleketWebhook(router: Router<ApiState>, deps: WebhookDeps, options: HeleketWebhookOptions): void {
  router.post('/webhooks/heleket', async (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/webhooks/heleket';
    const bounds = { bytesMax: limits.webhookBodyBytesMax, deadlineMs: deps.bodyDeadlineMs };
    const body = decodeText(await readBody(ctx.req, bounds));
    parseJson(body);
    const reading = readWebhook(body, options.keys);
    if (reading.kind === 'forged') {
      deps.metrics.webhooks.inc({ source, outcome: 'signature_invalid' });
      throw new Problem('signature_invalid');
    }
    ctx.status = 200;
    ctx.body = '';
    if (reading.kind === 'ignored') {
      deps.metrics.webhooks.inc({ source, outcome: 'ignored' });
      return;
    }
    const { uuid, dedupeKey, streamKey } = reading.notification;
    const fact = { kind: 'payment', provider: source, paymentId: uuid } as const;
    const stored = await deps.inbox.store({ source, dedupeKey, streamKey, fact, body });
    deps.metrics.webhooks.inc({ source, outcome: stored });
    deps.deliveries.after(ctx, streamKey);
  });
}
