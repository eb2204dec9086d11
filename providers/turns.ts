/** Whether a call may leave: at its turn, after so long, or not before so long has passed and it asks again. */
export type Turn =
  { readonly ok: true; readonly waitMs: number } | { readonly ok: false; readonly retryAfterMs: number };

/** Gives the next call its turn. */
export type TakeTurn = () => Turn | Promise<Turn>;

export interface TurnRules {
  /** So many calls in any window of that length. */
  readonly calls: number;
  readonly perMs: number;
  /** How long a call waits for its turn at most; default 0: one that cannot leave now does not leave. */
  readonly patienceMs?: number;
}

/** The turns of one process: of those given, no more than `calls` lie within `perMs`. */
export function createTurns({ calls, perMs, patienceMs = 0 }: TurnRules): () => Turn {
  /** When the latest calls left or are to leave, oldest first. */
  const turns: number[] = [];
  return () => {
    const now = performance.now();
    const oldest = turns.length < calls ? undefined : turns[0];
    const turn = oldest === undefined ? now : Math.max(now, oldest + perMs);
    const waitMs = Math.ceil(turn - now);
    if (waitMs > patienceMs) return { ok: false, retryAfterMs: waitMs };
    turns.push(turn);
    if (turns.length > calls) turns.shift();
    return { ok: true, waitMs };
  };
}
