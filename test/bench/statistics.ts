/** The middle of some figures and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Latencies in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The smallest figure that at least `share` of all figures do not exceed (nearest rank); NaN of nothing. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle figure, or the mean of the two in the middle; NaN of nothing. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const [high, low] = [sorted[upper] ?? Number.NaN, sorted[upper - 1] ?? Number.NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

export function spreadOf(figures: readonly number[]): Spread {
  return { median: median(figures), min: Math.min(...figures), max: Math.max(...figures) };
}

export function latencyOf(figuresMs: readonly number[]): Latency {
  const sorted = [...figuresMs].sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
}

/** What each pair of runs says: ours to the bare one that ran beside it, so that a slow minute slows both. */
export function pairRatios(ours: readonly number[], bare: readonly number[]): number[] {
  if (ours.length !== bare.length) throw new RangeError(`${ours.length} runs cannot be paired with ${bare.length}`);
  return ours.map((figure, index) => figure / (bare[index] ?? Number.NaN));
}
