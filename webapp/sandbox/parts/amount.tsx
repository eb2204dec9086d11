import type { JSX } from 'preact';
import { money, stars } from '../formats.ts';

/** An amount as a button or a tag shows it: Stars with their sign, drawn, since not every system has one to write. */
export function Amount({ currency, minor }: { currency: string; minor: number }): JSX.Element {
  if (currency !== 'XTR') return <>{money(currency, minor)}</>;
  return (
    <span class="amount">
      <Star size={16} />
      <span>{stars(minor)}</span>
    </span>
  );
}

const shape = 'M12 2.5l2.9 6 6.6.9-4.8 4.6 1.2 6.5L12 17.4l-5.9 3.1 1.2-6.5L2.5 9.4l6.6-.9z';

export function Star({ size }: { size: number }): JSX.Element {
  return (
    <svg class="star" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={shape} />
    </svg>
  );
}
