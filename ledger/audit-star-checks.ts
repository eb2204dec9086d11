import { sql } from 'slonik';
import type { AuditCheck } from './audit-checks.ts';

/** What must hold between purchases of Stars, their holds, their payments and the messages of our wallet. */
export const starChecks: readonly AuditCheck[] = [
  {
    name: 'star_hold_of_live_order',
    promise: 'each open hold of a star purchase is of one that is under way, and each one under way holds its price',
    violations: sql.fragment`
      SELECT 'order star-purchase/' || o.id AS subject,
             format('it is %s at %s %s, and holds %s', o.status, o.price_minor, o.price_asset,
                    coalesce(h.minor, 0)) AS detail
      FROM app.star_purchase o
      LEFT JOIN (SELECT cause ->> 'workflowId' AS workflow_id, sum(amount_minor) AS minor
                 FROM ledger.hold WHERE status = 'open' GROUP BY 1) h ON h.workflow_id = 'star-purchase/' || o.id
      WHERE coalesce(h.minor, 0) <> CASE WHEN o.status IN ('reserved', 'signed', 'paid', 'needs_attention')
        THEN o.price_minor ELSE 0 END`,
  },
  {
    name: 'star_charged_for_delivery',
    promise: 'a star purchase is charged exactly when it is delivered, for one payment, or by a decision of people',
    violations: sql.fragment`
      SELECT 'order star-purchase/' || o.id AS subject,
             format('it is %s; the ledger captured %s of %s by %s holds, for %s payments', o.status,
                    coalesce(h.minor, 0), o.price_minor, coalesce(h.holds, 0), p.paid) AS detail
      FROM app.star_purchase o
      LEFT JOIN (SELECT cause ->> 'workflowId' AS workflow_id, sum(captured_minor) AS minor, count(*) AS holds
                 FROM ledger.hold WHERE status = 'captured' GROUP BY 1) h ON h.workflow_id = 'star-purchase/' || o.id
      CROSS JOIN LATERAL (SELECT count(*) AS paid FROM app.star_payment
                          WHERE purchase_id = o.id AND state = 'paid') p
      CROSS JOIN LATERAL (SELECT count(*) AS decided FROM app.star_decision
                          WHERE purchase_id = o.id AND decision IN ('delivered', 'not_delivered')) d
      WHERE CASE o.status
        WHEN 'delivered' THEN coalesce(h.holds, 0) <> 1 OR h.minor <> o.price_minor OR (p.paid <> 1 AND d.decided = 0)
        WHEN 'paid' THEN coalesce(h.holds, 0) <> 0 OR p.paid <> 1
        WHEN 'needs_attention' THEN coalesce(h.holds, 0) <> 0 OR p.paid > 1
        WHEN 'failed' THEN coalesce(h.holds, 0) <> 0 OR (p.paid <> 0 AND d.decided = 0)
        ELSE coalesce(h.holds, 0) <> 0 OR p.paid <> 0 END`,
  },
  {
    name: 'star_payment_of_message',
    promise: 'a payment is undecided exactly while its message is, and its purchase waits for the chain',
    violations: sql.fragment`
      SELECT format('payment %s of star-purchase/%s', p.attempt, p.purchase_id) AS subject,
             format('it is %s in message %s, which is %s; the purchase is %s', p.state, m.id, m.state,
                    o.status) AS detail
      FROM app.star_payment p JOIN app.wallet_message m ON m.id = p.message_id
        JOIN app.star_purchase o ON o.id = p.purchase_id
      WHERE (p.state = 'signed') <> (m.state = 'signed')
         OR (p.state = 'paid' AND m.state <> 'executed')
         OR (p.state = 'signed' AND o.status NOT IN ('signed', 'needs_attention', 'delivered'))`,
  },
  {
    name: 'wallet_message_decided',
    promise: 'the chain has decided about each message of our wallet soon after its end, or a person knows',
    violations: sql.fragment`
      SELECT format('message %s of wallet %s', m.id, m.wallet) AS subject,
             format('number %s is signed since %s and not decided', m.seqno, m.signed_at) AS detail
      FROM app.wallet_message m
      WHERE m.state = 'signed' AND m.signed_at < now() - interval '1 hour'
        AND NOT EXISTS (SELECT 1 FROM app.star_payment p JOIN app.attention a
                          ON a.workflow_id = 'star-purchase/' || p.purchase_id AND a.closed_at IS NULL
                        WHERE p.message_id = m.id)
        AND NOT EXISTS (SELECT 1 FROM app.attention a
                        WHERE starts_with(a.key, format('wallet-message/%s/', m.id)) AND a.closed_at IS NULL)`,
  },
];
