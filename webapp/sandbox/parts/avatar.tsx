import type { JSX } from 'preact';

const tints = 7;

/** A round picture with the first letters of a name, in a colour of its own. */
export function Avatar({ id, name, size = 'm' }: { id: number; name: string; size?: 's' | 'm' | 'l' }): JSX.Element {
  const words = name.trim().split(/\s+/);
  const letters = words.slice(0, 2).map((word) => word.match(/^./u)?.[0] ?? '');
  return (
    <span class={`avatar avatar-${size} tint-${id % tints}`} aria-hidden="true">
      {letters.join('').toUpperCase()}
    </span>
  );
}
