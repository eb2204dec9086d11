import { sql } from 'slonik';
import type { AuditCheck } from './audit-checks.ts';

/** What must hold between the charges inside Telegram, their refunds and the books. */
export const chargeChecks: readonly AuditCheck[] = [
  {
    name: 'charge_accounted',
    promise: 'each charge inside Telegram is credited, goes back, or was put before a person',
    violations: sql.fragment`
      SELECT 'charge ' || p.charge_id AS subject,
             format('%s %s came as %s of %s, whose top-up is %s', p.amount_minor, p.currency, p.role, p.payload,
                    coalesce(o.status, 'unknown')) AS detail
      FROM app.telegram_payment p LEFT JOIN app.topup o ON o.id = p.topup_id
      WHERE p.recorded_at < now() - interval '30 minutes'
        AND NOT EXISTS (SELECT 1 FROM app.refund r WHERE r.charge_id = p.charge_id)
        AND CASE p.role
          WHEN 'payment' THEN o.credited_payment_id IS DISTINCT FROM p.payload
            AND NOT EXISTS (SELECT 1 FROM app.attention a WHERE a.workflow_id = 'topup/' || o.id)
          WHEN 'surplus' THEN NOT EXISTS (SELECT 1 FROM app.attention a
            WHERE a.key = format('surplus-charge/%s/%s', p.provider, p.charge_id))
          ELSE NOT EXISTS (SELECT 1 FROM app.attention a
            WHERE a.key = format('unclaimed-payment/%s/%s', p.provider, p.charge_id)) END`,
  },
  {
    name: 'refund_taken_back',
    promise: 'money of a charge goes back exactly when the credit for it is reversed',
    violations: sql.fragment`
      SELECT 'refund ' || r.id AS subject,
             format('it is %s, and transfer %s still credits %s', r.status, t.id, t.key) AS detail
      FROM app.refund r JOIN app.telegram_payment p ON p.charge_id = r.charge_id AND p.role = 'payment'
        JOIN ledger.transfer t ON t.key = format('credit/%s/%s', p.provider, p.payload)
      WHERE r.status IN ('returning', 'refunded')
        AND NOT EXISTS (SELECT 1 FROM ledger.transfer back WHERE back.reverses = t.id)
      UNION ALL
      SELECT 'transfer ' || back.id, format('it reverses %s, and no refund says so', t.key)
      FROM app.telegram_payment p
        JOIN ledger.transfer t ON t.key = format('credit/%s/%s', p.provider, p.payload)
        JOIN ledger.transfer back ON back.reverses = t.id
      WHERE p.role = 'payment' AND NOT EXISTS (
        SELECT 1 FROM app.refund r WHERE r.charge_id = p.charge_id AND r.status IN ('returning', 'refunded'))`,
  },
];
