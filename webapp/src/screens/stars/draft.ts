import { effect, signal } from '@preact/signals';
import type { StarItem, StarPurchase, StarShelf } from '../../api/types.ts';
import { tabStore } from '../../storage.ts';

export interface StarDraft {
  readonly kind: StarItem['kind'];
  /** As it was typed. */
  readonly recipient: string;
  /** One of the amounts on the shelf; null: the typed one counts. */
  readonly preset: number | null;
  readonly custom: string;
  readonly months: number | null;
  readonly showSender: boolean;
}

const empty: StarDraft = { kind: 'stars', recipient: '', preset: null, custom: '', months: null, showSender: false };

/** What is being composed. It outlives a look at another screen and a reload. */
export const starDraft = signal<StarDraft>({ ...empty, ...tabStore.get<StarDraft>('star-draft') });

effect(() => tabStore.set('star-draft', starDraft.value));

export function changeDraft(change: Partial<StarDraft>): void {
  starDraft.value = { ...starDraft.value, ...change };
}

/** Begins anew from an earlier purchase. */
export function draftFromPurchase({ kind, quantity, recipient, showSender }: StarPurchase): void {
  const amount = kind === 'premium' ? { months: quantity } : { preset: quantity, custom: String(quantity) };
  starDraft.value = { ...empty, kind, recipient, showSender, ...amount };
}

/** A username as people write or paste it: with @ or without, or as a link. */
export function usernameOf(typed: string): string {
  return typed
    .trim()
    .replace(/^(?:https?:\/\/)?(?:t|telegram)\.me\//i, '')
    .replace(/^@/, '')
    .replace(/\/$/, '');
}

/** Whether Telegram could have such a username. */
export function isUsername(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{3,31}$/.test(name);
}

/** How much is wanted, whether the shop sells it or not; null while nothing is chosen. */
export function quantityOf({ kind, preset, custom, months }: StarDraft, shelf: StarShelf): number | null {
  if (kind === 'premium') return months !== null && shelf.premiumMonths.includes(months) ? months : null;
  if (preset !== null && shelf.presets.includes(preset)) return preset;
  const digits = custom.replaceAll(/[\s.,]/g, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

/** Whether so many Stars are sold at once. */
export function isInRange(quantity: number, { quantityMin, quantityMax }: StarShelf): boolean {
  return quantity >= quantityMin && quantity <= quantityMax;
}

/** What is wanted when all of it is known and sold; else null. */
export function itemOf(draft: StarDraft, shelf: StarShelf): StarItem | null {
  const [recipient, quantity] = [usernameOf(draft.recipient), quantityOf(draft, shelf)];
  if (!isUsername(recipient) || quantity === null) return null;
  if (draft.kind === 'stars' && !isInRange(quantity, shelf)) return null;
  return { kind: draft.kind, quantity, recipient };
}
