import { sql } from 'slonik';
import { z } from 'zod';
import type { StarPaymentVerdict } from '../core/flows/star-purchase.ts';
import { type WalletMessageState, walletMessageStates } from '../core/flows/wallet.ts';
import type { CommonQueryMethods } from './pool.ts';

/** A payment that waits for its place in a message. */
export interface PreparedPayment {
  readonly id: string;
  readonly purchaseId: string;
  readonly destination: string;
  readonly amountNano: bigint;
  readonly payload: Buffer;
  readonly validUntil: number;
}

/** A payment with its place in a message, as the chain is asked about it. */
export interface SignedPayment {
  readonly purchaseId: string;
  readonly position: number;
  readonly destination: string;
  readonly amountNano: bigint;
  readonly bodyHash: string;
  readonly requestId: string;
}

export interface WalletMessage {
  readonly id: string;
  readonly wallet: string;
  readonly seqno: number;
  /** Unix seconds of the chain's time. */
  readonly validUntil: number;
  readonly boc: Buffer;
  readonly rawHash: string;
  readonly normalizedHash: string;
  readonly state: WalletMessageState;
  readonly payments: readonly SignedPayment[];
}

export interface NewWalletMessage {
  readonly wallet: string;
  readonly seqno: number;
  readonly validUntil: number;
  readonly boc: Uint8Array;
  readonly rawHash: string;
  readonly normalizedHash: string;
  /** In the order of their places. */
  readonly paymentIds: readonly string[];
}

export interface PurchaseVerdict {
  readonly purchaseId: string;
  readonly verdict: StarPaymentVerdict;
}

/** A payment about which the chain has decided. */
export interface DecidedPayment {
  readonly purchaseId: string;
  readonly state: StarPaymentVerdict;
  readonly destination: string;
  readonly amountNano: bigint;
  readonly bodyHash: string;
  readonly messageHash: string;
}

const decidedRow = z.object({
  purchaseId: z.string(),
  state: z.enum(['paid', 'not_paid']),
  destination: z.string(),
  amountNano: z.bigint(),
  bodyHash: z.string(),
  messageHash: z.string(),
});

const preparedRow = z.object({
  id: z.string(),
  purchaseId: z.string(),
  destination: z.string(),
  amountNano: z.bigint(),
  payload: z.instanceof(Buffer),
  validUntil: z.bigint(),
});

const messageRow = z.object({
  id: z.bigint(),
  wallet: z.string(),
  seqno: z.bigint(),
  validUntil: z.bigint(),
  boc: z.instanceof(Buffer),
  rawHash: z.string(),
  normalizedHash: z.string(),
  state: z.enum(walletMessageStates),
});

const paymentRow = z.object({
  purchaseId: z.string(),
  position: z.number(),
  destination: z.string(),
  amountNano: z.bigint(),
  bodyHash: z.string(),
  requestId: z.string(),
});

const signRow = z.object({
  answer: z.union([
    z.object({ outcome: z.literal('signed'), messageId: z.string() }),
    z.object({ outcome: z.literal('stale') }),
  ]),
});

const verdict = z.object({ purchaseId: z.string(), verdict: z.enum(['paid', 'not_paid']) });
const decideRow = z.object({ verdicts: z.array(verdict) });
const droppedRow = z.object({ purchaseId: z.string() });

const columns = sql.fragment`id, wallet, seqno, valid_until AS "validUntil", boc, raw_hash AS "rawHash",
  normalized_hash AS "normalizedHash", state`;

export type WalletMessages = ReturnType<typeof createWalletMessages>;

/** The messages of our wallets and the payments in them; the moves stand in `db/flows/wallet.sql`. */
export function createWalletMessages(db: CommonQueryMethods) {
  async function withPayments(row: z.output<typeof messageRow>): Promise<WalletMessage> {
    const payments = await db.any(sql.prepared('wallet_message_payments', paymentRow)`
      SELECT purchase_id AS "purchaseId", position, destination, amount_nano AS "amountNano",
        body_hash AS "bodyHash", request_id AS "requestId"
      FROM app.star_payment WHERE message_id = ${row.id} ORDER BY position`);
    return { ...row, id: row.id.toString(), seqno: Number(row.seqno), validUntil: Number(row.validUntil), payments };
  }

  return {
    async get(id: string): Promise<WalletMessage> {
      return withPayments(
        await db.one(sql.prepared('wallet_message_get', messageRow)`
          SELECT ${columns} FROM app.wallet_message WHERE id = ${BigInt(id)}`),
      );
    },

    /** The message that the chain has not decided; null when there is none. */
    async undecided(wallet: string): Promise<WalletMessage | null> {
      const row = await db.maybeOne(sql.prepared('wallet_message_undecided', messageRow)`
        SELECT ${columns} FROM app.wallet_message WHERE wallet = ${wallet} AND state = 'signed'`);
      return row && withPayments(row);
    },

    /** The number after the last one that the chain has used up; 0 before the first message. */
    async nextSeqno(wallet: string): Promise<number> {
      const next = await db.oneFirst(sql.prepared('wallet_next_seqno', z.object({ next: z.bigint() }))`
        SELECT coalesce(max(seqno) + 1, 0) AS next FROM app.wallet_message
        WHERE wallet = ${wallet} AND state = 'executed'`);
      return Number(next);
    },

    /** Payments that wait for their place, oldest first. */
    async prepared(wallet: string, limit: number): Promise<readonly PreparedPayment[]> {
      const rows = await db.any(sql.prepared('wallet_prepared', preparedRow)`
        SELECT p.id, p.purchase_id AS "purchaseId", p.destination, p.amount_nano AS "amountNano", p.payload,
          p.valid_until AS "validUntil"
        FROM app.star_payment p JOIN app.star_purchase o ON o.id = p.purchase_id
        WHERE p.wallet = ${wallet} AND p.state = 'prepared' AND o.status = 'reserved'
        ORDER BY p.prepared_at, p.id LIMIT ${limit}`);
      return rows.map((row) => ({ ...row, validUntil: Number(row.validUntil) }));
    },

    /** Wallets with payments that wait for longer than this, for the pump. */
    async waiting(olderThanMs: number): Promise<readonly string[]> {
      return db.anyFirst(sql.prepared('wallet_waiting', z.object({ wallet: z.string() }))`
        SELECT DISTINCT p.wallet FROM app.star_payment p
        WHERE p.state = 'prepared' AND p.prepared_at < now() - make_interval(secs => ${olderThanMs / 1000})
        UNION SELECT wallet FROM app.wallet_message
        WHERE state = 'signed' AND signed_at < now() - make_interval(secs => ${olderThanMs / 1000})`);
    },

    /** Takes back payments that Fragment would take too late; answers whose they were. */
    dropExpired(wallet: string, validUntilBelow: number): Promise<readonly string[]> {
      return db.anyFirst(sql.prepared('wallet_drop_expired', droppedRow)`
        UPDATE app.star_payment SET state = 'dropped'
        WHERE wallet = ${wallet} AND state = 'prepared' AND valid_until < ${BigInt(validUntilBelow)}
        RETURNING purchase_id AS "purchaseId"`);
    },

    /** All payments of a wallet that the chain has decided about, oldest first. */
    decidedPayments(wallet: string): Promise<readonly DecidedPayment[]> {
      return db.any(sql.type(decidedRow)`
        SELECT p.purchase_id AS "purchaseId", p.state, p.destination, p.amount_nano AS "amountNano",
          p.body_hash AS "bodyHash", m.normalized_hash AS "messageHash"
        FROM app.star_payment p JOIN app.wallet_message m ON m.id = p.message_id
        WHERE m.wallet = ${wallet} AND m.state <> 'signed' ORDER BY m.id, p.position`);
    },

    /** Stores a signed message before it leaves; `stale` when something has changed since it was made. */
    sign: (message: NewWalletMessage) =>
      db.oneFirst(
        sql.prepared('wallet_sign', signRow)`SELECT app.wallet_sign(${JSON.stringify({
          ...message,
          boc: Buffer.from(message.boc).toString('base64'),
        })}::jsonb) AS answer`,
      ),

    /** Opens a case: a person must look at a message. Once per reason, and not for one that is decided. */
    async question(messageId: string, { why, seen }: { why: string; seen: object }): Promise<void> {
      await db.query(sql.prepared('wallet_question', z.object({}))`SELECT app.wallet_question(
        ${BigInt(messageId)}, ${why}, ${JSON.stringify(seen)}::jsonb)::text AS asked`);
    },

    /** What the chain decided about the payments of a message. */
    verdicts(messageId: string): Promise<readonly PurchaseVerdict[]> {
      return db.any(sql.prepared('wallet_verdicts', verdict)`
        SELECT purchase_id AS "purchaseId", state AS verdict FROM app.star_payment
        WHERE message_id = ${BigInt(messageId)} ORDER BY position`);
    },

    /** Writes what the chain decided, once; answers the verdicts that stand. */
    decide: (
      messageId: string,
      decision: {
        state: Exclude<WalletMessageState, 'signed'>;
        verdicts: readonly { position: number; verdict: StarPaymentVerdict }[];
        evidence: object;
      },
    ): Promise<readonly PurchaseVerdict[]> =>
      db.oneFirst(sql.prepared('wallet_decide', decideRow)`SELECT app.wallet_decide(${BigInt(messageId)},
        ${decision.state}, ${JSON.stringify(decision.verdicts)}::jsonb,
        ${JSON.stringify(decision.evidence)}::jsonb) AS verdicts`),
  };
}
