/** How much a process holds after many sagas, against after few. */
export interface MemoryFigure {
  readonly bench: string;
  readonly baseline: string;
  /** Bytes after few and after many sagas. */
  readonly before: number;
  readonly after: number;
  /** The part by which it grew; 0.1 is a tenth. */
  readonly growth: number;
  readonly growthMax: number;
}
