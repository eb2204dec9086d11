import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type StarItemKind, starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import type { NewStarPayment } from '../../db/star-purchase-moves.ts';

export interface InsertedStarPurchase {
  readonly id: string;
  readonly workflowId: string;
  readonly holdKey: string;
}

interface StarPurchaseWish {
  readonly person: string;
  readonly priceNano?: bigint;
  readonly needsTwo?: boolean;
  readonly kind?: StarItemKind;
  readonly quantity?: number;
  readonly recipient?: string;
  readonly recipientName?: string;
}

/** 50 Stars for @bob at 1.0000 TON, of which the payment may cost 0.98, just accepted; or what is wished for. */
export async function insertStarPurchase(owner: pg.Pool, wish: StarPurchaseWish): Promise<InsertedStarPurchase> {
  const { person, priceNano = 1_000_000_000n, needsTwo = false } = wish;
  const { kind = 'stars', quantity = 50, recipient = 'bob', recipientName = 'Bob' } = wish;
  const [id, quoteId] = [randomUUID(), randomUUID()];
  await owner.query(
    `INSERT INTO app.star_quote (id, user_id, kind, quantity, recipient, provider, catalogue_version)
     VALUES ($1, $2, $3, $4, $5, 'fragment', 'v1')`,
    [quoteId, person, kind, quantity, recipient],
  );
  await owner.query(
    `INSERT INTO app.star_purchase (id, user_id, request_hash, quote_id, kind, quantity, recipient, recipient_name,
       show_sender, provider, catalogue_version, price_minor, price_asset, budget_nano, needs_two)
     VALUES ($1, $2, '', $3, $7, $8, $9, $10, false, 'fragment', 'v1', $4, 'TON', $5, $6)`,
    [id, person, quoteId, priceNano, priceNano - 20_000_000n, needsTwo, kind, quantity, recipient, recipientName],
  );
  const workflowId = starPurchaseWorkflowId(id);
  return { id, workflowId, holdKey: `${workflowId}/reserve` };
}

/** A payment request of Fragment for a purchase; every one has its own reference. */
export function paymentOf(wallet: string, amountNano = 900_000_000n): NewStarPayment {
  const id = randomUUID();
  return {
    id,
    wallet,
    requestId: `request-${id}`,
    ref: `Ref#${id.slice(0, 9)}`,
    destination: `0:${'ab'.repeat(32)}`,
    amountNano,
    payload: Buffer.from(id).toString('base64'),
    bodyHash: Buffer.from(id).toString('hex'),
    validUntil: 2_000_000_000,
  };
}
