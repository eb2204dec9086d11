import { assets } from './assets.ts';
import type { Language } from './languages.ts';
import { type Money, toDecimal } from './money.ts';

/** How a language writes amounts and times; the one place that asks Intl. */
export interface Formats {
  /**
   * An amount with its unit: `500 ₽`, `4 credits`, `1,350 Stars`. Fractions only where there are any. No line breaks
   * before the code of a coin.
   */
  money(amount: Money): string;
  /** The like with its sign, for what came and went. */
  signedMoney(amount: Money): string;
  /** A place in a row, such as `3rd`. */
  place(number: number): string;
  /** Day and time of an RFC 3339 moment, with the zone that it is told in. */
  time(at: string): string;
  /** The day alone. */
  day(at: string): string;
}

type Words = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

const units: Readonly<Record<Language, Readonly<Record<'CREDIT' | 'XTR' | 'STC', Words>>>> = {
  en: {
    CREDIT: { one: 'credit', other: 'credits' },
    XTR: { one: 'Star', other: 'Stars' },
    STC: { other: 'STC' },
  },
  ru: {
    CREDIT: { one: 'кредит', few: 'кредита', many: 'кредитов', other: 'кредита' },
    XTR: { one: 'звезда', few: 'звезды', many: 'звёзд', other: 'звезды' },
    STC: { other: 'STC' },
  },
};

const ordinals: Readonly<Record<Language, Words>> = {
  en: { one: 'st', two: 'nd', few: 'rd', other: 'th' },
  ru: { other: '-й' },
};

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', ru: 'ru-RU' };
/** Telegram does not tell where a person is. */
const timeZones: Readonly<Record<Language, { readonly name: string; readonly label: string }>> = {
  en: { name: 'UTC', label: 'UTC' },
  ru: { name: 'Europe/Moscow', label: 'МСК' },
};

/** The formats of a language. Digits are grouped by the language's own rule; no amount passes through a float. */
export function createFormats(language: Language): Formats {
  const locale = locales[language];
  const plural = new Intl.PluralRules(locale);
  const ordinal = new Intl.PluralRules(locale, { type: 'ordinal' });
  const zone = { timeZone: timeZones[language].name };
  const moment = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    ...zone,
  });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', ...zone });

  function money({ minor, asset }: Money): string {
    const size = minor < 0n ? -minor : minor;
    const { scale } = assets[asset];
    const hasFraction = size % 10n ** BigInt(scale) !== 0n;
    // Kopecks are written as two digits; a coin's fraction ends where it ends.
    const placesMin = asset === 'RUB' && hasFraction ? scale : 0;
    const digits = { minimumFractionDigits: placesMin, maximumFractionDigits: scale };
    const decimal = toDecimal({ minor: size, asset }) as Intl.StringNumericLiteral;
    if (asset === 'RUB') {
      const roubles = { style: 'currency', currency: 'RUB', currencyDisplay: 'narrowSymbol', ...digits } as const;
      return new Intl.NumberFormat(locale, roubles).format(decimal);
    }
    const number = new Intl.NumberFormat(locale, digits).format(decimal);
    if (asset === 'USDT' || asset === 'TON') return `${number}\u00A0${asset}`;
    const words = units[language][asset];
    return `${number} ${words[plural.select(Number(size))] ?? words.other}`;
  }

  return {
    money,
    signedMoney: (amount) => `${amount.minor < 0n ? '−' : '+'}${money(amount)}`,
    place: (number) => `${number}${ordinals[language][ordinal.select(number)] ?? ordinals[language].other}`,
    time: (at) => `${moment.format(new Date(at))} ${timeZones[language].label}`,
    day: (at) => day.format(new Date(at)),
  };
}
