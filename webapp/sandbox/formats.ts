import { simulatedNow } from './state/clock.ts';
import { language, t } from './texts.ts';

/** As the Mini App writes days and times: 24 hours in both languages. */
const locales = { ru: 'ru-RU', en: 'en-GB' } as const;

export function clock(unixSeconds: number): string {
  const format = { hour: '2-digit', minute: '2-digit' } as const;
  return new Date(unixSeconds * 1_000).toLocaleTimeString(locales[language.value], format);
}

/** To the millisecond: the steps of a saga follow each other faster than a second. */
export function exactClock(at: string): string {
  const moment = new Date(at);
  const seconds = moment.toLocaleTimeString(locales[language.value]);
  return `${seconds}.${String(moment.getMilliseconds()).padStart(3, '0')}`;
}

export function day(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1_000);
  const daysAgo = Math.round((startOfDay(new Date(simulatedNow())) - startOfDay(date)) / 86_400_000);
  if (daysAgo === 0) return t('today');
  if (daysAgo === 1) return t('yesterday');
  return date.toLocaleDateString(locales[language.value], { day: 'numeric', month: 'long' });
}

const units = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
] as const;

/** A stretch of time with its sign in its two largest units: `+30 days`, `−2 hours`. */
export function distance(ms: number): string {
  let left = Math.abs(ms);
  const parts = units.flatMap(([size, unit]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count === 0) return [];
    return [new Intl.NumberFormat(language.value, { style: 'unit', unit, unitDisplay: 'long' }).format(count)];
  });
  return `${ms < 0 ? '−' : '+'}${parts.slice(0, 2).join(' ')}`;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function stars(count: number): string {
  return count.toLocaleString(language.value);
}

const starForms = {
  en: { one: 'Star', other: 'Stars' },
  ru: { one: 'звезда', few: 'звезды', other: 'звёзд' },
} as const;

/** An amount in the currency's smallest units, in words for Stars, which have none smaller. */
export function money(currency: string, minor: number): string {
  if (currency === 'XTR') {
    const forms: Readonly<Record<string, string>> = starForms[language.value];
    return `${stars(minor)} ${forms[new Intl.PluralRules(language.value).select(minor)] ?? forms['other']}`;
  }
  const format = new Intl.NumberFormat(language.value, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const whole = minor % 10 ** digits === 0;
  return new Intl.NumberFormat(language.value, {
    style: 'currency',
    currency,
    minimumFractionDigits: whole ? 0 : digits,
  }).format(minor / 10 ** digits);
}

export function fileSize(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
