import { sql } from 'slonik';
import type { AuditCheck } from './audit-checks.ts';

/** What shows that nothing was changed after it was written. */
export const sealChecks: readonly AuditCheck[] = [
  {
    name: 'request_answered',
    promise: 'each transfer was asked for under its key and its hash, and each answer names a transfer that exists',
    violations: sql.fragment`
      SELECT 'transfer ' || t.id AS subject, format('under its key %s stands no such request', t.key) AS detail
      FROM ledger.transfer t LEFT JOIN ledger.request r ON r.key = t.key
      WHERE t.kind <> 'expire'
        AND (r.verb IS DISTINCT FROM t.kind OR r.request_hash <> t.request_hash
          OR r.answer ->> 'transferId' <> t.id::text)
      UNION ALL
      SELECT 'request ' || r.key,
             format('its answer names transfer %s, which is not its own', r.answer ->> 'transferId')
      FROM ledger.request r LEFT JOIN ledger.transfer t ON t.key = r.key
      WHERE r.answer ? 'transferId' AND t.id::text IS DISTINCT FROM r.answer ->> 'transferId'
      UNION ALL
      SELECT 'request ' || r.key, format('it answered %s, the transfer moved %s', r.amount, e.minor)
      FROM (SELECT key, (answer ->> 'transferId')::bigint AS transfer_id,
                   coalesce(answer ->> 'capturedMinor', answer ->> 'amountMinor') AS amount
            FROM ledger.request WHERE verb IN ('capture', 'credit', 'transfer')) r
      JOIN (SELECT transfer_id, max(sign(amount_minor) * amount_minor) AS minor
            FROM (SELECT transfer_id, sign(amount_minor), sum(amount_minor) AS amount_minor
                  FROM ledger.entry WHERE wallet_id IS NOT NULL GROUP BY 1, 2) sides GROUP BY 1) e USING (transfer_id)
      WHERE r.amount <> e.minor::text`,
  },
  {
    name: 'transfer_as_requested',
    promise: "each transfer moved what was asked for: its owners, asset, amount and lot give the request's hash",
    violations: sql.fragment`
      SELECT 'transfer ' || t.id AS subject,
             format('%s of %s %s (wallets %s) is not what the key %s asked for',
                    t.kind, m.minor, m.asset, m.wallets, t.key) AS detail
      FROM ledger.transfer t
      LEFT JOIN ledger.hold h ON h.id = t.hold_id
      JOIN (
        SELECT e.transfer_id, min(e.asset) FILTER (WHERE e.wallet_id IS NOT NULL) AS asset,
               string_agg(DISTINCT e.wallet_id::text, ', ') AS wallets,
               greatest(sum(e.amount_minor) FILTER (WHERE e.wallet_id IS NOT NULL AND e.amount_minor > 0),
                        -sum(e.amount_minor) FILTER (WHERE e.wallet_id IS NOT NULL AND e.amount_minor < 0)) AS minor,
               min(w.owner_id::text) FILTER (WHERE e.amount_minor > 0) AS receiver,
               min(w.owner_id::text) FILTER (WHERE e.amount_minor < 0) AS giver,
               min(a.bucket) AS bucket, min(a.expires_at) FILTER (WHERE e.wallet_id IS NOT NULL) AS expires_at,
               (array_agg(a.code ORDER BY e.id) FILTER (WHERE e.wallet_id IS NULL))[1] AS source
        FROM ledger.entry e
        LEFT JOIN ledger.account a ON a.id = e.account_id LEFT JOIN ledger.wallet w ON w.id = a.wallet_id
        GROUP BY e.transfer_id
      ) m ON m.transfer_id = t.id
      WHERE t.request_hash IS DISTINCT FROM CASE t.kind
        WHEN 'credit' THEN ledger.request_hash('credit', m.receiver, m.asset, m.minor::text, m.bucket,
                             extract(epoch FROM nullif(m.expires_at, 'infinity'))::text, m.source)
        WHEN 'capture' THEN ledger.request_hash('capture', h.key, m.minor::text)
        WHEN 'transfer' THEN ledger.request_hash('transfer', m.giver, m.receiver, m.asset, m.minor::text)
        WHEN 'reverse' THEN ledger.request_hash('reverse', t.reverses::text)
        WHEN 'expire' THEN ledger.request_hash('expire', t.key) END`,
  },
  {
    name: 'seal_chain',
    promise: 'the blocks are numbered without gaps, each carries the hash of the one before and its own',
    violations: sql.fragment`
      SELECT 'block ' || number AS subject,
        'it does not follow from the block before, or its own hash does not hold' AS detail
      FROM (
        SELECT b.*, ledger.block_hash(b) AS own_hash, lag(number, 1, 0::bigint) OVER line AS before_number,
               lag(hash, 1, ''::bytea) OVER line AS before_hash, lag(before_xid, 1, '0'::xid8) OVER line AS before_end
        FROM ledger.block b WINDOW line AS (ORDER BY number)
      ) b
      WHERE number <> before_number + 1 OR previous_hash <> before_hash OR from_xid <> before_end OR hash <> own_hash
         OR entries_hash <> sha256(leaves) OR length(leaves) <> 40 * entry_count`,
  },
  {
    name: 'sealed_entries',
    promise: 'each sealed entry, with its transfer, cause, account, owner, hold and answer, is what was sealed',
    violations: sql.fragment`
      SELECT 'entry ' || changed.id AS subject, format('%s (block %s)', changed.what, b.number) AS detail
      FROM ledger.block b
      CROSS JOIN LATERAL (SELECT sha256(string_agg(leaf, ''::bytea ORDER BY xid, entry_id)) AS hash
                          FROM ledger.entry_leaves(b.from_xid, b.before_xid)) now
      CROSS JOIN LATERAL (
        SELECT coalesce(sealed.id, present.entry_id) AS id, CASE
          WHEN present.entry_id IS NULL THEN 'it was sealed and is gone'
          WHEN sealed.id IS NULL THEN 'it stands in a sealed range and was not sealed'
          ELSE 'it, its transfer, account, wallet, hold or answer was changed after it was sealed' END AS what
        FROM (
          SELECT ('x' || encode(substr(b.leaves, 40 * i + 1, 8), 'hex'))::bit(64)::bigint AS id,
                 substr(b.leaves, 40 * i + 1, 40) AS leaf
          FROM generate_series(0, length(b.leaves) / 40 - 1) i
        ) sealed
        FULL JOIN ledger.entry_leaves(b.from_xid, b.before_xid) present ON present.entry_id = sealed.id
        WHERE sealed.leaf IS DISTINCT FROM present.leaf
      ) changed
      WHERE now.hash IS DISTINCT FROM b.entries_hash`,
  },
  {
    name: 'ledger_guarded',
    promise: 'the triggers that refuse changes are on, and the application role can write no table of the ledger',
    violations: sql.fragment`
      SELECT 'table ledger.' || relname AS subject, detail FROM (
        SELECT c.relname, format('its trigger %s is missing or off', guard.name) AS detail
        FROM (VALUES ('entry', 'entry_append_only'), ('entry', 'entry_no_truncate'), ('entry', 'entry_balanced'),
                     ('transfer', 'transfer_append_only'), ('transfer', 'transfer_no_truncate'),
                     ('request', 'request_append_only'), ('request', 'request_no_truncate'),
                     ('block', 'block_append_only'), ('block', 'block_no_truncate'),
                     ('hold', 'hold_never_deleted'), ('hold', 'hold_no_truncate')) guard (on_table, name)
        JOIN pg_class c ON c.relnamespace = 'ledger'::regnamespace AND c.relname = guard.on_table
        LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = guard.name AND t.tgenabled <> 'D'
        WHERE t.oid IS NULL
        UNION ALL
        SELECT c.relname, 'the application role may write it'
        FROM pg_class c
        WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'
          AND has_table_privilege('holdfast_app', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
      ) faults`,
  },
  {
    name: 'transaction_ids',
    promise: 'no entry is of a transaction that this server has not begun (a logical restore makes them so)',
    violations: sql.fragment`
      SELECT 'entry ' || id AS subject,
             format('its transaction %s is ahead of this server, which stands at %s', xid,
               pg_snapshot_xmax(now.snapshot)) AS detail
      FROM (SELECT pg_current_snapshot() AS snapshot) now
      CROSS JOIN LATERAL (SELECT id, xid FROM ledger.entry ORDER BY xid DESC LIMIT 1) last
      WHERE xid >= pg_snapshot_xmax(now.snapshot)`,
  },
];
