import { sql } from 'slonik';
import { z } from 'zod';
import type { Asset } from '../core/assets.ts';
import { starDecisions, type StarItemKind, starItemKinds } from '../core/flows/star-purchase.ts';
import { starPaymentStates } from '../core/flows/wallet.ts';
import type { CommonQueryMethods } from './pool.ts';

const payment = z.object({
  attempt: z.number(),
  state: z.enum(starPaymentStates),
  /** Nanotons as text. */
  amountNano: z.string(),
  ref: z.string(),
  messageHash: z.string().nullable(),
});
const vote = z.object({ operatorId: z.string(), operator: z.string(), decision: z.enum(starDecisions) });

/** A star purchase that waits for a person, with what is known about it. */
export interface StarCase {
  /** The case's own number, which the trail names it by. */
  readonly caseId: bigint;
  readonly purchaseId: string;
  /** Which parking of the purchase this is: a decision is about one of them. */
  readonly round: number;
  readonly kind: StarItemKind;
  readonly quantity: number;
  readonly recipient: string;
  readonly recipientName: string;
  readonly buyer: string;
  readonly buyerTelegramId: bigint;
  readonly priceMinor: bigint;
  readonly priceAsset: Asset;
  readonly needsTwo: boolean;
  /** How long it has been waiting. */
  readonly ageSeconds: number;
  /** Why nobody here could decide. */
  readonly reason: string;
  readonly payments: readonly z.output<typeof payment>[];
  /** What operators have said about this parking. */
  readonly votes: readonly z.output<typeof vote>[];
}

const caseRow = z.object({
  caseId: z.bigint(),
  purchaseId: z.string(),
  round: z.number(),
  kind: z.enum(starItemKinds),
  quantity: z.number(),
  recipient: z.string(),
  recipientName: z.string(),
  buyer: z.string(),
  buyerTelegramId: z.bigint(),
  priceMinor: z.bigint(),
  priceAsset: z.string(),
  needsTwo: z.boolean(),
  ageSeconds: z.number(),
  reason: z.string(),
  payments: z.array(payment),
  votes: z.array(vote),
}) as unknown as z.ZodType<StarCase>;

const columns = sql.fragment`a.id AS "caseId", p.id AS "purchaseId", p.parked_count AS round, p.kind, p.quantity,
  p.recipient, p.recipient_name AS "recipientName", u.first_name AS buyer, u.telegram_id AS "buyerTelegramId",
  p.price_minor AS "priceMinor", p.price_asset AS "priceAsset", p.needs_two AS "needsTwo",
  extract(epoch FROM now() - a.opened_at)::float8 AS "ageSeconds", coalesce(a.evidence ->> 'reason', '') AS reason,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('attempt', s.attempt, 'state', s.state,
      'amountNano', s.amount_nano::text, 'ref', s.ref, 'messageHash', m.normalized_hash) ORDER BY s.attempt), '[]')
   FROM app.star_payment s LEFT JOIN app.wallet_message m ON m.id = s.message_id
   WHERE s.purchase_id = p.id) AS payments,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('operatorId', d.operator_id, 'operator', o.first_name,
      'decision', d.decision) ORDER BY d.decided_at), '[]')
   FROM app.star_decision d JOIN app.users o ON o.id = d.operator_id
   WHERE d.purchase_id = p.id AND d.round = p.parked_count) AS votes`;

const parked = sql.fragment`app.attention a
  JOIN app.star_purchase p ON p.id = substr(a.workflow_id, length('star-purchase/') + 1)::uuid
  JOIN app.users u ON u.id = p.user_id
  WHERE a.kind = 'star_purchase_parked' AND a.closed_at IS NULL AND p.status = 'needs_attention'`;

export type StarCases = ReturnType<typeof createStarCases>;

/** Star purchases that wait for an operator's decision. */
export function createStarCases(db: CommonQueryMethods) {
  return {
    /** Those that wait, longest first. */
    list(limit: number): Promise<readonly StarCase[]> {
      return db.any(sql.prepared('star_cases', caseRow)`
        SELECT ${columns} FROM ${parked} ORDER BY a.opened_at, a.id LIMIT ${limit}`);
    },

    /** One of them; null when it does not wait (any more). */
    find(purchaseId: string): Promise<StarCase | null> {
      return db.maybeOne(sql.prepared('star_case', caseRow)`
        SELECT ${columns} FROM ${parked} AND p.id = ${purchaseId} ORDER BY a.opened_at DESC LIMIT 1`);
    },
  };
}
