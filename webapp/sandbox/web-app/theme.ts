import { isDark, setCss, toHex } from './colors.ts';
import { type Core, fail } from './core.ts';
import { readStored, store } from './storage.ts';

export interface Theme {
  readonly params: Record<string, string>;
  scheme(): 'light' | 'dark';
  /** The colour that a key of the theme or a plain colour means now. */
  resolve(color: string): string;
}

/** Keeps `themeParams`, `colorScheme` and the CSS variables as the host says, live. */
export function createTheme({ launch, bridge, events }: Core): Theme {
  const params: Record<string, string> = {};
  let scheme: 'light' | 'dark' = 'light';
  const take = (given: Readonly<Record<string, unknown>>): void => {
    for (const [name, value] of Object.entries(given)) {
      const color = toHex(value);
      if (color === undefined) continue;
      params[name] = color;
      setCss(`theme-${name.replaceAll('_', '-')}`, color);
      if (name === 'bg_color') scheme = isDark(color) ? 'dark' : 'light';
    }
    setCss('color-scheme', scheme);
    store('themeParams', params);
  };
  take(launch.themeParams);
  take(readStored<Record<string, string>>('themeParams') ?? {});
  bridge.on('theme_changed', ({ theme_params: given }) => {
    if (typeof given !== 'object' || given === null) return;
    take(given as Record<string, unknown>);
    events.emit('themeChanged');
  });
  return { params, scheme: () => scheme, resolve: (color) => params[color] ?? color };
}

/** Header, background and bottom bar: each a key of the theme or a colour, told to the host. */
export function createColors(core: Core, theme: Theme) {
  const chosen = { header: 'bg_color', background: 'bg_color', bottomBar: 'bottom_bar_bg_color' };
  const set = (place: keyof typeof chosen, color: string, rule: ColorRule): void => {
    if (!core.allows(rule.what, rule.since)) return;
    const isKey = rule.keys.includes(color);
    const hex = isKey ? undefined : toHex(color);
    if (!isKey && hex === undefined) fail(rule.error, `${rule.what} format is invalid: ${color}`);
    chosen[place] = hex ?? color;
    const asKey = place === 'header' && isKey;
    core.bridge.post(rule.call, asKey ? { color_key: color } : { color: theme.resolve(chosen[place]) });
  };
  return {
    header: () => theme.resolve(chosen.header),
    background: () => theme.resolve(chosen.background),
    bottomBar: () => (chosen.bottomBar in theme.params ? theme.resolve(chosen.bottomBar) : fallback(theme, chosen)),
    setHeader: (color: string) => set('header', color, rules.header),
    setBackground: (color: string) => set('background', color, rules.background),
    setBottomBar: (color: string) => set('bottomBar', color, rules.bottomBar),
  };
}

interface ColorRule {
  readonly what: string;
  readonly since: string;
  readonly call: string;
  readonly error: string;
  readonly keys: readonly string[];
}

const rules = {
  header: {
    what: 'Header color',
    since: '6.1',
    call: 'web_app_set_header_color',
    error: 'WebAppHeaderColorInvalid',
    keys: ['bg_color', 'secondary_bg_color'],
  },
  background: {
    what: 'Background color',
    since: '6.1',
    call: 'web_app_set_background_color',
    error: 'WebAppBackgroundColorInvalid',
    keys: ['bg_color', 'secondary_bg_color'],
  },
  bottomBar: {
    what: 'Bottom bar color',
    since: '7.10',
    call: 'web_app_set_bottom_bar_color',
    error: 'WebAppBottomBarColorInvalid',
    keys: ['bg_color', 'secondary_bg_color', 'bottom_bar_bg_color'],
  },
} as const satisfies Record<string, ColorRule>;

function fallback(theme: Theme, chosen: { readonly bottomBar: string }): string {
  return toHex(chosen.bottomBar) ?? theme.params['secondary_bg_color'] ?? '#ffffff';
}
