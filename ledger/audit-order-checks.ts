import { sql } from 'slonik';
import { chargeChecks } from './audit-charge-checks.ts';
import type { AuditCheck } from './audit-checks.ts';
import { starChecks } from './audit-star-checks.ts';

/**
 * What must hold between the orders and the money: one hold per order that lives, one charge per result, one credit
 * per payment.
 */
export const orderChecks: readonly AuditCheck[] = [
  ...chargeChecks,
  ...starChecks,
  {
    name: 'hold_of_live_order',
    promise: 'each open hold of an order is of one that is not final, or is due and waits for the sweep',
    violations: sql.fragment`
      SELECT 'hold ' || h.key AS subject,
             format('it is open until %s, and its order is %s', h.expires_at, coalesce(g.status, 'unknown')) AS detail
      FROM ledger.hold h LEFT JOIN app.generation g ON g.id::text = split_part(h.cause ->> 'workflowId', '/', 2)
      WHERE h.status = 'open' AND h.expires_at > now() AND split_part(h.cause ->> 'workflowId', '/', 1) = 'generation'
        AND NOT EXISTS (SELECT 1 FROM app.legal_move m WHERE m.flow = 'generation' AND m.from_status = g.status)`,
  },
  {
    name: 'live_order_holds',
    promise: 'each generation that is under way has an open hold of its price',
    violations: sql.fragment`
      SELECT 'order generation/' || g.id AS subject,
             format('it is %s at %s %s, and holds %s',
                    g.status, g.price_minor, g.price_asset, coalesce(h.minor, 0)) AS detail
      FROM app.generation g
      LEFT JOIN (SELECT cause ->> 'workflowId' AS workflow_id, sum(amount_minor) AS minor
                 FROM ledger.hold WHERE status = 'open' GROUP BY 1) h ON h.workflow_id = 'generation/' || g.id
      WHERE g.status IN ('reserved', 'submitted', 'running', 'needs_attention')
        AND g.price_minor <> coalesce(h.minor, 0)`,
  },
  {
    name: 'captured_for_one_result',
    promise: 'a generation is succeeded exactly when its hold is captured, for one accepted attempt and stored results',
    violations: sql.fragment`
      SELECT 'order generation/' || g.id AS subject,
             format('it is %s with %s captured; the ledger captured %s by %s holds; %s attempts accepted, %s results',
                    g.status, coalesce(g.captured_minor, 0), coalesce(h.minor, 0), coalesce(h.holds, 0),
                    a.attempts, r.results) AS detail
      FROM app.generation g
      LEFT JOIN (SELECT cause ->> 'workflowId' AS workflow_id, sum(captured_minor) AS minor, count(*) AS holds
                 FROM ledger.hold WHERE status = 'captured' GROUP BY 1) h ON h.workflow_id = 'generation/' || g.id
      CROSS JOIN LATERAL (SELECT count(*) AS attempts FROM app.generation_attempt a
                          WHERE a.generation_id = g.id AND a.state = 'accepted') a
      CROSS JOIN LATERAL (SELECT count(*) AS results FROM app.generation_result r
                          WHERE r.generation_id = g.id AND NOT r.late) r
      WHERE CASE WHEN g.status = 'succeeded'
        THEN coalesce(h.holds, 0) <> 1 OR h.minor IS DISTINCT FROM g.captured_minor OR a.attempts <> 1 OR r.results = 0
        ELSE h.holds > 0 OR r.results > 0 END`,
  },
  {
    name: 'payment_credited_once',
    promise: 'each payment of a provider is credited at most once, and none but under its own key',
    violations: sql.fragment`
      SELECT format('payment %s/%s', cause ->> 'provider', cause ->> 'providerRef') AS subject,
             'it was credited by the transfers ' || string_agg(id::text, ', ' ORDER BY id) AS detail
      FROM ledger.transfer WHERE kind = 'credit' AND cause ? 'providerRef'
      GROUP BY cause ->> 'provider', cause ->> 'providerRef' HAVING count(*) > 1
      UNION ALL
      SELECT 'transfer ' || id, format('it credits payment %s under the key %s', cause ->> 'providerRef', key)
      FROM ledger.transfer
      WHERE kind = 'credit' AND cause ? 'providerRef'
        AND key <> format('credit/%s/%s', cause ->> 'provider', cause ->> 'providerRef')`,
  },
  {
    name: 'topup_credited',
    promise: 'a top-up is credited exactly when the ledger credited its payment, with what it grants',
    violations: sql.fragment`
      SELECT 'order topup/' || o.id AS subject,
             format('it is %s by payment %s for %s %s; the ledger credited %s', o.status, o.credited_payment_id,
                    coalesce(o.credited_minor, o.grants_minor), o.grants_asset,
                    coalesce(c.minor::text, 'nothing')) AS detail
      FROM app.topup o
      LEFT JOIN (SELECT t.key, w.owner_id, w.asset, sum(e.amount_minor) AS minor
                 FROM ledger.transfer t JOIN ledger.entry e ON e.transfer_id = t.id
                   JOIN ledger.wallet w ON w.id = e.wallet_id
                 WHERE t.kind = 'credit' GROUP BY t.key, w.owner_id, w.asset) c
        ON c.key = format('credit/%s/%s', o.provider, o.credited_payment_id)
      WHERE (o.status = 'credited' OR o.credited_payment_id IS NOT NULL)
        AND (o.status <> 'credited' OR c.minor IS DISTINCT FROM coalesce(o.credited_minor, o.grants_minor)
             OR c.owner_id <> o.user_id
             OR c.asset <> o.grants_asset)
      UNION ALL
      SELECT 'transfer ' || t.id, format('it credits %s, and no top-up says so', t.key)
      FROM ledger.transfer t
      WHERE t.kind = 'credit' AND t.key LIKE 'credit/%'
        AND NOT EXISTS (SELECT 1 FROM app.topup o
                        WHERE t.key = format('credit/%s/%s', o.provider, o.credited_payment_id))
        AND NOT EXISTS (SELECT 1 FROM app.attention a WHERE a.key = 'second-payment/' || t.key)`,
  },
  {
    name: 'half_done',
    promise: 'nothing is half done past its deadline without an open case for a person',
    violations: sql.fragment`
      SELECT late.subject, late.detail FROM (
        SELECT 'order generation/' || id AS subject, 'generation/' || id AS workflow_id,
               format('it is %s since %s', status, updated_at) AS detail
        FROM app.generation
        WHERE (status = 'accepted' AND updated_at < now() - interval '10 minutes')
           OR (status IN ('reserved', 'submitted', 'running') AND updated_at < now() - interval '1 hour')
           OR status = 'needs_attention'
        UNION ALL
        SELECT 'order topup/' || id, 'topup/' || id, format('it is %s since %s', status, updated_at)
        FROM app.topup
        WHERE (status = 'accepted' AND updated_at < now() - interval '10 minutes')
           OR (status = 'creating' AND updated_at < now() - interval '25 hours')
           OR (status = 'awaiting_payment' AND updated_at < now() - interval '49 hours')
           OR status = 'needs_attention'
        UNION ALL
        SELECT 'order refund/' || id, 'refund/' || id, format('it is %s since %s', status, updated_at)
        FROM app.refund
        WHERE (status = 'accepted' AND updated_at < now() - interval '10 minutes')
           OR (status = 'returning' AND updated_at < now() - interval '1 hour')
           OR status = 'needs_attention'
        UNION ALL
        SELECT 'order star-purchase/' || id, 'star-purchase/' || id, format('it is %s since %s', status, updated_at)
        FROM app.star_purchase
        WHERE (status = 'accepted' AND updated_at < now() - interval '10 minutes')
           OR (status IN ('reserved', 'signed', 'paid') AND updated_at < now() - interval '2 hours')
           OR status = 'needs_attention'
        UNION ALL
        SELECT format('inbox %s', id), stream_key,
               format('%s of %s is pending since %s', dedupe_key, source, received_at)
        FROM app.inbox WHERE state = 'pending' AND next_attempt_at < now() - interval '30 minutes'
        UNION ALL
        SELECT format('outbox %s/%s', topic, seq), topic, format('%s is being sent since %s', kind, created_at)
        FROM app.outbox WHERE state = 'sending' AND created_at < now() - interval '1 hour'
      ) late
      WHERE NOT EXISTS (SELECT 1 FROM app.attention a WHERE a.closed_at IS NULL AND a.workflow_id = late.workflow_id)`,
  },
];
