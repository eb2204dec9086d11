import { randomUUID } from 'node:crypto';
import { limits } from '../core/limits.ts';
import { money, type Money } from '../core/money.ts';
import { findModel, type Model } from '../core/pricing/catalogue.ts';
import { type GenerationQuote, type QuoteRefusal, quoteGeneration } from '../core/pricing/quote.ts';
import type { GenerationDraft } from '../db/bot-drafts.ts';
import type { BotDeps } from './deps.ts';

/** A draft as it stands under its present id. */
export interface Draft {
  readonly id: string;
  readonly body: GenerationDraft;
  /** False: it was last touched more than half an hour ago, so its price must be shown anew. */
  readonly isFresh: boolean;
}

const empty: GenerationDraft = { modelId: null, prompt: null, imageIds: [], ratio: null, shownMinor: null };

/** A new draft with what is known of it already. */
export async function beginDraft(deps: BotDeps, userId: string, known: Partial<GenerationDraft>): Promise<Draft> {
  const id = randomUUID();
  const body = withPrice(deps, { ...empty, ...known });
  await deps.drafts.saveGeneration({ id, userId, body });
  return { id, body, isFresh: true };
}

/** Changes a draft, which gives it another id: no older button orders it in its new form. */
export async function changeDraft(
  deps: BotDeps,
  { userId, draft }: { readonly userId: string; readonly draft: Draft },
  change: Partial<GenerationDraft>,
): Promise<Draft> {
  const id = randomUUID();
  const body = withPrice(deps, { ...draft.body, ...change });
  await deps.drafts.saveGeneration({ id, before: draft.id, userId, body });
  return { id, body, isFresh: true };
}

/** The draft with the price that is shown beside it, so that another one later is noticed. */
function withPrice(deps: BotDeps, body: GenerationDraft): GenerationDraft {
  const quoted = quoteDraft(deps, { body });
  return { ...body, shownMinor: quoted.ok ? String(quoted.price.minor) : null };
}

/** A person's own draft under its present id; undefined when it has changed since, or is long gone. */
export async function findDraft(deps: BotDeps, userId: string, id: string): Promise<Draft | undefined> {
  return (await deps.drafts.findGeneration(id, userId)) ?? undefined;
}

/** The model of a draft, as long as it is sold. */
export function modelOf({ catalogue }: BotDeps, { body }: Pick<Draft, 'body'>): Model | undefined {
  return body.modelId === null ? undefined : findModel(catalogue, body.modelId);
}

/** How many input photos a model takes from the bot. */
export function imagesMaxOf(model: Model): number {
  return Math.min(model.imagesMax, limits.imagesPerGenerationMax);
}

export type DraftQuote =
  | { readonly ok: true; readonly quote: GenerationQuote; readonly price: Money }
  | { readonly ok: false; readonly code: QuoteRefusal };

/** The price of a draft as it stands now. */
export function quoteDraft({ catalogue }: BotDeps, { body }: Pick<Draft, 'body'>): DraftQuote {
  const wish = { prompt: body.prompt ?? '', imageCount: body.imageIds.length };
  const quoted = quoteGeneration(catalogue, body.modelId ?? '', { ...wish, ...optionsOf(body) });
  if (!quoted.ok) return { ok: false, code: quoted.code };
  const { amountMinor, asset } = quoted.quote.price;
  return { ok: true, quote: quoted.quote, price: money(BigInt(amountMinor), asset) };
}

/** The options of a draft as the API would take them. */
export function optionsOf({ ratio }: GenerationDraft): { options?: { ratio: string } } {
  return ratio === null ? {} : { options: { ratio } };
}
