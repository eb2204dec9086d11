import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The figures of the money path that a worker gathers. No label is ever an id. */
export interface MoneyMetrics {
  /** One answer of a provider. */
  providerAnswered(answer: { provider: string; outcome: string; ms: number }): void;
  /** The same object with the time of each of its methods in a histogram. */
  timed<T extends object>(moves: T): T;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const providerBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** `figures` are read from the database at each scrape; a failure leaves them out, and the scrape stands. */
export function createMoneyMetrics(
  registry: Registry,
  figures: () => Promise<Readonly<Record<string, number>>>,
): MoneyMetrics {
  const registers = [registry];
  const answers = new Counter({
    name: 'holdfast_provider_answers_total',
    help: 'Answers of providers: done, refused, not_sent, unknown',
    labelNames: ['provider', 'outcome'],
    registers,
  });
  const answerSeconds = new Histogram({
    name: 'holdfast_provider_answer_seconds',
    help: 'How long providers take to answer',
    labelNames: ['provider'],
    buckets: providerBuckets,
    registers,
  });
  const moveSeconds = new Histogram({
    name: 'holdfast_ledger_move_seconds',
    help: 'Moves of orders and money, each one round trip to the database',
    labelNames: ['move'],
    buckets: secondsBuckets,
    registers,
  });
  const gauge = new Gauge({
    name: 'holdfast_money',
    help: 'Open holds, inbox, unknown outcomes, open cases and the like; ages in seconds',
    labelNames: ['figure'],
    registers,
    async collect() {
      try {
        for (const [figure, value] of Object.entries(await figures())) gauge.set({ figure }, value);
      } catch (error) {
        gauge.reset();
        if (!(error instanceof Error)) throw error;
      }
    },
  });

  return {
    providerAnswered({ provider, outcome, ms }) {
      answers.inc({ provider, outcome });
      answerSeconds.observe({ provider }, ms / 1000);
    },
    timed: (moves) => timed(moves, (move) => moveSeconds.startTimer({ move })),
  };
}

function timed<T extends object>(moves: T, start: (move: string) => () => void): T {
  const entries = Object.entries(moves).map(([name, move]: [string, unknown]) => {
    if (typeof move !== 'function') return [name, move];
    return [
      name,
      async (...parameters: unknown[]) => {
        const stop = start(name);
        try {
          return await (Reflect.apply(move, moves, parameters) as Promise<unknown>);
        } finally {
          stop();
        }
      },
    ];
  });
  return Object.fromEntries(entries) as T;
}
