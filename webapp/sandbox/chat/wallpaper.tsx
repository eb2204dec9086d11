import type { JSX } from 'preact';

/** What the pattern is made of: small things of this shop, drawn in lines. */
const doodles = [
  { x: 14, y: 20, turn: -12, path: 'M0 0h26v20H0zM0 16l8-8 6 6 5-4 7 7M19 6v.01' },
  { x: 70, y: 8, turn: 18, path: 'M14 0l4.3 8.8 9.7 1.4-7 6.8 1.7 9.6L14 22l-8.7 4.6L7 17 0 10.2l9.7-1.4z' },
  {
    x: 130,
    y: 26,
    turn: -8,
    path: 'M0 12C0 5 6 0 13 0s13 5 13 12-6 12-13 12c-2 0-4-.4-6-1l-6 2 1.5-5C.6 17 0 14.6 0 12z',
  },
  { x: 188, y: 10, turn: 24, path: 'M12 0l12 12-12 14L0 12zM0 12h24M12 0v26' },
  { x: 36, y: 72, turn: 14, path: 'M12 24s12-7 12-15a6.5 6.5 0 0 0-12-3.5A6.5 6.5 0 0 0 0 9c0 8 12 15 12 15z' },
  { x: 96, y: 64, turn: -22, path: 'M0 14L28 0l-8 26-6-10zM14 16L28 0' },
  { x: 158, y: 78, turn: 10, path: 'M4 6h18l3 18H1zM8 9V5a5 5 0 0 1 10 0v4' },
  { x: 206, y: 66, turn: -16, path: 'M13 0a13 13 0 1 0 0 26 13 13 0 0 0 0-26zM8 10v.01M18 10v.01M8 17c3 3 7 3 10 0' },
  {
    x: 8,
    y: 128,
    turn: 8,
    path: 'M0 6h22v10a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8zM22 9h4a3 3 0 0 1 0 8h-4M6 0v3M11 0v3M16 0v3',
  },
  { x: 66, y: 120, turn: -14, path: 'M14 0v28M0 14h28M4 4l20 20M24 4L4 24' },
  { x: 122, y: 130, turn: 20, path: 'M2 22L20 4l4 4L6 26l-5 1zM17 7l4 4' },
  { x: 182, y: 124, turn: -6, path: 'M0 22h28M3 22V10l11-8 11 8v12M11 22v-7h6v7' },
];

/** The chat's background: two tints of the theme, the pattern in the second. Drawn here, loaded from nowhere. */
export function Wallpaper(): JSX.Element {
  return (
    <svg class="wallpaper" aria-hidden="true">
      <defs>
        <pattern id="doodles" width="236" height="172" patternUnits="userSpaceOnUse">
          {doodles.map(({ x, y, turn, path }) => (
            <path key={path} d={path} transform={`translate(${x} ${y}) rotate(${turn} 13 13)`} />
          ))}
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#doodles)" />
    </svg>
  );
}
