import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The figures of the live updates. No label is ever an id. */
export interface LiveMetrics {
  readonly messages: Counter<'type'>;
  readonly closed: Counter<'reason'>;
  readonly delay: Histogram;
}

export function createLiveMetrics(registry: Registry, countSockets: () => number): LiveMetrics {
  const registers = [registry];
  new Gauge({
    name: 'holdfast_live_sockets',
    help: 'Open sockets of live updates',
    registers,
    collect() {
      this.set(countSockets());
    },
  });
  return {
    messages: new Counter({
      name: 'holdfast_live_messages_total',
      help: 'Messages sent to live sockets: snapshots and events',
      labelNames: ['type'],
      registers,
    }),
    closed: new Counter({
      name: 'holdfast_live_closed_total',
      help: 'Live sockets that were ended, by reason; left: by the client',
      labelNames: ['reason'],
      registers,
    }),
    delay: new Histogram({
      name: 'holdfast_live_delay_seconds',
      help: 'From the beginning of a fact in the database to its being sent to a socket',
      buckets: [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 30],
      registers,
    }),
  };
}
