import { createFormats, type Formats } from '../../core/formats.ts';
import type { Language } from '../../core/languages.ts';
import type { Money } from './api/types.ts';
import { language, t } from './texts.ts';

const locales: Readonly<Record<Language, string>> = { ru: 'ru-RU', en: 'en-GB' };
const known = new Map<Language, Formats>();

function formats(): Formats {
  const found = known.get(language.value) ?? createFormats(language.value);
  known.set(language.value, found);
  return found;
}

/** An amount with its unit, such as `500 ₽` or `4 credits`. Amounts stay exact: they are never floats. */
export function money({ amountMinor, asset }: Money): string {
  return formats().money({ minor: BigInt(amountMinor), asset });
}

/** The like with its sign. */
export function signedMoney({ amountMinor, asset }: Money): string {
  return formats().signedMoney({ minor: BigInt(amountMinor), asset });
}

/** The number of an amount and its unit apart, for the big figure of a balance. */
export function numberAndUnit(amount: Money): { number: string; unit: string } {
  return apart(money(amount));
}

/** The like of an amount with its sign; money whose sign stands before the number has no unit apart. */
export function signedNumberAndUnit(amount: Money): { number: string; unit: string } {
  return apart(signedMoney(amount));
}

function apart(text: string): { number: string; unit: string } {
  const at = text.search(/[^\d\s.,\u00a0\u202f-][^\d]*$/);
  return at <= 0 ? { number: text, unit: '' } : { number: text.slice(0, at).trim(), unit: text.slice(at) };
}

/** A place in a row, such as `3rd`. */
export function place(number: number): string {
  return formats().place(number);
}

/** A moment to the second, with its year. */
export function exactMoment(at: string): string {
  return new Intl.DateTimeFormat(locales[language.value], { dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(at),
  );
}

/** Day and time in the person's own zone, which the browser knows. */
export function moment(at: string): string {
  return new Intl.DateTimeFormat(locales[language.value], {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at));
}

export function clock(at: string): string {
  return new Intl.DateTimeFormat(locales[language.value], { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/** Today, yesterday, or the day. */
export function day(at: string): string {
  const date = new Date(at);
  const daysAgo = Math.round((startOfDay(new Date()) - startOfDay(date)) / 86_400_000);
  if (daysAgo === 0) return t('today');
  if (daysAgo === 1) return t('yesterday');
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locales[language.value], { day: 'numeric', month: 'long', ...year }).format(date);
}

export function shortDay(at: string): string {
  return new Intl.DateTimeFormat(locales[language.value], { day: 'numeric', month: 'short' }).format(new Date(at));
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
