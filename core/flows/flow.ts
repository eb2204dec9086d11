/** A table of legal moves: each status with what may follow it. A status with no successor is final. */
export type Moves<Status extends string> = { readonly [From in Status]: readonly Status[] };

/** Whether nothing may follow a status. */
export function isFinal<Status extends string>(moves: Moves<Status>, status: Status): boolean {
  return moves[status].length === 0;
}

/** All legal moves as pairs, for the database's own table. */
export function movePairs<Status extends string>(moves: Moves<Status>): [from: Status, to: Status][] {
  return (Object.keys(moves) as Status[]).flatMap((from) => moves[from].map((to): [Status, Status] => [from, to]));
}

/**
 * Why money moved: stored on every hold and transfer. `step` names the step of the workflow; `actor` is the user's id,
 * `operator:<id>` or `system`.
 */
export interface Cause {
  readonly workflowId: string;
  readonly runId?: string;
  readonly step: string;
  readonly actor: string;
  readonly provider?: string;
  readonly providerRef?: string;
}

/** The key of a ledger request: a step of a workflow happens once, however often it is asked for. */
export function stepKey(workflowId: string, step: string): string {
  return `${workflowId}/${step}`;
}
