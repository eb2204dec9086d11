import { money } from '../../src/formats.ts';
import type { Money } from '../../src/api/types.ts';
import { hasText, t } from '../../src/texts.ts';

/** A word of the system in the reader's language, or as it is. */
export function word(group: string, name: string): string {
  const key = `panel-${group}-${name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}`;
  return hasText(key) ? t(key) : name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
}

/** An amount with its unit, also of a currency that is none of our assets. */
export function amount({ amountMinor, asset }: { readonly amountMinor: string; readonly asset: string }): string {
  try {
    return money({ amountMinor, asset: asset as Money['asset'] });
  } catch (error) {
    console.warn('an asset of another book', error);
    return `${amountMinor} ${asset}`;
  }
}

/** How long ago, in the largest unit that says something. */
export function age(at: string): string {
  return span((Date.now() - Date.parse(at)) / 1_000);
}

/** A number of seconds in the largest unit that says something. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t('panel-seconds', { count: whole });
  if (whole < 3_600) return t('panel-minutes', { count: Math.round(whole / 60) });
  if (whole < 172_800) return t('panel-hours', { count: Math.round(whole / 3_600) });
  return t('panel-days', { count: Math.round(whole / 86_400) });
}

/** Facts as pairs of a name and a value: amounts with their unit, the rest as it stands. */
export function pairs(facts: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  const asset = typeof facts['asset'] === 'string' ? facts['asset'] : undefined;
  return Object.entries(facts)
    .filter(([name, value]) => value !== null && !(name === 'asset' && 'amountMinor' in facts))
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const isAmount = name.endsWith('Minor') && asset !== undefined && /^-?\d+$/.test(text);
      return [word('fact', name), isAmount ? amount({ amountMinor: text, asset }) : text] as const;
    });
}

/** A person as a list shows them. */
export function personName(person: { firstName: string; username: string | null } | null): string {
  if (person === null) return '—';
  return person.username === null ? person.firstName : `${person.firstName} @${person.username}`;
}
