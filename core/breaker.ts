/** `half_open`: the pause is over, and one probe is under way or due. */
export const breakerStates = ['closed', 'open', 'half_open'] as const;
export type BreakerState = (typeof breakerStates)[number];

/** How the breaker of a way out to a provider stands. */
export interface BreakerStanding {
  readonly state: BreakerState;
  /** Failures in a row. */
  readonly failures: number;
  /** What remains of the pause of an open one, or of the lease of a half-open one's probe; 0 of a closed one. */
  readonly waitMs: number;
  /** Grows with each change, so that news which overtake each other are put in order. */
  readonly version: number;
}

export interface BreakerRules {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** For so long nothing is sent; then one probe is. */
  readonly openMs: number;
}
