import { sql } from 'slonik';
import { z } from 'zod';
import { readMoneyFigures } from './figures.ts';
import type { CommonQueryMethods } from './pool.ts';

const queueRow = z.object({
  outboxPending: z.number(),
  outboxUnsure: z.number(),
  outboxOldestSeconds: z.number(),
});

const walletRow = z.object({
  address: z.string(),
  nextSeqno: z.number(),
  waitingPayments: z.number(),
  pendingSeqno: z.number().nullable(),
  pendingSince: z.string().nullable(),
  pendingValidUntil: z.string().nullable(),
});

/** A wallet of ours on the chain, as far as our own rows know it. */
export interface KnownWallet {
  readonly address: string;
  /** The number that the next message will bear. */
  readonly nextSeqno: number;
  readonly waitingPayments: number;
  /** The message that the chain has not decided. */
  readonly pending: { readonly seqno: number; readonly since: string; readonly validUntil: string } | null;
}

/** What the database knows of how the parts stand. Ages in seconds. */
export interface PanelHealth {
  readonly figures: Record<string, number>;
  readonly wallets: readonly KnownWallet[];
  readonly casesByProvider: ReadonlyMap<string, number>;
}

/** Reads what the panel's health screen shows of the database. */
export async function readPanelHealth(db: CommonQueryMethods): Promise<PanelHealth> {
  const [money, queue, wallets, cases] = await Promise.all([
    readMoneyFigures(db),
    readOutboxFigures(db),
    readWallets(db),
    readCasesByProvider(db),
  ]);
  return { figures: { ...money, ...queue }, wallets, casesByProvider: cases };
}

/** How many cases wait for a person. */
export function countOpenCases(db: CommonQueryMethods): Promise<number> {
  return db.oneFirst(sql.prepared('cases_open', z.object({ open: z.number() }))`
    SELECT count(*)::int AS open FROM app.attention WHERE closed_at IS NULL`);
}

function readOutboxFigures(db: CommonQueryMethods): Promise<z.infer<typeof queueRow>> {
  return db.one(sql.type(queueRow)`
    SELECT count(*) FILTER (WHERE state <> 'unsure')::int AS "outboxPending",
      count(*) FILTER (WHERE state = 'unsure')::int AS "outboxUnsure",
      coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE state <> 'unsure')), 0)::float8
        AS "outboxOldestSeconds"
    FROM app.outbox WHERE state IN ('pending', 'sending', 'unsure')`);
}

async function readWallets(db: CommonQueryMethods): Promise<KnownWallet[]> {
  const rows = await db.any(sql.type(walletRow)`
    WITH known AS (SELECT wallet FROM app.wallet_message UNION SELECT wallet FROM app.star_payment)
    SELECT k.wallet AS address,
      (SELECT coalesce(max(seqno) + 1, 0)::float8 FROM app.wallet_message
       WHERE wallet = k.wallet AND state = 'executed') AS "nextSeqno",
      (SELECT count(*)::int FROM app.star_payment WHERE wallet = k.wallet AND state = 'prepared')
        AS "waitingPayments",
      m.seqno::float8 AS "pendingSeqno", m.signed_at AS "pendingSince",
      to_timestamp(m.valid_until) AS "pendingValidUntil"
    FROM known k LEFT JOIN app.wallet_message m ON m.wallet = k.wallet AND m.state = 'signed' ORDER BY k.wallet`);
  return rows.map(({ pendingSeqno: seqno, pendingSince: since, pendingValidUntil: validUntil, ...wallet }) => ({
    ...wallet,
    pending: seqno === null || since === null || validUntil === null ? null : { seqno, since, validUntil },
  }));
}

async function readCasesByProvider(db: CommonQueryMethods): Promise<Map<string, number>> {
  const rows = await db.any(sql.type(z.object({ provider: z.string(), open: z.number() }))`
    SELECT evidence ->> 'provider' AS provider, count(*)::int AS open
    FROM app.attention WHERE closed_at IS NULL AND evidence ->> 'provider' IS NOT NULL GROUP BY 1`);
  return new Map(rows.map(({ provider, open }) => [provider, open]));
}
