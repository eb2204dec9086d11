import { isStarPurchaseFinal } from '../../core/flows/star-purchase.ts';
import type { StarShelf } from '../../core/pricing/catalogue.ts';
import type { StarPurchase } from '../../db/star-purchases.ts';
import { quotedStarPurchase } from '../../gateway/quoted-order.ts';
import { hashRequest } from '../../platform/request-hash.ts';
import type { BotContext } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { mayPlace } from '../placing.ts';
import { beginStars, findStars, standingQuote, type StarProposal } from '../star-drafting.ts';
import { amountScreen } from './star-screens.ts';

export interface Buying {
  /** The proposal's id. */
  readonly id: string;
  readonly shelf: StarShelf;
  /** Shows a proposal's next screen, with a price asked anew. */
  readonly askAnew: (proposal: StarProposal, lead: string) => Promise<void>;
}

/**
 * Orders what the confirmation has shown, under the proposal's id: twenty presses are one purchase. Where the price has
 * run out it is asked anew and shown instead; nothing is bought at a price that nobody has seen.
 */
export async function buyStars(deps: BotDeps, ctx: BotContext, { id, shelf, askAnew }: Buying): Promise<void> {
  const { person, words } = ctx;
  const earlier = await deps.starPurchases.find(id, person.id);
  if (earlier !== null) return showAgain(deps, ctx, earlier);
  const proposal = await findStars(deps, person.id, id);
  if (proposal === undefined) return startOver(deps, ctx, shelf);
  const quote = await standingQuote(deps, person.id, proposal);
  if (quote === undefined) {
    ctx.toast(words.plain('stars-quote-expired-short'));
    return askAnew(proposal, words.html('stars-quote-expired'));
  }
  if (!(await mayPlace(deps, ctx, 'payment'))) return;
  const { showSender } = proposal.body;
  const placed = await deps.gateway.placeStarPurchase({
    id,
    userId: person.id,
    requestHash: hashRequest('post /star-purchases', { quoteId: quote.id, showSender }),
    ...quotedStarPurchase(quote, shelf),
    showSender,
  });
  // Without Temporal the order is kept all the same, and is begun as soon as it is back.
  const purchase = placed.outcome === 'placed' ? placed.order : await deps.starPurchases.find(id, person.id);
  if (purchase === null) return startOver(deps, ctx, shelf);
  await showPurchase(deps, ctx, purchase);
}

/** Turns the question into the purchase's status message, which is kept up to date from now on. */
async function showPurchase(deps: BotDeps, ctx: BotContext, purchase: StarPurchase): Promise<void> {
  const messageId = await ctx.chatroom.show(await deps.notices.renderStarStatus(purchase, ctx.person.language));
  if (messageId === undefined || purchase.status === 'refused') return;
  const chatId = Number(ctx.person.telegramId);
  await deps.starMessages.add({ purchaseId: purchase.id, chatId, messageId, shown: purchase.status });
  ctx.chatroom.leaveLiving();
}

/** A press after the first: the purchase stands, and its message shows how. */
async function showAgain(deps: BotDeps, ctx: BotContext, purchase: StarPurchase): Promise<void> {
  ctx.toast(ctx.words.plain('already-ordered'));
  const { incoming } = ctx;
  // The question may have stayed where the process ended between ordering and showing. A purchase that is over has been
  // shown, or is told as news.
  const isStillAsking = incoming.kind === 'tap' && incoming.messageId === ctx.chatroom.living?.messageId;
  if (!isStillAsking) return;
  if (isStarPurchaseFinal(purchase.status)) ctx.chatroom.leaveLiving();
  else await showPurchase(deps, ctx, purchase);
}

async function startOver(deps: BotDeps, ctx: BotContext, shelf: StarShelf): Promise<void> {
  ctx.toast(ctx.words.plain('expired'));
  const proposal = await beginStars(deps, ctx.person.id, {});
  await ctx.chatroom.show(await amountScreen(deps, ctx, { shelf, proposal }));
}

/** Takes a purchase back while nothing is signed; its own message shows how that ended. */
export async function takeStarsBack(deps: BotDeps, ctx: BotContext, id: string): Promise<void> {
  const answer = await deps.gateway.cancelStarPurchase(id, ctx.person.id);
  ctx.toast(ctx.words.plain(`stars-stop-${answer.outcome.replaceAll('_', '-')}`));
}
