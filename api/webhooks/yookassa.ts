import type { Router } from '@koa/router';
import { limits } from '../../core/limits.ts';
import { clientAddress } from '../../platform/client-address.ts';
import { createAddressCheck, parseNotification } from '../../providers/yookassa/inbound.ts';
import { decodeText, parseJson, readBody } from '../body.ts';
import type { ApiContext, ApiState } from '../context.ts';
import { Problem } from '../problem.ts';
import type { WebhookDeps } from './deps.ts';

export interface YookassaWebhookOptions {
  /** The networks that notifications may come from. */
  readonly networks: readonly string[];
  readonly trustedProxyCount: number;
}

const source = 'yookassa';

/**
 * Notifications of YooKassa: nothing in them is signed, so only the address is checked and only two ids are taken; the
 * payment is read again before anything happens. Stored, then answered 200, then delivered.
 */
export function addYookassaWebhook(router: Router<ApiState>, deps: WebhookDeps, options: YookassaWebhookOptions): void {
  const isAllowed = createAddressCheck(options.networks);
  router.post('/webhooks/yookassa', async (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/webhooks/yookassa';
    const forwarded = ctx.get('x-forwarded-for') || undefined;
    const address = clientAddress(ctx.req.socket.remoteAddress, forwarded, options.trustedProxyCount);
    if (!isAllowed(address)) {
      deps.metrics.webhooks.inc({ source, outcome: 'address_not_allowed' });
      ctx.state.logger.warn({ address }, 'a notification from a foreign address');
      throw new Problem('address_not_allowed');
    }
    const body = decodeText(
      await readBody(ctx.req, { bytesMax: limits.webhookBodyBytesMax, deadlineMs: deps.bodyDeadlineMs }),
    );
    parseJson(body);
    const notification = parseNotification(body);
    ctx.status = 200;
    ctx.body = '';
    if (notification === undefined) {
      deps.metrics.webhooks.inc({ source, outcome: 'ignored' });
      return;
    }
    const { dedupeKey, streamKey, objectId } = notification;
    const fact = { kind: 'payment', provider: source, paymentId: objectId } as const;
    const stored = await deps.inbox.store({ source, dedupeKey, streamKey, fact, body });
    deps.metrics.webhooks.inc({ source, outcome: stored });
    deps.deliveries.after(ctx, streamKey);
  });
}
