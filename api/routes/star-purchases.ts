import { randomUUID } from 'node:crypto';
import * as contracts from '../../core/http/star-purchases.ts';
import { money, toJson } from '../../core/money.ts';
import type { Catalogue, StarShelf } from '../../core/pricing/catalogue.ts';
import { isOffered, starPriceNano, starTerms } from '../../core/pricing/star-price.ts';
import type { StarPurchase, StarPurchases } from '../../db/star-purchases.ts';
import type { StarQuote, StarQuotes } from '../../db/star-quotes.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Guides } from '../../gateway/guides.ts';
import { quotedStarPurchase } from '../../gateway/quoted-order.ts';
import { readTimeCursor, writeTimeCursor } from '../cursor.ts';
import { starPurchaseFailureText } from '../failure-texts.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';

export interface StarPurchaseRouteDeps {
  readonly catalogue: Catalogue;
  readonly gateway: Pick<Gateway, 'quoteStars' | 'placeStarPurchase' | 'cancelStarPurchase'>;
  readonly starPurchases: Pick<StarPurchases, 'find' | 'findRequest' | 'list' | 'recipients'>;
  readonly starQuotes: Pick<StarQuotes, 'find'>;
  readonly guides: Pick<Guides, 'starPrices'>;
}

const pageSize = 20;
const recipientsMax = 20;

/** Buying Stars and Premium for a username, and seeing what became of it. */
export function starPurchaseRoutes(deps: StarPurchaseRouteDeps): Route[] {
  const { catalogue, gateway, starPurchases: purchases } = deps;
  const place = route(
    contracts.placeStarPurchase,
    async ({ body, person, key, requestHash }) => {
      const request = { id: key, userId: person.id, requestHash };
      const wanted = await wantedOf(deps, person.id, body.quoteId);
      if (wanted instanceof Problem) {
        // What cannot be bought now could be when this key was first used.
        const earlier = await purchases.findRequest(request);
        if (earlier === null) throw wanted;
        return answerTo(earlier, true);
      }
      const placed = await gateway.placeStarPurchase({ ...request, ...wanted, showSender: body.showSender });
      if (placed.outcome !== 'placed') throw new Problem(placed.outcome);
      return answerTo(placed.order, placed.replayed);
    },
    async (key, userId) => (await purchases.find(key, userId)) !== null,
  );

  return [
    route(contracts.quoteStars, async ({ body, person }) => {
      const shelf = shelfOf(catalogue);
      if (!isOffered(shelf, body)) throw new Problem('quantity_not_offered');
      const owner = { id: randomUUID(), userId: person.id, provider: shelf.provider };
      const wanted = { ...body, ...owner, catalogueVersion: catalogue.version };
      const asked = await gateway.quoteStars(wanted, starTerms(shelf));
      if (asked.outcome === 'quoted') return { body: { quote: showQuote(asked.quote) } };
      const code = asked.outcome === 'refused' ? asked.code : asked.outcome;
      throw new Problem(code === 'provider_unavailable' ? 'temporarily_unavailable' : code);
    }),
    route(contracts.guideStarPrices, async () => {
      const { stars } = catalogue;
      return { body: { guide: stars === undefined ? null : await showGuide(deps.guides, stars) } };
    }),
    place,
    route(contracts.readStarPurchase, async ({ params, person }) => {
      const purchase = await purchases.find(params.id, person.id);
      if (purchase === null) throw new Problem('not_found');
      return { body: { purchase: showStarPurchase(purchase) } };
    }),
    route(contracts.listStarPurchases, async ({ query, person }) => {
      const { limit = pageSize } = query;
      const before = readTimeCursor(query.cursor);
      const from = before === undefined ? {} : { before };
      const found = await purchases.list({ userId: person.id, limit: limit + 1, ...from });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? writeTimeCursor(last) : null;
      return { body: { items: shown.map(showStarPurchase), nextCursor } };
    }),
    route(contracts.cancelStarPurchase, async ({ params, person }) => {
      const canceled = await gateway.cancelStarPurchase(params.id, person.id);
      if (canceled.outcome !== 'canceled') throw new Problem(canceled.outcome);
      return { body: { purchase: showStarPurchase(canceled.purchase) } };
    }),
    route(contracts.listStarRecipients, async ({ person }) => {
      const items = await purchases.recipients(person.id, recipientsMax);
      return { body: { items: [...items] } };
    }),
  ];
}

/** What was read lately, priced as a quote is (shop S27); it decides nothing. */
async function showGuide(guides: Pick<Guides, 'starPrices'>, shelf: StarShelf) {
  const read = await guides.starPrices(shelf.provider, shelf.presets);
  if (read === undefined) return null;
  const prices = read.prices.map(({ quantity, priceNano }) => {
    return { quantity, price: toJson(money(starPriceNano(BigInt(priceNano), starTerms(shelf)), 'TON')) };
  });
  return { prices, asOf: read.askedAt };
}

function shelfOf({ stars }: Catalogue): StarShelf {
  if (stars === undefined) throw new Problem('stars_not_sold');
  return stars;
}

/** What is bought, at the quote's price; or why it cannot be. */
async function wantedOf({ catalogue, starQuotes }: StarPurchaseRouteDeps, userId: string, quoteId: string) {
  const quote = await starQuotes.find(quoteId, userId);
  if (quote === null) return new Problem('quote_not_found');
  if (quote.isExpired) return new Problem('quote_expired');
  return quotedStarPurchase(quote, shelfOf(catalogue));
}

function answerTo(order: StarPurchase, replayed: boolean) {
  if (order.status === 'refused') throw refusalOf(order);
  return { body: { purchase: showStarPurchase(order) }, replayed };
}

/** The answer to an order that was refused for good under its key: a new attempt needs a new one. */
function refusalOf(purchase: StarPurchase): Problem {
  const [requiredMinor, availableMinor] = [String(purchase.priceMinor), purchase.failureDetail ?? '0'];
  return new Problem('insufficient_funds', {
    detail: 'Nothing was taken. Top up, and order again under a new Idempotency-Key.',
    extra: { requiredMinor, availableMinor, asset: purchase.priceAsset },
  });
}

function showQuote(quote: StarQuote) {
  const { id, kind, quantity, recipient, recipientName, priceMinor, priceAsset, expiresAt } = quote;
  return { id, kind, quantity, recipient, recipientName, price: toJson(money(priceMinor, priceAsset)), expiresAt };
}

/** A purchase as answers show it. */
export function showStarPurchase(purchase: StarPurchase) {
  const { id, status, kind, quantity, recipient, recipientName, showSender, createdAt } = purchase;
  const { reservedAt, signedAt, paidAt, endedAt } = purchase;
  return {
    id,
    status,
    kind,
    quantity,
    recipient,
    recipientName,
    showSender,
    price: toJson(money(purchase.priceMinor, purchase.priceAsset)),
    failure: failureOf(purchase),
    createdAt,
    steps: { reservedAt, signedAt, paidAt, endedAt },
  };
}

function failureOf({ failureCode: code, priceMinor, priceAsset, status }: StarPurchase) {
  if (code === null) return null;
  const returnedMinor = status === 'failed' || status === 'canceled' ? priceMinor : 0n;
  return { code, message: starPurchaseFailureText(code), returned: toJson(money(returnedMinor, priceAsset)) };
}
