import type { Latency } from './statistics.ts';

/** How long something takes that has no bare counterpart. */
export interface DelayFigure {
  readonly bench: string;
  /** What it was measured under. */
  readonly under: string;
  readonly latency: Latency;
  readonly p99MaxMs: number;
  /** What was lost or came twice. */
  readonly errors: number;
}
