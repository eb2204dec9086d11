import type { ThemeParams } from './telegram-host.ts';

type Rgb = readonly [number, number, number];

/** Contrast of text that WCAG 2.2 asks for (1.4.3, level AA). */
const contrastMin = 4.5;

const light: ThemeParams = {
  bg_color: '#ffffff',
  secondary_bg_color: '#f1f1f4',
  text_color: '#0d0f12',
  hint_color: '#707579',
  link_color: '#2a7ae2',
  button_color: '#2a7ae2',
  button_text_color: '#ffffff',
  destructive_text_color: '#d63a3a',
};
const dark: ThemeParams = {
  bg_color: '#1c1d21',
  secondary_bg_color: '#101114',
  text_color: '#f3f4f6',
  hint_color: '#8d939c',
  link_color: '#68a8ff',
  button_color: '#3f8cf0',
  button_text_color: '#ffffff',
  destructive_text_color: '#ff6b6b',
};
const states = {
  light: { ok: '#15803d', wait: '#2a6fd6', held: '#8a5a00', warn: '#b45309' },
  dark: { ok: '#4ade80', wait: '#7db2ff', held: '#f0b84a', warn: '#fb923c' },
} as const;

/**
 * Sets our colours out of Telegram's. A person's own theme may be anything, so a text colour that cannot be read on its
 * background is moved towards the text's until it can. Resolves to the page's background, for the host's bars.
 */
export function applyTheme(params: ThemeParams): string {
  const isDark = isDarkTheme(params);
  const base = isDark ? dark : light;
  const pick = (name: string): Rgb => parse(params[name]) ?? parse(base[name]) ?? [0, 0, 0];
  const page = pick('secondary_bg_color');
  const surface = parse(params['section_bg_color']) ?? pick('bg_color');
  const grounds = [page, surface];
  const text = readable(pick('text_color'), grounds, isDark ? [255, 255, 255] : [0, 0, 0]);
  const onAccent = pick('button_text_color');
  const colors: Record<string, Rgb> = {
    bg: page,
    surface,
    'surface-2': mix(surface, text, 0.06),
    line: parse(params['section_separator_color']) ?? mix(surface, text, 0.12),
    text,
    hint: readable(pick('hint_color'), [...grounds, mix(surface, text, 0.06)], text),
    link: readable(parse(params['accent_text_color']) ?? pick('link_color'), grounds, text),
    accent: readable(pick('button_color'), [onAccent], luminance(onAccent) > 0.4 ? [0, 0, 0] : [255, 255, 255]),
    'on-accent': onAccent,
    danger: readable(pick('destructive_text_color'), grounds, text),
  };
  for (const [name, value] of Object.entries(states[isDark ? 'dark' : 'light'])) {
    const own = parse(value) ?? text;
    const tint = mix(surface, own, 0.12);
    colors[name] = readable(own, [...grounds, tint], text);
    colors[`${name}-tint`] = tint;
  }
  const accent = colors['accent'] ?? text;
  colors['accent-tint'] = mix(surface, accent, 0.12);
  colors['on-accent-tint'] = readable(accent, [colors['accent-tint'], surface], text);
  const { style, dataset } = document.documentElement;
  for (const [name, value] of Object.entries(colors)) style.setProperty(`--hf-${name}`, format(value));
  dataset['scheme'] = isDark ? 'dark' : 'light';
  style.colorScheme = isDark ? 'dark' : 'light';
  return format(page);
}

/** By what is painted rather than by what is said: a theme may call itself light and be black. */
function isDarkTheme(params: ThemeParams): boolean {
  const background = parse(params['bg_color']);
  return background === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : luminance(background) < 0.2;
}

function readable(color: Rgb, backgrounds: readonly Rgb[], towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(color, towards, share);
    if (backgrounds.every((ground) => contrast(tried, ground) >= contrastMin)) return tried;
  }
  return towards;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [at(0), at(1), at(2)];
}

function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].toSorted((left, right) => right - left) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Relative luminance by WCAG 2.2. */
function luminance(color: Rgb): number {
  const linear = (value: number): number => {
    const share = value / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
}

function parse(text: string | undefined): Rgb | undefined {
  const match = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})/i.exec(text ?? '');
  if (match === null) return undefined;
  const [, red = '', green = '', blue = ''] = match;
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

function format(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
