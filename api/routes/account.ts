import { modulesFor } from '../../core/access.ts';
import * as contracts from '../../core/http/account.ts';
import { limits } from '../../core/limits.ts';
import { findPack, type Catalogue } from '../../core/pricing/catalogue.ts';
import { excerpt } from '../../core/text.ts';
import type { OrderTitle, OrderTitles } from '../../db/order-titles.ts';
import type { Outbox } from '../../db/outbox.ts';
import type { BucketBalance, LedgerReads, Transaction } from '../../ledger/reads.ts';
import { readNumberCursor, writeNumberCursor } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { showUser } from './auth.ts';

export interface AccountDeps {
  readonly ledger: LedgerReads;
  readonly outbox: Outbox;
  readonly orderTitles: OrderTitles;
  readonly catalogue: Catalogue;
}

const pageSize = 20;
const descriptionCodePointsMax = 120;

/** What a person has, what happened to it, and what they were told. */
export function accountRoutes(deps: AccountDeps): Route[] {
  return [
    route(contracts.me, async ({ person }) => {
      const [wallets, buckets] = await Promise.all([deps.ledger.wallets(person.id), deps.ledger.buckets(person.id)]);
      const shown = wallets.map((wallet) => ({
        asset: wallet.asset,
        availableMinor: String(wallet.availableMinor),
        heldMinor: String(wallet.heldMinor),
        buckets: buckets.filter(({ asset }) => asset === wallet.asset).map(showBucket),
      }));
      return { body: { user: showUser(person), wallets: shown, modules: modulesFor(person.roles) } };
    }),

    route(contracts.balance, async ({ person }) => {
      const wallets = await deps.ledger.wallets(person.id);
      const balances = wallets.map(({ asset, availableMinor, heldMinor }) => ({
        asset,
        availableMinor: String(availableMinor),
        heldMinor: String(heldMinor),
        source: 'database' as const,
      }));
      return { body: { userId: person.id, balances, subscription: null } };
    }),

    route(contracts.transactions, async ({ person, query }) => {
      const { asset, cursor, limit = pageSize } = query;
      const page = await deps.ledger.transactions({
        owner: person.id,
        limit,
        ...(asset === undefined ? {} : { asset }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (page.outcome === 'bad_cursor') throw new Problem('invalid_cursor');
      const orderIds = [...new Set(page.items.flatMap(orderIdOf))];
      const titles = orderIds.length === 0 ? [] : await deps.orderTitles.list(person.id, orderIds);
      const byOrder = new Map(titles.map((title) => [title.orderId, title]));
      const items = page.items.map((item) => showTransaction(deps.catalogue, item, byOrder));
      return { body: { items, nextCursor: page.nextCursor } };
    }),

    route(contracts.notifications, async ({ person, query }) => {
      const { cursor, limit = pageSize } = query;
      const beforeSeq = readNumberCursor(cursor);
      const found = await deps.outbox.list({
        userId: person.id,
        limit: Math.min(limit, limits.listPageMax) + 1,
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const items = shown.map(({ seq, kind, data, createdAt }) => ({ id: String(seq), kind, data, at: createdAt }));
      const nextCursor = found.length > limit && last !== undefined ? writeNumberCursor(last.seq) : null;
      return { body: { items, nextCursor } };
    }),
  ];
}

function showBucket({ bucket, availableMinor, expiresAt }: BucketBalance) {
  return { bucket, availableMinor: String(availableMinor), expiresAt };
}

/** The order that a transaction belongs to, as the workflow's id names it. */
function orderIdOf({ cause }: Transaction): string[] {
  const id = /^(?:topup|generation)\/([0-9a-f-]{36})$/.exec(cause.workflowId)?.[1];
  return id === undefined ? [] : [id];
}

const plainWords: Readonly<Record<Transaction['kind'], string>> = {
  capture: 'Purchase',
  credit: 'Top-up',
  transfer: 'Transfer',
  reverse: 'Reversal',
  expire: 'Expired',
};

function showTransaction(catalogue: Catalogue, item: Transaction, titles: ReadonlyMap<string, OrderTitle>) {
  const [orderId = ''] = orderIdOf(item);
  return {
    id: String(item.id),
    kind: item.kind,
    amountMinor: String(item.amountMinor),
    asset: item.asset,
    balanceAfterMinor: String(item.balanceAfterMinor),
    description: describe(catalogue, titles.get(orderId)) ?? plainWords[item.kind],
    cause: {
      workflowId: item.cause.workflowId,
      step: item.cause.step,
      actor: item.cause.actor,
      providerRef: item.cause.providerRef ?? null,
    },
    at: item.recordedAt,
  };
}

function describe(catalogue: Catalogue, title: OrderTitle | undefined): string | undefined {
  if (title?.packId != null) return findPack(catalogue, title.packId)?.title ?? title.packId;
  if (title?.promptExcerpt != null) return excerpt(title.promptExcerpt, descriptionCodePointsMax);
  return undefined;
}
