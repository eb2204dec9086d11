import type { Router } from '@koa/router';
import type { Config } from '../../platform/config.ts';
import type { ApiState } from '../context.ts';
import type { WebhookDeps } from './deps.ts';
import { addHeleketWebhook } from './heleket.ts';
import { addKieWebhook } from './kie.ts';
import { addTelegramWebhook } from './telegram.ts';
import { addYookassaWebhook } from './yookassa.ts';

/** Adds the webhook of every provider that calls back, each at its own path and with its own proof. */
export function addWebhooks(
  router: Router<ApiState>,
  deps: WebhookDeps,
  { config, now }: { readonly config: Config; readonly now: () => Date },
): void {
  const { trustedProxyCount } = config.api;
  addYookassaWebhook(router, deps, { networks: config.yookassa.webhookCidrs, trustedProxyCount });
  addHeleketWebhook(router, deps, { keys: heleketKeys(config.heleket) });
  addKieWebhook(router, deps, { webhookKey: config.kie.webhookKey?.reveal(), now });
  addTelegramWebhook(router, deps, { secret: config.telegram.webhookSecret.reveal(), door: deps.telegram });
}

/** The key in force and, while it is being changed, the one before; none where Heleket is not set up. */
function heleketKeys({ isOffered, paymentKey, paymentKeyPrevious }: Config['heleket']): readonly string[] {
  return isOffered ? [paymentKey, paymentKeyPrevious].flatMap((key) => (key ? [key.reveal()] : [])) : [];
}
