import { randomInt } from 'node:crypto';
import type { NotificationAnswer } from '../../notifier.ts';
import type { SimulatorParts } from '../../simulator-kit.ts';
import type { Caller } from './api.ts';
import type { BotSelf } from './bot-self.ts';
import { BotApiError } from './errors.ts';
import type { Polling } from './get-updates.ts';
import type { Methods } from './method.ts';
import type { Settings, StoredUpdate, WebhookState } from './model.ts';
import type { Updates } from './updates.ts';
import { webhookMethods } from './webhook-methods.ts';

export interface Webhooks {
  readonly methods: Methods;
  /** The answer of `getWebhookInfo`. */
  info(): unknown;
  /** The job that looks at a queue again when its wait is over. */
  wake(): void;
  /** Tries every queue anew, whatever it waits for. */
  retryNow(): void;
  start(): void;
  stop(): Promise<void>;
}

interface WebhooksDeps {
  readonly parts: SimulatorParts;
  readonly settings: Settings;
  readonly self: BotSelf;
  readonly updates: Updates;
  readonly polling: Polling;
  readonly caller: Caller;
}

/** How one queue stands; a queue without a state is ready. */
interface QueueState {
  readonly busy: boolean;
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly goneSinceMs?: number;
}

const timeoutMs = 60_000;
const firstWaitMs = 1_000;
const retryAfterSecondsMax = 3_600;
const goneMs = 23 * 3_600_000;
/** What an answer of the webhook cannot call. */
const notInAnswers = /^(set|delete)webhook$|^close$|^logout$|^get/i;

/**
 * Delivery to the bot's webhook: in each queue one after the other, the queues beside each other; a failure is repeated
 * after 1 s, doubling up to one or two minutes, until the update expires.
 */
export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { parts, settings, self, updates, caller } = deps;
  const { clock, jobs, notifier, logger } = parts;
  const queues = new Map<string, QueueState>();
  const running = new Set<Promise<void>>();
  let started = false;

  /** No queue waits any longer for its next try. */
  function retryNow(): void {
    for (const [name, state] of queues) queues.set(name, { ...state, notBeforeMs: 0 });
    kick();
  }

  function kick(): void {
    const { webhook } = self.state();
    if (!started || !webhook) return;
    const nowMs = clock.nowMs();
    const seen = new Set<string>();
    for (const stored of updates.pending()) {
      if (running.size >= webhook.maxConnections) return;
      const state = queues.get(stored.queue);
      const first = !seen.has(stored.queue);
      seen.add(stored.queue);
      if (!first || state?.busy === true || (state?.notBeforeMs ?? 0) > nowMs) continue;
      queues.set(stored.queue, { failures: 0, notBeforeMs: 0, ...state, busy: true });
      const work = deliver(webhook, stored)
        .catch((error: unknown) => logger.error({ err: error }, 'delivery to the webhook failed'))
        .finally(() => {
          running.delete(work);
          kick();
        });
      running.add(work);
    }
  }

  async function deliver(webhook: WebhookState, stored: StoredUpdate): Promise<void> {
    const answer = await notifier.exchange({
      url: webhook.url,
      headers: {
        'content-type': 'application/json',
        ...(webhook.secretToken === undefined ? {} : { 'x-telegram-bot-api-secret-token': webhook.secretToken }),
      },
      body: JSON.stringify(stored.update),
      timeoutMs,
    });
    if (!started) return;
    const ok = answer !== undefined && answer.status >= 200 && answer.status < 300;
    if (ok) {
      queues.delete(stored.queue);
      updates.confirm([stored.update.update_id]);
      execute(answer.body);
      return;
    }
    // Set anew in the meantime: its queues begin anew as well.
    if (self.state().webhook?.url !== webhook.url) {
      queues.delete(stored.queue);
      return;
    }
    postpone(stored.queue, answer);
  }

  function postpone(queue: string, answer: NotificationAnswer | undefined): void {
    const state = queues.get(queue);
    const failures = (state?.failures ?? 0) + 1;
    const nowMs = clock.nowMs();
    const goneSinceMs = answer?.status === 410 ? (state?.goneSinceMs ?? nowMs) : undefined;
    const isGone = goneSinceMs !== undefined && nowMs - goneSinceMs >= goneMs;
    self.change((bot) => {
      if (isGone) delete bot.webhook;
      else if (bot.webhook) bot.webhook = { ...bot.webhook, ...errorOf(answer, nowMs) };
    });
    const notBeforeMs = nowMs + waitMs(failures, answer?.retryAfter) * settings.retryScale;
    queues.set(queue, { busy: false, failures, notBeforeMs, ...(goneSinceMs === undefined ? {} : { goneSinceMs }) });
    jobs.schedule({ kind: 'webhook-queue', data: {}, dueAtMs: notBeforeMs });
  }

  /** An answer may be a call of a method; what comes of it nobody learns. */
  function execute(body: string): void {
    const call = readCall(body);
    if (!call || notInAnswers.test(call.method)) return;
    const work = (async () => caller.call(call.method, call.fields))().then(
      () => undefined,
      (error: unknown) => {
        const level = error instanceof BotApiError ? 'debug' : 'error';
        logger[level]({ err: error, method: call.method }, 'the method of a webhook answer failed');
      },
    );
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  updates.onAdded(kick);
  const restart = () => {
    queues.clear();
    kick();
  };
  return {
    ...webhookMethods({ ...deps, nowMs: clock.nowMs, restart }),
    wake: kick,
    retryNow,
    start() {
      started = true;
      kick();
    },
    async stop() {
      started = false;
      await Promise.all(running);
    },
  };
}

function waitMs(failures: number, retryAfter: string | undefined): number {
  const seconds = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
  if (seconds > 0) return Math.min(seconds, retryAfterSecondsMax) * 1_000;
  const cap = randomInt(60_000, 120_000);
  return Math.min(firstWaitMs * 2 ** (failures - 1), cap);
}

function errorOf(answer: NotificationAnswer | undefined, nowMs: number) {
  const said = answer && `Wrong response from the webhook: ${answer.status} ${answer.reason}`.trimEnd();
  return { lastErrorDate: Math.floor(nowMs / 1_000), lastErrorMessage: said ?? 'Connection failed' };
}

function readCall(body: string): { method: string; fields: ReadonlyMap<string, unknown> } | undefined {
  if (!body.trimStart().startsWith('{')) return undefined;
  try {
    const { method, ...fields } = JSON.parse(body) as Record<string, unknown>;
    return typeof method === 'string' ? { method, fields: new Map(Object.entries(fields)) } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
