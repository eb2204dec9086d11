import { exactMoment, money } from '../../src/formats.ts';
import type { Money } from '../../src/api/types.ts';
import { purchaseWords } from '../../src/star-words.ts';
import { hasText, t } from '../../src/texts.ts';
import type { Order } from './state.ts';

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
const factOrder = [
  'reason',
  'provider',
  'status',
  'state',
  'amountMinor',
  'expectedMinor',
  'chargedMinor',
  'receivedMinor',
  'amountNano',
  'ref',
  'messageHash',
  'seqno',
  'wallet',
  'signedAt',
  'validUntil',
];

/** Facts as pairs of a name and a value: amounts, times and known words as read. What says nothing is left out. */
export function pairs(facts: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  const place = (name: string) => (factOrder.includes(name) ? factOrder.indexOf(name) : factOrder.length);
  return Object.entries(facts)
    .filter(([name, value]) => value !== null && !saysNothing(name, facts))
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [word('fact', name), shown(name, text, facts)] as const;
    });
}

/** The name of the asset that an amount in minor units is in: `asset`, where it has none of its own. */
function assetOf(sum: string): string {
  return sum === 'expectedMinor' ? 'expectedAsset' : 'asset';
}

/** The asset of each amount stands with the amount; that a payment is no test is what everybody takes it for. */
function saysNothing(name: string, facts: Readonly<Record<string, unknown>>): boolean {
  if (name === 'test') return facts[name] === false;
  return Object.keys(facts).some((sum) => sum.endsWith('Minor') && name === assetOf(sum));
}

function shown(name: string, text: string, facts: Readonly<Record<string, unknown>>): string {
  if (/^-?\d+$/.test(text)) {
    if (name.endsWith('Nano')) return amount({ amountMinor: text, asset: 'TON' });
    const asset = facts[assetOf(name)];
    if (name.endsWith('Minor') && typeof asset === 'string') return amount({ amountMinor: text, asset });
  }
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return exactMoment(text);
  if (name === 'status') return word('status', text);
  if (name === 'provider') return word('provider', text);
  if (name === 'test') return t(text === 'true' ? 'panel-yes' : 'panel-no');
  if (name === 'state') return word('payment', text);
  if (name !== 'reason') return text;
  const [cause = '', ...details] = text.split(': ');
  return [word('cause', cause), ...details].join(': ');
}

/** What an order is for, in the reader's language where it is ours to say. */
export function orderTitle({ title, stars }: Pick<Order, 'title' | 'stars'>): string {
  return stars === null ? title : purchaseWords(stars);
}

/** A person as a list shows them. */
export function personName(person: { firstName: string; username: string | null } | null): string {
  if (person === null) return '—';
  return person.username === null ? person.firstName : `${person.firstName} @${person.username}`;
}
