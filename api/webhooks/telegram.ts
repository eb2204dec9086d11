import type { Router } from '@koa/router';
import { limits } from '../../core/limits.ts';
import type { Taken } from '../../gateway/telegram-intake.ts';
import { createSecretCheck, parseUpdate } from '../../providers/telegram/inbound.ts';
import { decodeText, parseJson, readBody } from '../body.ts';
import type { ApiContext, ApiState } from '../context.ts';
import { Problem } from '../problem.ts';
import type { WebhookDeps } from './deps.ts';
import type { TelegramDoor } from './telegram-door.ts';

export interface TelegramWebhookOptions {
  readonly secret: string;
  readonly door: Pick<TelegramDoor, 'intake' | 'wake'>;
}

const source = 'telegram';

/**
 * Updates of Telegram. The secret is judged before a byte of the body is read (T2); the body is decoded as a whole, so
 * that no character is cut (T4). Stored, answered 200, and only then handled elsewhere (T3). A pre-checkout query is
 * answered in the answer itself.
 */
export function addTelegramWebhook(
  router: Router<ApiState>,
  deps: Pick<WebhookDeps, 'metrics' | 'bodyDeadlineMs' | 'deliveries'>,
  options: TelegramWebhookOptions,
): void {
  const checkSecret = createSecretCheck(options.secret);
  router.post('/webhooks/telegram', async (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/webhooks/telegram';
    const verdict = checkSecret(ctx.req.headersDistinct['x-telegram-bot-api-secret-token']);
    if (verdict !== 'valid') {
      deps.metrics.webhooks.inc({ source, outcome: `secret_${verdict}` });
      throw new Problem(verdict === 'missing' ? 'secret_required' : 'secret_invalid');
    }
    const bounds = { bytesMax: limits.webhookBodyBytesMax, deadlineMs: deps.bodyDeadlineMs };
    const text = decodeText(await readBody(ctx.req, bounds));
    const update = parseUpdate(parseJson(text));
    ctx.status = 200;
    if (update === undefined) {
      deps.metrics.webhooks.inc({ source, outcome: 'ignored' });
      ctx.body = '';
      return;
    }
    const taken = await options.door.intake.take({ ...update, text });
    deps.metrics.webhooks.inc({ source, outcome: taken.kind });
    ctx.body = answerOf(taken);
    if (taken.kind === 'answer') return;
    if (taken.factStreamKey !== undefined) deps.deliveries.after(ctx, taken.factStreamKey);
    if (taken.kind === 'stored') ctx.res.once('finish', () => options.door.wake(update.streamKey));
  });
}

function answerOf(taken: Taken): unknown {
  return taken.kind === 'answer' ? { method: taken.method, ...taken.payload } : '';
}
