import * as contracts from '../../core/http/shop.ts';
import { money, toJson } from '../../core/money.ts';
import { creditedOf, receivedOf } from '../../core/pricing/grants.ts';
import type { Catalogue } from '../../core/pricing/catalogue.ts';
import { quoteTopup } from '../../core/pricing/quote.ts';
import type { Topup, Topups } from '../../db/topups.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { quotedTopup } from '../../gateway/quoted-order.ts';
import { readTimeCursor, writeTimeCursor } from '../cursor.ts';
import { topupFailureText } from '../failure-texts.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';

export interface TopupDeps {
  readonly catalogue: Catalogue;
  readonly gateway: Pick<Gateway, 'placeTopup' | 'checkTopup' | 'cancelTopup'>;
  readonly topups: Pick<Topups, 'find' | 'findRequest' | 'list'>;
}

const pageSize = 20;

/** Buying packs. The price is the catalogue's; whatever a client says about amounts is not looked at (A18). */
export function topupRoutes({ catalogue, gateway, topups }: TopupDeps): Route[] {
  const place = route(
    contracts.placeTopup,
    async ({ body, person, key, requestHash }) => {
      const quoted = quoteTopup(catalogue, body.packId, body.provider);
      if (!quoted.ok) {
        // What is no longer sold was sold when this key was first used.
        const earlier = await topups.findRequest({ id: key, userId: person.id, requestHash });
        if (earlier === null) throw new Problem(quoted.code, { detail: quoted.detail });
        return { body: { topup: showTopup(earlier) }, replayed: true };
      }
      const order = { id: key, userId: person.id, requestHash, ...quotedTopup(quoted.quote) };
      const placed = await gateway.placeTopup(order);
      if (placed.outcome !== 'placed') throw new Problem(placed.outcome);
      return { body: { topup: showTopup(placed.order) }, replayed: placed.replayed };
    },
    async (key, userId) => (await topups.find(key, userId)) !== null,
  );

  return [
    place,
    route(contracts.listTopups, async ({ query, person }) => {
      const { limit = pageSize } = query;
      const before = readTimeCursor(query.cursor);
      const from = before === undefined ? {} : { before };
      const found = await topups.list({ userId: person.id, limit: limit + 1, ...from });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? writeTimeCursor(last) : null;
      return { body: { items: shown.map(showTopup), nextCursor } };
    }),
    route(contracts.readTopup, async ({ params, person }) => {
      const topup = await topups.find(params.id, person.id);
      if (topup === null) throw new Problem('not_found');
      return { body: { topup: showTopup(topup) } };
    }),
    route(contracts.checkTopup, async ({ params, person }) => {
      const checked = await gateway.checkTopup(params.id, person.id);
      if (checked.outcome !== 'checked') throw new Problem(checked.outcome);
      return { body: { topup: showTopup(checked.topup) } };
    }),
    route(contracts.cancelTopup, async ({ params, person }) => {
      const canceled = await gateway.cancelTopup(params.id, person.id);
      if (canceled.outcome !== 'canceled') throw new Problem(canceled.outcome);
      return { body: { topup: showTopup(canceled.topup) } };
    }),
  ];
}

/** A top-up as answers show it. */
export function showTopup(topup: Topup) {
  const { id, status, packId, provider, payUrl, payExpiresAt, failureCode, createdAt } = topup;
  const [credited, received] = [creditedOf(topup), receivedOf(topup)];
  return {
    id,
    status,
    packId,
    provider,
    price: toJson(money(topup.priceMinor, topup.priceAsset)),
    grants: toJson(money(topup.grantsMinor, topup.grantsAsset)),
    credited: credited && toJson(credited),
    received: received && toJson(received),
    payUrl,
    expiresAt: payExpiresAt,
    failure: failureCode === null ? null : { code: failureCode, message: topupFailureText(failureCode) },
    createdAt,
  };
}
