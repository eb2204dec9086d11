/** What one purchase leaves behind, counted after a run. */
export interface CostFigure {
  readonly bench: string;
  /** How many purchases were counted. */
  readonly count: number;
  /** By what: rows and events, each divided by the purchases. */
  readonly each: Readonly<Record<string, number>>;
}
