import { randomUUID } from 'node:crypto';
import type { StarItemKind } from '../core/flows/star-purchase.ts';
import type { StarShelf } from '../core/pricing/catalogue.ts';
import { starTerms } from '../core/pricing/star-price.ts';
import type { StarDraft } from '../db/bot-drafts.ts';
import type { StarQuote } from '../db/star-quotes.ts';
import type { BotDeps } from './deps.ts';
import { shorten } from './html.ts';

/** A proposal of Stars or Premium under its present id, which its order will have. */
export interface StarProposal {
  readonly id: string;
  readonly body: StarDraft;
}

/** A proposal that says what for whom: its price can be asked. */
export interface StarWish {
  readonly kind: StarItemKind;
  readonly quantity: number;
  readonly recipient: string;
}

const empty: StarDraft = {
  kind: null,
  quantity: null,
  recipient: null,
  showSender: false,
  quoteId: null,
  namesFragment: false,
};

/** A new proposal with what is known of it already. */
export async function beginStars(deps: BotDeps, userId: string, known: Partial<StarDraft>): Promise<StarProposal> {
  const proposal = { id: randomUUID(), body: { ...empty, ...known } };
  await deps.drafts.saveStars({ ...proposal, userId });
  return proposal;
}

/** Changes a proposal, which gives it another id: no older button orders it in its new form. */
export async function changeStars(
  deps: BotDeps,
  { userId, before }: { readonly userId: string; readonly before: StarProposal },
  change: Partial<StarDraft>,
): Promise<StarProposal> {
  const proposal = { id: randomUUID(), body: { ...before.body, ...change } };
  await deps.drafts.saveStars({ ...proposal, before: before.id, userId });
  return proposal;
}

/** A person's own proposal under its present id; undefined when it has changed since, or is long gone. */
export async function findStars(deps: BotDeps, userId: string, id: string): Promise<StarProposal | undefined> {
  return (await deps.drafts.findStars(id, userId)) ?? undefined;
}

/** What a proposal asks for; undefined while something is open. */
export function wishOf({ body }: StarProposal): StarWish | undefined {
  const { kind, quantity, recipient } = body;
  return kind === null || quantity === null || recipient === null ? undefined : { kind, quantity, recipient };
}

export type StarPrice =
  { readonly outcome: 'quoted'; readonly quote: StarQuote } | { readonly outcome: 'refused'; readonly code: string };

/** Asks the provider who would receive it and for how much. */
export async function askPrice(
  { catalogue, gateway }: BotDeps,
  userId: string,
  { shelf, wish }: { readonly shelf: StarShelf; readonly wish: StarWish },
): Promise<StarPrice> {
  const owner = { id: randomUUID(), userId, provider: shelf.provider, catalogueVersion: catalogue.version };
  const asked = await gateway.quoteStars({ ...owner, ...wish }, starTerms(shelf));
  return asked.outcome === 'temporarily_unavailable' ? { outcome: 'refused', code: 'provider_unavailable' } : asked;
}

/** The price that a proposal shows, as long as it stands. */
export async function standingQuote(
  { starQuotes }: BotDeps,
  userId: string,
  { body }: StarProposal,
): Promise<StarQuote | undefined> {
  const quote = body.quoteId === null ? null : await starQuotes.find(body.quoteId, userId);
  return quote === null || quote.isExpired ? undefined : quote;
}

const usernamePattern = /^@?([a-z]\w{3,31})$/i;

/** A username as people type it, with or without @ or as a link; undefined for anything else. */
export function readUsername(text: string): string | undefined {
  const bare = text.trim().replace(/^(?:https?:\/\/)?t\.me\//i, '');
  return usernamePattern.exec(bare)?.[1];
}

/** What stands behind a command: amount and username in either order. `unread`: the first word that is neither. */
export function readWish(argument: string): { amountText?: string; recipient: string | null; unread?: string } {
  const parts = argument.split(/\s+/).filter((part) => part !== '');
  const amountText = parts.find(isNumeric);
  const others = parts.filter((part) => !isNumeric(part));
  const recipient = others.map(readUsername).find((name) => name !== undefined) ?? null;
  const unread = others.find((part) => readUsername(part) === undefined);
  return {
    ...(amountText === undefined ? {} : { amountText }),
    recipient,
    ...(unread === undefined ? {} : { unread: shorten(unread, unreadUnitsMax) }),
  };
}

const unreadUnitsMax = 40;

function isNumeric(part: string): boolean {
  return /^\d/.test(part);
}

/** An amount of Stars as people type it, with spaces between its digits; undefined for anything that is no number. */
export function readAmount(text: string): number | undefined {
  const digits = /^\d{1,3}(?:[\s\u00A0\u202F,]\d{3})+$|^\d{1,12}$/.exec(text.trim())?.[0];
  return digits === undefined ? undefined : Number(digits.replaceAll(/\D/g, ''));
}
