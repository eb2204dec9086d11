import { effect, signal } from '@preact/signals';
import { type ThemeName, themeNames } from './themes.ts';

export const platforms = ['ios', 'android', 'tdesktop'] as const;
export type Platform = (typeof platforms)[number];
export type Pane = 'people' | 'chat' | 'phone';

const address = new URL(location.href);

function oneOf<T extends string>(name: string, known: readonly T[], otherwise: T): T {
  const asked = address.searchParams.get(name);
  return known.find((one) => one === asked) ?? otherwise;
}

/** Where the page is: all of it stands in the address, so that a reload returns to the same place. */
export const personId = signal<number | undefined>(Number(address.searchParams.get('person')) || undefined);
export const theme = signal<ThemeName>(
  oneOf('theme', themeNames, matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
);
export const platform = signal<Platform>(oneOf('platform', platforms, 'ios'));
export const insets = signal(address.searchParams.get('insets') === 'on');
export const pane = signal<Pane>(oneOf('pane', ['people', 'chat', 'phone'], personId.value ? 'chat' : 'people'));

/** What a sandbox alone can do: spoil the next payment. */
export const failNextPayment = signal(false);

/** The `start` payload of a link that led here, as `t.me/bot?start=...` would carry it. */
export const startPayload = address.searchParams.get('start') ?? undefined;

/** Writes the place into the address as it changes. */
export function keepAddress(): void {
  effect(() => {
    const url = new URL(location.href);
    const place = {
      person: personId.value?.toString(),
      theme: theme.value,
      platform: platform.value,
      insets: insets.value ? 'on' : undefined,
      pane: pane.value === 'phone' ? 'chat' : pane.value,
    };
    for (const [name, value] of Object.entries(place)) {
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    history.replaceState(null, '', url);
  });
}
