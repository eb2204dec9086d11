interface Times {
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/** How long and how often everything is measured. */
export interface Scale {
  readonly quick: boolean;
  readonly people: number;
  /** Runs of each side. */
  readonly rounds: number;
  readonly ledger: Times;
  readonly sagas: Times;
  readonly requests: Times;
  /** Blocks come once a second, so that a run must be long and there may be few. */
  readonly stars: Times & { readonly rounds: number };
  /** Payments that wait, and how often they are swept. */
  readonly sweep: { readonly invoices: number; readonly rounds: number };
  readonly live: Times & { readonly sockets: number; readonly factsPerSecond: number };
  /** Sagas before the first and before the second look at the memory. */
  readonly memorySagas: readonly [number, number];
}

export const fullScale: Scale = {
  quick: false,
  people: 10_000,
  rounds: 5,
  ledger: { warmUpMs: 1_000, durationMs: 4_000 },
  sagas: { warmUpMs: 2_000, durationMs: 8_000 },
  requests: { warmUpMs: 1_500, durationMs: 5_000 },
  stars: { rounds: 2, warmUpMs: 6_000, durationMs: 36_000 },
  sweep: { invoices: 10_000, rounds: 2 },
  live: { sockets: 1_000, factsPerSecond: 100, warmUpMs: 5_000, durationMs: 30_000 },
  memorySagas: [1_000, 10_000],
};

/** Enough to see whether everything runs, and roughly how. */
export const quickScale: Scale = {
  quick: true,
  people: 2_000,
  rounds: 2,
  ledger: { warmUpMs: 300, durationMs: 1_000 },
  sagas: { warmUpMs: 1_000, durationMs: 4_000 },
  requests: { warmUpMs: 500, durationMs: 2_000 },
  stars: { rounds: 1, warmUpMs: 5_000, durationMs: 16_000 },
  sweep: { invoices: 2_000, rounds: 1 },
  live: { sockets: 1_000, factsPerSecond: 100, warmUpMs: 3_000, durationMs: 6_000 },
  memorySagas: [100, 400],
};
