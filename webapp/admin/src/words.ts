import { exactMoment, money } from '../../src/formats.ts';
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

/** What a person wants to know of a payment comes first, in this order; what is not named here follows. */
const factOrder = ['reason', 'state', 'amountNano', 'ref', 'messageHash', 'seqno', 'wallet', 'signedAt', 'validUntil'];

/** Facts as pairs of a name and a value: amounts, times and known words as read, the rest as it stands. */
export function pairs(facts: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  const asset = typeof facts['asset'] === 'string' ? facts['asset'] : undefined;
  const place = (name: string) => (factOrder.includes(name) ? factOrder.indexOf(name) : factOrder.length);
  return Object.entries(facts)
    .filter(([name, value]) => value !== null && !(name === 'asset' && 'amountMinor' in facts))
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [word('fact', name), shown(name, text, asset)] as const;
    });
}

function shown(name: string, text: string, asset: string | undefined): string {
  if (/^-?\d+$/.test(text)) {
    if (name.endsWith('Nano')) return amount({ amountMinor: text, asset: 'TON' });
    if (name.endsWith('Minor') && asset !== undefined) return amount({ amountMinor: text, asset });
  }
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return exactMoment(text);
  if (name === 'state') return word('payment', text);
  if (name !== 'reason') return text;
  const [cause = '', ...details] = text.split(': ');
  return [word('cause', cause), ...details].join(': ');
}

/** A person as a list shows them. */
export function personName(person: { firstName: string; username: string | null } | null): string {
  if (person === null) return '—';
  return person.username === null ? person.firstName : `${person.firstName} @${person.username}`;
}
