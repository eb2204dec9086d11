import type { z } from 'zod';
import { modulesFor } from '../../core/access.ts';
import * as contracts from '../../core/http/account.ts';
import type { Catalogue } from '../../core/pricing/catalogue.ts';
import { excerpt } from '../../core/text.ts';
import type { OrderTitle, OrderTitles } from '../../db/order-titles.ts';
import type { Outbox } from '../../db/outbox.ts';
import type { Profiles } from '../../db/profiles.ts';
import type { Users } from '../../db/users.ts';
import type { Hold, Holding, LedgerReads, Transaction } from '../../ledger/reads.ts';
import type { Person } from '../context.ts';
import { readNumberCursor, writeNumberCursor } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { starTitle } from '../star-titles.ts';
import { showUser } from './auth.ts';

export interface AccountDeps {
  readonly users: Pick<Users, 'setLanguage'>;
  readonly profiles: Profiles;
  readonly ledger: LedgerReads;
  readonly outbox: Outbox;
  readonly orderTitles: OrderTitles;
  readonly catalogue: Pick<Catalogue, 'stars'>;
}

const pageSize = 20;
const descriptionCodePointsMax = 120;

/** What a person has, what happened to it, and what they were told. */
export function accountRoutes(deps: AccountDeps): Route[] {
  return [
    route(contracts.me, async ({ person }) => {
      const [user, holdings] = await Promise.all([userOf(deps, person), deps.ledger.holdings(person.id)]);
      return { body: { user, wallets: holdings.map(showHolding), modules: modulesFor(person.roles, deps.catalogue) } };
    }),

    route(contracts.changeMe, async ({ person, body }) => {
      const changed = await deps.users.setLanguage(person.id, body.language);
      await deps.profiles.changed(person.id);
      return { body: { user: showUser(changed, person.roles) } };
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
      const { asset, direction, cursor, limit = pageSize } = query;
      const page = await deps.ledger.transactions({
        owner: person.id,
        limit,
        ...(asset === undefined ? {} : { asset }),
        ...(direction === undefined ? {} : { direction }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (page.outcome === 'bad_cursor') throw new Problem('invalid_cursor');
      const titles = await readTitles(deps.orderTitles, person.id, page.items);
      const items = page.items.map((item) => showTransaction(item, titles));
      return { body: { items, nextCursor: page.nextCursor } };
    }),

    route(contracts.readTransaction, async ({ person, params }) => {
      const found = await deps.ledger.transaction(person.id, BigInt(params.id));
      if (found === null) throw new Problem('not_found');
      const { transaction, hold } = found;
      const titles = await readTitles(deps.orderTitles, person.id, [transaction]);
      const shown = showTransaction(transaction, titles);
      return { body: { transaction: shown, steps: stepsOf(transaction, hold), order: orderOf(transaction) } };
    }),

    route(contracts.notifications, async ({ person, query }) => {
      const { cursor, limit = pageSize } = query;
      const beforeSeq = readNumberCursor(cursor);
      const found = await deps.outbox.list({
        userId: person.id,
        limit: limit + 1,
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

/** Who asks, as answers show them: the profile may be stale for a moment, the roles are those of this request. */
export async function userOf({ profiles }: { readonly profiles: Pick<Profiles, 'read'> }, { id, roles }: Person) {
  const profile = await profiles.read(id);
  if (profile === undefined) throw new Problem('not_found');
  return showUser(profile, roles);
}

/** A wallet with its buckets, as answers show it. */
export function showHolding({ asset, availableMinor, heldMinor, buckets }: Holding) {
  return {
    asset,
    availableMinor: String(availableMinor),
    heldMinor: String(heldMinor),
    buckets: buckets.map(showBucket),
  };
}

function showBucket({ bucket, availableMinor, expiresAt }: Holding['buckets'][number]) {
  return { bucket, availableMinor: String(availableMinor), expiresAt };
}

/** The order that a transaction belongs to as the workflow's id names it, else the payment that key or cause names. */
function referenceOf({ cause, key }: Transaction): { orderId?: string; paymentId?: string } {
  const orderId = /^(?:topup|generation|star-purchase)\/([0-9a-f-]{36})$/.exec(cause.workflowId)?.[1];
  if (orderId !== undefined) return { orderId };
  const paymentId = /^credit\/[^/]+\/(.+)$/.exec(key)?.[1] ?? cause.providerRef;
  return paymentId === undefined ? {} : { paymentId };
}

async function readTitles(orderTitles: OrderTitles, userId: string, items: readonly Transaction[]) {
  const references = items.map(referenceOf);
  const orderIds = references.flatMap(({ orderId }) => orderId ?? []);
  const paymentIds = references.flatMap(({ paymentId }) => paymentId ?? []);
  if (orderIds.length + paymentIds.length === 0) return new Map<string, OrderTitle>();
  const found = await orderTitles.list(userId, { orderIds: [...new Set(orderIds)], paymentIds });
  return new Map(found.map((title) => [title.reference, title]));
}

type OrderKind = NonNullable<z.input<(typeof contracts.readTransaction)['answer']>['order']>['kind'];

function orderOf({ cause }: Transaction): { kind: OrderKind; id: string } | null {
  const [kind, id] = cause.workflowId.split('/');
  if (id === undefined || (kind !== 'topup' && kind !== 'generation' && kind !== 'star-purchase')) return null;
  return { kind, id };
}

type Step = z.input<(typeof contracts.readTransaction)['answer']>['steps'][number];

const lastSteps = {
  capture: 'charged',
  credit: 'credited',
  transfer: 'moved',
  reverse: 'moved',
  expire: 'expired',
} as const satisfies Readonly<Record<Transaction['kind'], Step['kind']>>;

/** What became of the money: held, charged, and what came back of it; or the one step of a change without a hold. */
function stepsOf({ kind, asset, amountMinor, recordedAt }: Transaction, hold: Hold | null): Step[] {
  const change: Step = { kind: lastSteps[kind], amountMinor: String(amountMinor), asset, at: recordedAt };
  if (hold === null) return [change];
  const held: Step = { kind: 'held', amountMinor: String(hold.amountMinor), asset, at: hold.createdAt };
  const rest = hold.amountMinor - hold.capturedMinor;
  if (rest <= 0n || hold.resolvedAt === null) return [held, change];
  return [held, change, { kind: 'returned', amountMinor: String(rest), asset, at: hold.resolvedAt }];
}

const plainWords: Readonly<Record<Transaction['kind'], string>> = {
  capture: 'Purchase',
  credit: 'Top-up',
  transfer: 'Transfer',
  reverse: 'Reversal',
  expire: 'Expired',
};

function showTransaction(item: Transaction, titles: ReadonlyMap<string, OrderTitle>) {
  const { orderId, paymentId } = referenceOf(item);
  const found = titles.get(orderId ?? paymentId ?? '');
  const stars = found?.stars ?? null;
  const title = found?.title ?? (stars === null ? undefined : starTitle(stars));
  return {
    id: String(item.id),
    kind: item.kind,
    amountMinor: String(item.amountMinor),
    asset: item.asset,
    balanceAfterMinor: String(item.balanceAfterMinor),
    description: title === undefined ? plainWords[item.kind] : excerpt(title, descriptionCodePointsMax),
    stars,
    cause: {
      workflowId: item.cause.workflowId,
      step: item.cause.step,
      actor: item.cause.actor,
      providerRef: item.cause.providerRef ?? null,
    },
    at: item.recordedAt,
  };
}
