import type { Spread } from './statistics.ts';

/** What a page costs on a slow phone, beside a bare page of as many bytes that was loaded in turn with it. */
export interface PageFigure {
  readonly bench: string;
  readonly baseline: string;
  readonly unit: 'ms' | 'MiB';
  readonly ours: Spread;
  readonly bare: Spread;
  readonly ratio: Spread;
}
