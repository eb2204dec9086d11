import { sql } from 'slonik';
import { z } from 'zod';
import type { Asset } from '../core/assets.ts';
import type { TopupFailure, TopupStatus } from '../core/flows/topup.ts';
import { isUuid } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { CommonQueryMethods } from './pool.ts';

/** A top-up as it stands: the projection that API, bot and screens read. */
export interface Topup {
  readonly id: string;
  readonly userId: string;
  readonly status: TopupStatus;
  readonly packId: string;
  /** What the payer reads on the provider's page, frozen with the quote. */
  readonly title: string;
  readonly provider: string;
  readonly catalogueVersion: string;
  readonly priceMinor: bigint;
  readonly priceAsset: Asset;
  readonly grantsMinor: bigint;
  readonly grantsAsset: Asset;
  /** What was credited, where it is not what the order grants; null: exactly that, or nothing yet. */
  readonly creditedMinor: bigint | null;
  /** What has come, in the price's asset, where it is not the price; null: exactly that, or nothing yet. */
  readonly receivedMinor: bigint | null;
  readonly paymentId: string | null;
  readonly payUrl: string | null;
  readonly payExpiresAt: string | null;
  readonly failureCode: TopupFailure | null;
  readonly createdAt: string;
}

export interface NewTopup extends Pick<
  Topup,
  | 'id'
  | 'userId'
  | 'packId'
  | 'title'
  | 'provider'
  | 'catalogueVersion'
  | 'priceMinor'
  | 'priceAsset'
  | 'grantsMinor'
  | 'grantsAsset'
> {
  /** SHA-256 of the route and the parsed body; the same key with another hash is a conflict. */
  readonly requestHash: Buffer;
}

/** What a request is known by when it comes again. */
export type PlacedRequest = Pick<NewTopup, 'id' | 'userId' | 'requestHash'>;

/** What inserting under a client's key found. A row of another person or of another request is shown to nobody. */
export type Inserted<Row> =
  { readonly outcome: 'inserted' | 'replay'; readonly row: Row } | { readonly outcome: 'key_conflict' };

const topupRow = z.object({
  id: z.string(),
  userId: z.string(),
  status: z.string(),
  packId: z.string(),
  title: z.string(),
  provider: z.string(),
  catalogueVersion: z.string(),
  priceMinor: z.bigint(),
  priceAsset: z.string(),
  grantsMinor: z.bigint(),
  grantsAsset: z.string(),
  creditedMinor: z.bigint().nullable(),
  receivedMinor: z.bigint().nullable(),
  paymentId: z.string().nullable(),
  payUrl: z.string().nullable(),
  payExpiresAt: z.string().nullable(),
  failureCode: z.string().nullable(),
  createdAt: z.string(),
}) as unknown as z.ZodType<Topup>;

const oldestRow = z.object({ oldestAt: z.string().nullable() });
const openRow = z.object({ id: z.string() });

const columns = sql.fragment`id, user_id AS "userId", status, pack_id AS "packId", title, provider,
  catalogue_version AS "catalogueVersion", price_minor AS "priceMinor", price_asset AS "priceAsset",
  grants_minor AS "grantsMinor", grants_asset AS "grantsAsset", credited_minor AS "creditedMinor",
  received_minor AS "receivedMinor", payment_id AS "paymentId", pay_url AS "payUrl",
  pay_expires_at AS "payExpiresAt", failure_code AS "failureCode", created_at AS "createdAt"`;

/** Orders that the provider may have news of: also one that was given up, since its payment cannot be called back. */
const mayStillBePaid = sql.fragment`(status IN ('creating', 'awaiting_payment', 'expired')
  OR failure_code IN ('canceled_by_user', 'held_by_provider'))`;

export type Topups = ReturnType<typeof createTopups>;

/** The rows of top-ups. Moves that touch money stand in `db/flows/topup.sql`. */
export function createTopups(db: CommonQueryMethods) {
  async function get(id: string): Promise<Topup | null> {
    return db.maybeOne(sql.prepared('topup_get', topupRow)`SELECT ${columns} FROM app.topup WHERE id = ${id}`);
  }

  async function findRequest(request: PlacedRequest): Promise<Topup | null> {
    return db.maybeOne(sql.prepared('topup_replay', topupRow)`SELECT ${columns} FROM app.topup
      WHERE id = ${request.id} AND user_id = ${request.userId} AND request_hash = ${sql.binary(request.requestHash)}`);
  }

  return {
    get,
    /** The order that this very request has made before; null for another person's or another request's. */
    findRequest,

    /** A person's own top-up; null for another's. */
    async find(id: string, userId: string): Promise<Topup | null> {
      const topup = await get(id);
      return topup?.userId === userId ? topup : null;
    },

    /** A person's top-ups, newest first; `before` is the last one of the page before. */
    list(page: {
      userId: string;
      limit: number;
      before?: { createdAt: string; id: string };
    }): Promise<readonly Topup[]> {
      const { userId, limit, before } = page;
      return db.any(sql.prepared('topup_list', topupRow)`SELECT ${columns} FROM app.topup
        WHERE user_id = ${userId}
          AND (created_at, id) < (coalesce(${before?.createdAt ?? null}::timestamptz, 'infinity'),
                                  coalesce(${before?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
        ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
    },

    /** A person's top-ups that are not over for them, newest first. */
    listOpen(userId: string, limit: number): Promise<readonly Topup[]> {
      return db.any(sql.prepared('topup_open', topupRow)`SELECT ${columns} FROM app.topup
        WHERE user_id = ${userId} AND status IN ('accepted', 'creating', 'awaiting_payment', 'needs_attention')
        ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
    },

    /** The top-up of a provider's payment, when its id has come to be known. */
    findByPayment(provider: string, paymentId: string): Promise<Topup | null> {
      return db.maybeOne(sql.prepared('topup_by_payment', topupRow)`SELECT ${columns} FROM app.topup
        WHERE provider = ${provider} AND payment_id = ${paymentId}`);
    },

    /** Births an order under the client's key. */
    async insert(order: NewTopup): Promise<Inserted<Topup>> {
      const inserted = await db.maybeOne(sql.prepared('topup_insert', topupRow)`
        INSERT INTO app.topup (id, user_id, request_hash, pack_id, title, provider, catalogue_version, price_minor,
                               price_asset, grants_minor, grants_asset)
        VALUES (${order.id}, ${order.userId}, ${sql.binary(order.requestHash)}, ${order.packId}, ${order.title},
                ${order.provider}, ${order.catalogueVersion}, ${order.priceMinor}, ${order.priceAsset},
                ${order.grantsMinor}, ${order.grantsAsset})
        ON CONFLICT (id) DO NOTHING RETURNING ${columns}`);
      if (inserted) return { outcome: 'inserted', row: inserted };
      const earlier = await findRequest(order);
      return earlier ? { outcome: 'replay', row: earlier } : { outcome: 'key_conflict' };
    },

    /**
     * When the oldest top-up was placed whose payment may still change; null when there is none (of the last
     * `limits.paymentSweepMs`).
     */
    oldestOpenAt(provider: string): Promise<string | null> {
      return db.oneFirst(sql.prepared(
        'topup_oldest_open',
        oldestRow,
      )`SELECT min(created_at) AS "oldestAt" FROM app.topup
        WHERE provider = ${provider} AND created_at > now() - make_interval(secs => ${limits.paymentSweepMs / 1000})
          AND ${mayStillBePaid}`);
    },

    /** Of these payments, the ones whose top-up may still be paid, with what they were listed as. */
    async onlyOpen<P extends { paymentId: string; topupId?: string }>(
      provider: string,
      payments: readonly P[],
    ): Promise<P[]> {
      const ids = payments.flatMap(({ topupId }) => (topupId !== undefined && isUuid(topupId) ? [topupId] : []));
      const open = await db.anyFirst(sql.prepared('topup_only_open', openRow)`SELECT id FROM app.topup
        WHERE provider = ${provider} AND id = ANY(${sql.array(ids, 'uuid')})
          AND ${mayStillBePaid}`);
      const isOpen = new Set(open);
      return payments.filter(({ topupId }) => topupId !== undefined && isOpen.has(topupId));
    },

    /**
     * Orders that no workflow has taken up for a while, for the pump. What a person has to look at cannot be started,
     * and must not stand in the way of the others.
     */
    async listAccepted(olderThanMs: number, limit: number): Promise<readonly Topup[]> {
      return db.any(sql.prepared('topup_accepted', topupRow)`SELECT ${columns} FROM app.topup waiting
        WHERE status = 'accepted' AND created_at < now() - make_interval(secs => ${olderThanMs / 1000})
          AND NOT EXISTS (SELECT 1 FROM app.attention a
                          WHERE a.workflow_id = 'topup/' || waiting.id AND a.closed_at IS NULL)
        ORDER BY created_at LIMIT ${limit}`);
    },
  };
}
