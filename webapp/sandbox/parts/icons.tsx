import type { JSX } from 'preact';

const paths = {
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  attach: 'M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.6 1.6 0 0 1-2.3-2.3l7.8-7.8',
  send: 'M4 12l16-7-5 15-3.5-6z M11.5 14L20 5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  slash: 'M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM14 8l-4 8',
  keyboard: 'M4 7h16v11H4zM7.5 10.5v.01M12 10.5v.01M16.5 10.5v.01M8.5 14.5h7',
  down: 'M6 10l6 6 6-6',
  photo: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01',
  contact: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4.5-5.5 8-5.5s7 1.5 8 5.5',
  location: 'M12 21c4-5 7-8 7-12a7 7 0 0 0-14 0c0 4 3 7 7 12zM12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  document: 'M7 3h7l4 4v14H7zM14 3v5h4',
  external: 'M9 6h9v9M18 6L7 17',
  app: 'M5 5h14v14H5zM5 9h14',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  card: 'M3 6h18v12H3zM3 10h18M7 14.5h3',
  settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h5M13 12h7M11 10v4',
  reload: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  block: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM6.5 6.5l11 11',
  phone: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  play: 'M8 5l11 7-11 7z',
  saga: 'M5 6a2 2 0 1 0 4 0a2 2 0 1 0-4 0M15 18a2 2 0 1 0 4 0a2 2 0 1 0-4 0M9 6h5a4 4 0 0 1 0 8h-4a2 2 0 0 0 0 4h5',
  ledger: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4l3 2',
} as const;

export type IconName = keyof typeof paths;

/** One line icon of 24 px. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class={name === 'more' ? 'icon dots-icon' : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** Two ticks of a message that was read. */
export function Ticks(): JSX.Element {
  return (
    <svg class="ticks" width="17" height="11" viewBox="0 0 17 11" aria-hidden="true">
      <path d="M1 6l3.5 3.5L11.5 1.5M7.5 8l1.5 1.5L16 1.5" />
    </svg>
  );
}

/** The corner of the last bubble of a group. */
export function Tail({ own }: { own: boolean }): JSX.Element {
  return (
    <svg class={own ? 'tail own' : 'tail'} width="9" height="18" viewBox="0 0 9 18" aria-hidden="true">
      <path d="M0 18V2c0 7 3 12 8.2 14.6.7.4.5 1.4-.3 1.4z" />
    </svg>
  );
}
