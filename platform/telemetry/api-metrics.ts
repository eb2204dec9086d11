import { Counter, Histogram, type Registry } from 'prom-client';

/** The figures of the API. Routes are patterns; no label is ever an id. */
export interface ApiMetrics {
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly initDataRefusals: Counter<'reason'>;
  readonly rateRefusals: Counter<'limit'>;
  readonly webhooks: Counter<'source' | 'outcome'>;
  readonly shed: Counter;
}

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createApiMetrics(registry: Registry): ApiMetrics {
  const registers = [registry];
  return {
    requests: new Histogram({
      name: 'holdfast_http_request_seconds',
      help: 'Requests by route pattern',
      labelNames: ['method', 'route', 'status'],
      buckets: secondsBuckets,
      registers,
    }),
    initDataRefusals: new Counter({
      name: 'holdfast_init_data_refusals_total',
      help: 'Init data that was refused, by reason',
      labelNames: ['reason'],
      registers,
    }),
    rateRefusals: new Counter({
      name: 'holdfast_rate_refusals_total',
      help: 'Requests over a rate limit, by limit',
      labelNames: ['limit'],
      registers,
    }),
    webhooks: new Counter({
      name: 'holdfast_webhooks_total',
      help: 'Webhooks by what became of them: stored, duplicate, ignored, refused and why',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    shed: new Counter({
      name: 'holdfast_http_shed_total',
      help: 'Requests turned away because too many wait for the database',
      registers,
    }),
  };
}
