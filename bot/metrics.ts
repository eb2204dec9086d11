import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The figures of a bot process. No label is ever an id. */
export interface BotMetrics {
  readonly taken: Counter<'kind' | 'outcome'>;
  readonly handled: Counter<'kind' | 'outcome'>;
  readonly handling: Gauge;
  readonly limited: Counter<'kind'>;
  readonly calls: Counter<'method' | 'outcome'>;
  readonly waited: Histogram;
  readonly news: Counter<'kind' | 'outcome'>;
}

const secondsBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

export function createBotMetrics(registry: Registry): BotMetrics {
  const registers = [registry];
  return {
    taken: new Counter({
      name: 'holdfast_bot_updates_taken_total',
      help: 'Updates fetched by polling: stored, duplicate, answer, ignored',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    handled: new Counter({
      name: 'holdfast_bot_updates_handled_total',
      help: 'Updates by what became of them: done, postponed, set_aside; slow for each 30 s that one takes',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    handling: new Gauge({
      name: 'holdfast_bot_chats_active',
      help: 'Chats whose updates are being handled',
      registers,
    }),
    limited: new Counter({
      name: 'holdfast_bot_updates_limited_total',
      help: 'Updates that were not acted on, because their person had done too much in a minute',
      labelNames: ['kind'],
      registers,
    }),
    calls: new Counter({
      name: 'holdfast_bot_calls_total',
      help: 'Calls that chats see, by method and outcome: done, refused, not_sent, unknown',
      labelNames: ['method', 'outcome'],
      registers,
    }),
    waited: new Histogram({
      name: 'holdfast_bot_call_wait_seconds',
      help: 'How long calls waited for their turn and for Telegram',
      buckets: secondsBuckets,
      registers,
    }),
    news: new Counter({
      name: 'holdfast_bot_news_total',
      help: 'News of the outbox: sent, unsure, dropped, postponed',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
  };
}
