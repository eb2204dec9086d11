import { sql } from 'slonik';
import { z } from 'zod';
import type { Asset } from '../core/assets.ts';
import {
  type StarItemKind,
  starItemKinds,
  type StarPurchaseFailure,
  type StarPurchaseStatus,
} from '../core/flows/star-purchase.ts';
import type { CommonQueryMethods } from './pool.ts';
import type { Inserted, PlacedRequest } from './topups.ts';

/** A star purchase as it stands: the projection that API, bot and screens read. */
export interface StarPurchase {
  readonly id: string;
  readonly userId: string;
  readonly status: StarPurchaseStatus;
  readonly quoteId: string;
  readonly kind: StarItemKind;
  readonly quantity: number;
  readonly recipient: string;
  readonly recipientName: string;
  readonly showSender: boolean;
  readonly provider: string;
  readonly catalogueVersion: string;
  readonly priceMinor: bigint;
  readonly priceAsset: Asset;
  /** What the payment may cost us at most. */
  readonly budgetNano: bigint;
  /** Two operators must decide alike about it. */
  readonly needsTwo: boolean;
  readonly failureCode: StarPurchaseFailure | null;
  readonly failureDetail: string | null;
  readonly createdAt: string;
  readonly reservedAt: string | null;
  readonly signedAt: string | null;
  readonly paidAt: string | null;
  readonly endedAt: string | null;
}

export interface NewStarPurchase extends Omit<
  StarPurchase,
  'status' | 'failureCode' | 'failureDetail' | 'createdAt' | 'reservedAt' | 'signedAt' | 'paidAt' | 'endedAt'
> {
  readonly requestHash: Buffer;
}

const purchaseRow = z.object({
  id: z.string(),
  userId: z.string(),
  status: z.string(),
  quoteId: z.string(),
  kind: z.enum(starItemKinds),
  quantity: z.number(),
  recipient: z.string(),
  recipientName: z.string(),
  showSender: z.boolean(),
  provider: z.string(),
  catalogueVersion: z.string(),
  priceMinor: z.bigint(),
  priceAsset: z.string(),
  budgetNano: z.bigint(),
  needsTwo: z.boolean(),
  failureCode: z.string().nullable(),
  failureDetail: z.string().nullable(),
  createdAt: z.string(),
  reservedAt: z.string().nullable(),
  signedAt: z.string().nullable(),
  paidAt: z.string().nullable(),
  endedAt: z.string().nullable(),
}) as unknown as z.ZodType<StarPurchase>;

const columns = sql.fragment`id, user_id AS "userId", status, quote_id AS "quoteId", kind, quantity, recipient,
  recipient_name AS "recipientName", show_sender AS "showSender", provider, catalogue_version AS "catalogueVersion",
  price_minor AS "priceMinor", price_asset AS "priceAsset", budget_nano AS "budgetNano", needs_two AS "needsTwo",
  failure_code AS "failureCode", failure_detail AS "failureDetail", created_at AS "createdAt",
  reserved_at AS "reservedAt", signed_at AS "signedAt", paid_at AS "paidAt", ended_at AS "endedAt"`;

export type StarPurchases = ReturnType<typeof createStarPurchases>;

/** The rows of star purchases. Moves that touch money stand in `db/flows/star-purchase.sql`. */
export function createStarPurchases(db: CommonQueryMethods) {
  async function get(id: string): Promise<StarPurchase | null> {
    return db.maybeOne(sql.prepared('star_purchase_get', purchaseRow)`
      SELECT ${columns} FROM app.star_purchase WHERE id = ${id}`);
  }

  async function findRequest(request: PlacedRequest): Promise<StarPurchase | null> {
    return db.maybeOne(sql.prepared('star_purchase_replay', purchaseRow)`SELECT ${columns} FROM app.star_purchase
      WHERE id = ${request.id} AND user_id = ${request.userId} AND request_hash = ${sql.binary(request.requestHash)}`);
  }

  return {
    get,
    /** The order that this very request has made before; null for another person's or another request's. */
    findRequest,

    /** A person's own purchase; null for another's. */
    async find(id: string, userId: string): Promise<StarPurchase | null> {
      const purchase = await get(id);
      return purchase?.userId === userId ? purchase : null;
    },

    /** A person's purchases, newest first; `before` is the last one of the page before. */
    list(page: {
      userId: string;
      limit: number;
      before?: { createdAt: string; id: string };
    }): Promise<readonly StarPurchase[]> {
      const { userId, limit, before } = page;
      return db.any(sql.prepared('star_purchase_list', purchaseRow)`SELECT ${columns} FROM app.star_purchase
        WHERE user_id = ${userId}
          AND (created_at, id) < (coalesce(${before?.createdAt ?? null}::timestamptz, 'infinity'),
                                  coalesce(${before?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
        ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
    },

    /** A person's purchases that are not over, newest first. */
    listOpen(userId: string, limit: number): Promise<readonly StarPurchase[]> {
      return db.any(sql.prepared('star_purchase_open', purchaseRow)`SELECT ${columns} FROM app.star_purchase
        WHERE user_id = ${userId} AND status IN ('accepted', 'reserved', 'signed', 'paid', 'needs_attention')
        ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
    },

    /** Usernames that a person has bought for, the latest first. */
    recipients(userId: string, limit: number): Promise<readonly { recipient: string; recipientName: string }[]> {
      return db.any(sql.prepared('star_purchase_recipients', recipientRow)`
        SELECT recipient, (array_agg(recipient_name ORDER BY created_at DESC))[1] AS "recipientName"
        FROM app.star_purchase
        WHERE user_id = ${userId} AND status IN ('accepted', 'reserved', 'signed', 'paid', 'delivered')
        GROUP BY recipient ORDER BY max(created_at) DESC
        LIMIT ${limit}`);
    },

    /** Births an order under the client's key. A quote that another order has bought by is a conflict as well. */
    async insert(order: NewStarPurchase): Promise<Inserted<StarPurchase>> {
      const inserted = await db.maybeOne(sql.prepared('star_purchase_insert', purchaseRow)`
        INSERT INTO app.star_purchase (id, user_id, request_hash, quote_id, kind, quantity, recipient, recipient_name,
          show_sender, provider, catalogue_version, price_minor, price_asset, budget_nano,
          needs_two)
        VALUES (${order.id}, ${order.userId}, ${sql.binary(order.requestHash)}, ${order.quoteId}, ${order.kind},
          ${order.quantity}, ${order.recipient}, ${order.recipientName}, ${order.showSender}, ${order.provider},
          ${order.catalogueVersion}, ${order.priceMinor}, ${order.priceAsset}, ${order.budgetNano},
          ${order.needsTwo})
        ON CONFLICT DO NOTHING RETURNING ${columns}`);
      if (inserted) return { outcome: 'inserted', row: inserted };
      const earlier = await findRequest(order);
      return earlier ? { outcome: 'replay', row: earlier } : { outcome: 'key_conflict' };
    },

    /** Orders under way that nothing has happened to for so long, oldest first; `after` is the last one seen. */
    listQuiet(page: { quietForMs: number; limit: number; after?: { createdAt: string; id: string } }) {
      return db.any(sql.prepared('star_purchase_quiet', purchaseRow)`SELECT ${columns} FROM app.star_purchase
        WHERE status IN ('reserved', 'signed', 'paid', 'needs_attention')
          AND updated_at < now() - make_interval(secs => ${page.quietForMs / 1000})
          AND (created_at, id) > (coalesce(${page.after?.createdAt ?? null}::timestamptz, '-infinity'),
                                  coalesce(${page.after?.id ?? null}::uuid, '00000000-0000-0000-0000-000000000000'))
        ORDER BY created_at, id LIMIT ${page.limit}`);
    },

    /** Orders that no workflow has taken up for a while, for the pump. */
    listAccepted(olderThanMs: number, limit: number): Promise<readonly StarPurchase[]> {
      return db.any(sql.prepared('star_purchase_accepted', purchaseRow)`SELECT ${columns} FROM app.star_purchase waiting
        WHERE status = 'accepted' AND created_at < now() - make_interval(secs => ${olderThanMs / 1000})
          AND NOT EXISTS (SELECT 1 FROM app.attention a
                          WHERE a.workflow_id = 'star-purchase/' || waiting.id AND a.closed_at IS NULL)
        ORDER BY created_at LIMIT ${limit}`);
    },
  };
}

const recipientRow = z.object({ recipient: z.string(), recipientName: z.string() });
