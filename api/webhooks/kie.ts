import type { Router } from '@koa/router';
import { limits } from '../../core/limits.ts';
import { parseCallback, verifySignature } from '../../providers/kie/inbound.ts';
import { decodeText, parseJson, readBody } from '../body.ts';
import type { ApiContext, ApiState } from '../context.ts';
import { Problem } from '../problem.ts';
import type { WebhookDeps } from './deps.ts';

export interface KieWebhookOptions {
  /** The account's webhook key; with it a callback without its signature is refused. */
  readonly webhookKey: string | undefined;
  readonly now: () => Date;
}

const source = 'kie';

/** Callbacks of kie.ai. The address itself is the proof: each attempt has its own, which nobody can guess. */
export function addKieWebhook(router: Router<ApiState>, deps: WebhookDeps, options: KieWebhookOptions): void {
  router.post('/webhooks/kie/:token', async (context) => {
    const ctx = context as unknown as ApiContext & { params: { token: string } };
    ctx.state.route = '/webhooks/kie/:token';
    const { token } = ctx.params;
    const attempt = /^[\w-]{16,200}$/.test(token) ? await deps.attempts.findByToken(token) : null;
    if (attempt === null) {
      deps.metrics.webhooks.inc({ source, outcome: 'unknown_token' });
      throw new Problem('not_found');
    }
    const bounds = { bytesMax: limits.webhookBodyBytesMax, deadlineMs: deps.bodyDeadlineMs };
    const body = decodeText(await readBody(ctx.req, bounds));
    parseJson(body);
    const callback = parseCallback(attempt.id, body);
    ctx.status = 200;
    ctx.body = { code: 200 };
    if (callback === undefined) {
      deps.metrics.webhooks.inc({ source, outcome: 'ignored' });
      return;
    }
    const { taskId, dedupeKey, streamKey } = callback;
    checkSignature(ctx, taskId, options);
    const fact = { kind: 'generation', provider: source, attemptId: attempt.id, taskId } as const;
    const stored = await deps.inbox.store({ source, dedupeKey, streamKey, fact, body });
    deps.metrics.webhooks.inc({ source, outcome: stored });
    deps.deliveries.after(ctx, streamKey);
  });
}

function checkSignature(ctx: ApiContext, taskId: string, { webhookKey, now }: KieWebhookOptions): void {
  if (webhookKey === undefined) return;
  const { 'x-webhook-timestamp': timestamp, 'x-webhook-signature': signature } = ctx.req.headers;
  const verdict = verifySignature({ taskId, timestamp, signature }, [{ secret: webhookKey }], now().getTime());
  if (verdict !== 'valid') throw new Problem('signature_invalid', { detail: `The signature is ${verdict}.` });
}
