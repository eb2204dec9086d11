import { isAsset } from '../../../core/assets.ts';
import { createFormats } from '../../../core/formats.ts';
import { isUuid } from '../../../core/ids.ts';
import type { Step } from '../state/types.ts';
import { language, t } from '../texts.ts';

/** An amount in minor units, with the unit of its asset; as it came where the asset is not one of ours. */
export function amountText(minor: string, asset: string): string {
  if (!isAsset(asset) || !/^-?\d+$/.test(minor)) return `${minor} ${asset}`.trim();
  return createFormats(language.value).money({ minor: BigInt(minor), asset });
}

function signedText(minor: string, asset: string): string {
  if (!isAsset(asset) || !/^-?\d+$/.test(minor)) return `${minor} ${asset}`;
  return createFormats(language.value).signedMoney({ minor: BigInt(minor), asset });
}

export interface Amounts {
  readonly label: string;
  readonly text: string;
}

/** The amounts of a step: those of the step itself, of a transfer every entry with the account that it moved. */
export function amountsOf({ facts }: Step): readonly Amounts[] {
  const own = Object.entries(facts).flatMap(([name, value]) => {
    if (!name.endsWith('Minor') || typeof value !== 'string') return [];
    const label = name.slice(0, -'Minor'.length);
    return [{ label: spoken(label), text: amountText(value, assetOf(facts, label)) }];
  });
  return [...own, ...entriesOf(facts)];
}

/** Two assets stand in one row of a top-up: each amount is looked up by its own name first. */
function assetOf(facts: Step['facts'], label: string): string {
  const asset = facts[`${label}Asset`] ?? facts['asset'] ?? facts['currency'];
  return typeof asset === 'string' ? asset : '';
}

function entriesOf({ entries }: Step['facts']): readonly Amounts[] {
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: Readonly<Record<string, string>>) => {
    const text = signedText(entry['amountMinor'] ?? '', entry['asset'] ?? '');
    return { label: shortAccount(entry['account'] ?? ''), text };
  });
}

/** `user 0198c0de-... available` without the id, which is the person that the page plays. */
function shortAccount(account: string): string {
  return account.replace(/^user \S+ /, '');
}

const shownElsewhere = new Set(['asset', 'priceAsset', 'grantsAsset', 'currency', 'entries', 'lots']);

/** What a step says beside its amounts, as names and values. */
export function detailsOf(facts: Step['facts']): readonly (readonly [name: string, value: string])[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    if (value === null || name.endsWith('Minor') || shownElsewhere.has(name)) return [];
    return [[spoken(name), typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });
}

/** Why a step moved money: the step of the saga, who wanted it and what the provider calls it. */
export function causeOf(cause: Readonly<Record<string, unknown>>): string {
  const told = ['step', 'actor', 'provider', 'providerRef'].flatMap((name) => {
    const value = cause[name];
    if (typeof value !== 'string') return [];
    return [name === 'actor' && isUuid(value) ? t('byPerson') : `${spoken(name)} ${value}`];
  });
  return told.join(' · ');
}

/** `providerRef` as `provider ref`. */
function spoken(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
