import { sql } from 'slonik';
import type { AuditCheck } from './audit-checks.ts';

/** What must hold between holds, their parts, the transfers that spent them, and the answers that were given. */
export const holdChecks: readonly AuditCheck[] = [
  {
    name: 'hold_parts',
    promise: 'the parts of a hold make up what it holds and what was captured of it, out of lots of its wallet',
    violations: sql.fragment`
      SELECT 'hold ' || h.key AS subject,
             format('it holds %s and captured %s, its parts say %s and %s', h.amount_minor, h.captured_minor,
                    coalesce(p.amount, 0), coalesce(p.captured, 0)) AS detail
      FROM ledger.hold h
      LEFT JOIN (SELECT hold_id, sum(amount_minor) AS amount, sum(captured_minor) AS captured
                 FROM ledger.hold_part GROUP BY hold_id) p ON p.hold_id = h.id
      WHERE h.amount_minor <> coalesce(p.amount, 0) OR h.captured_minor <> coalesce(p.captured, 0)
      UNION ALL
      SELECT 'hold ' || h.key,
             format('its part %s is of account %s, which is not of its wallet', p.position, p.account_id)
      FROM ledger.hold_part p JOIN ledger.hold h ON h.id = p.hold_id LEFT JOIN ledger.account a ON a.id = p.account_id
      WHERE a.wallet_id IS DISTINCT FROM h.wallet_id OR a.asset <> h.asset`,
  },
  {
    name: 'account_held',
    promise: 'what an account has held is what its open holds took from it',
    violations: sql.fragment`
      SELECT 'account ' || a.id AS subject,
             format('%s is held, its open holds took %s', a.held_minor, coalesce(p.minor, 0)) AS detail
      FROM ledger.account a
      LEFT JOIN (SELECT p.account_id, sum(p.amount_minor) AS minor
                 FROM ledger.hold_part p JOIN ledger.hold h ON h.id = p.hold_id
                 WHERE h.status = 'open' GROUP BY p.account_id) p ON p.account_id = a.id
      WHERE a.wallet_id IS NOT NULL AND a.held_minor <> coalesce(p.minor, 0)`,
  },
  {
    name: 'hold_ended_once',
    promise: 'each hold is open, or ended once: captured by one transfer of its amount, or released or expired by none',
    violations: sql.fragment`
      SELECT 'hold ' || h.key AS subject,
             format('it is %s with %s captured; %s transfers took %s', h.status, h.captured_minor,
                    coalesce(t.transfers, 0), coalesce(t.minor, 0)) AS detail
      FROM ledger.hold h
      LEFT JOIN (SELECT t.hold_id, count(DISTINCT t.id) AS transfers, -sum(e.amount_minor) AS minor
                 FROM ledger.transfer t JOIN ledger.entry e ON e.transfer_id = t.id AND e.wallet_id IS NOT NULL
                 WHERE t.kind = 'capture' GROUP BY t.hold_id) t ON t.hold_id = h.id
      WHERE coalesce(t.transfers, 0) <> CASE h.status WHEN 'captured' THEN 1 ELSE 0 END
         OR coalesce(t.minor, 0) <> h.captured_minor
      UNION ALL
      SELECT 'hold ' || h.key,
             format('it is %s by the key %s, under which no such answer was given', h.status, h.resolved_key)
      FROM ledger.hold h LEFT JOIN ledger.request r ON r.key = h.resolved_key
      WHERE h.status <> 'open' AND (r.answer ->> 'outcome' IS DISTINCT FROM h.status OR r.answer ->> 'holdKey' <> h.key)
      UNION ALL
      SELECT 'hold ' || h.key, format('it is open, but the key %s ended it', r.key)
      FROM ledger.hold h JOIN ledger.request r ON r.answer ->> 'holdKey' = h.key
      WHERE h.status = 'open' AND r.verb IN ('capture', 'release', 'expire')`,
  },
  {
    name: 'hold_part_spent',
    promise: 'what a capture took from each lot is what the hold had drawn from it',
    violations: sql.fragment`
      SELECT 'hold ' || h.key AS subject,
             format('account %s lent and spent %s, the transfer took %s',
                    p.account_id, p.captured_minor, coalesce(e.minor, 0)) AS detail
      FROM ledger.hold h JOIN ledger.hold_part p ON p.hold_id = h.id
      LEFT JOIN (SELECT t.hold_id, e.account_id, -sum(e.amount_minor) AS minor
                 FROM ledger.transfer t JOIN ledger.entry e ON e.transfer_id = t.id
                 WHERE t.kind = 'capture' GROUP BY t.hold_id, e.account_id) e
        ON e.hold_id = h.id AND e.account_id = p.account_id
      WHERE p.captured_minor <> coalesce(e.minor, 0)`,
  },
  {
    name: 'hold_as_answered',
    promise: 'each hold is what its reserve answered, and lives as long as it or an extend said',
    violations: sql.fragment`
      SELECT 'hold ' || h.key AS subject,
             format('it holds %s until %s, the answers said %s until %s', h.amount_minor, h.expires_at,
                    coalesce(r.amount, 'nothing'), r.until) AS detail
      FROM ledger.hold h
      LEFT JOIN (SELECT answer ->> 'holdKey' AS hold_key, max(answer ->> 'amountMinor') AS amount,
                        max((answer ->> 'expiresAt')::timestamptz) AS until
                 FROM ledger.request WHERE verb IN ('reserve', 'extend') GROUP BY 1) r ON r.hold_key = h.key
      WHERE h.amount_minor::text IS DISTINCT FROM r.amount OR h.expires_at IS DISTINCT FROM r.until
      UNION ALL
      SELECT 'request ' || r.key, 'its hold does not exist'
      FROM ledger.request r
      WHERE r.verb = 'reserve' AND NOT EXISTS (SELECT 1 FROM ledger.hold h WHERE h.key = r.key)`,
  },
  {
    name: 'hold_swept',
    promise: 'no open hold is an hour past its end: the sweep returns its money, or opens a case and extends it',
    violations: sql.fragment`
      SELECT 'hold ' || key AS subject, format('it is open, and its time was over at %s', expires_at) AS detail
      FROM ledger.hold WHERE status = 'open' AND expires_at < now() - interval '1 hour'`,
  },
];
