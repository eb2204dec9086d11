import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** What a story is told from: everything that belongs to one purchase, hold, transfer or person. */
export interface Scope {
  readonly workflowIds: readonly string[];
  readonly orderIds: readonly string[];
  readonly holdKeys: readonly string[];
  readonly transferIds: readonly bigint[];
}

export const stepRow = z.object({
  /** RFC 3339 UTC, of our clock. */
  at: z.string(),
  what: z.string(),
  /** Amounts, states and references; never a secret, a prompt or a body. */
  facts: z.record(z.string(), z.unknown()),
  cause: z.record(z.string(), z.unknown()).nullable(),
});

export type Step = z.infer<typeof stepRow>;

/** What the story's tellers are bounded by, each; a story that long is read in the database. */
const stepsMax = 2_000;

/** How the order's own rows tell it: placed, asked at the provider, delivered, ended, told, flagged. */
export function readOrderSteps(db: CommonQueryMethods, scope: Scope): Promise<readonly Step[]> {
  const ids = sql.array([...scope.orderIds], 'uuid');
  return db.any(sql.type(stepRow)`
    SELECT created_at AS at, 'top-up ordered' AS what, jsonb_build_object('topup', id, 'pack', pack_id, 'priceMinor',
      price_minor::text, 'asset', price_asset, 'grantsMinor', grants_minor::text, 'grantsAsset', grants_asset,
      'provider', provider, 'catalogue', catalogue_version) AS facts, NULL::jsonb AS cause
    FROM app.topup WHERE id = ANY (${ids})
    UNION ALL
    SELECT updated_at, 'top-up is ' || status, jsonb_strip_nulls(jsonb_build_object('topup', id, 'payment', payment_id,
      'creditedPayment', credited_payment_id, 'failure', failure_code)), NULL
    FROM app.topup WHERE id = ANY (${ids})
    UNION ALL
    SELECT first_sent_at, 'payment asked for at the provider', 
      jsonb_build_object('key', key, 'attempt', attempt, 'outcome', outcome), NULL
    FROM app.payment_request WHERE topup_id = ANY (${ids})
    UNION ALL
    SELECT recorded_at, 'charged inside Telegram', jsonb_strip_nulls(jsonb_build_object('charge', charge_id,
      'role', role, 'amountMinor', amount_minor::text, 'currency', currency, 'paidAt', paid_at,
      'foundBy', found_by)), NULL
    FROM app.telegram_payment WHERE topup_id = ANY (${ids})
    UNION ALL
    SELECT created_at, 'refund asked for', jsonb_build_object('refund', id, 'charge', charge_id, 'reason', reason,
      'by', asked_by, 'forced', forced), NULL
    FROM app.refund WHERE topup_id = ANY (${ids})
    UNION ALL
    SELECT updated_at, 'refund is ' || status, jsonb_strip_nulls(jsonb_build_object('refund', id,
      'takenBackMinor', taken_back_minor::text, 'writtenOffMinor', written_off_minor::text)), NULL
    FROM app.refund WHERE topup_id = ANY (${ids})
    UNION ALL
    SELECT created_at, 'generation ordered', jsonb_build_object('generation', id, 'model', model_id,
      'pictures', pictures, 'priceMinor', price_minor::text, 'asset', price_asset, 'provider', provider,
      'catalogue', catalogue_version), NULL
    FROM app.generation WHERE id = ANY (${ids})
    UNION ALL
    SELECT updated_at, 'generation is ' || status, jsonb_strip_nulls(jsonb_build_object('generation', id,
      'capturedMinor', captured_minor::text, 'failure', failure_code)), NULL
    FROM app.generation WHERE id = ANY (${ids})
    UNION ALL
    SELECT coalesce(sending_at, created_at),
      CASE WHEN sending_at IS NULL THEN 'attempt prepared' ELSE 'attempt sent' END,
      jsonb_strip_nulls(jsonb_build_object('attempt', number, 'state', state, 'task', task_id,
        'refused', refused_code)), NULL
    FROM app.generation_attempt WHERE generation_id = ANY (${ids})
    UNION ALL
    SELECT stored_at, CASE WHEN late THEN 'late result stored' ELSE 'result stored' END,
      jsonb_build_object('position', position, 'mime', mime, 'bytes', bytes), NULL
    FROM app.generation_result WHERE generation_id = ANY (${ids})
    LIMIT ${stepsMax}`);
}

/** How a purchase of Stars went: ordered, its payments, the wallet's messages and what the chain said, its end. */
export function readStarSteps(db: CommonQueryMethods, scope: Scope): Promise<readonly Step[]> {
  const ids = sql.array([...scope.orderIds], 'uuid');
  return db.any(sql.type(stepRow)`
    SELECT created_at AS at, 'star purchase ordered' AS what, jsonb_build_object('purchase', id, 'kind', kind,
      'quantity', quantity, 'priceMinor', price_minor::text, 'asset', price_asset, 'provider', provider,
      'catalogue', catalogue_version) AS facts, NULL::jsonb AS cause
    FROM app.star_purchase WHERE id = ANY (${ids})
    UNION ALL
    SELECT updated_at, 'star purchase is ' || status,
      jsonb_strip_nulls(jsonb_build_object('purchase', id, 'failure', failure_code)), NULL
    FROM app.star_purchase WHERE id = ANY (${ids})
    UNION ALL
    SELECT prepared_at, 'payment prepared', jsonb_build_object('attempt', attempt, 'request', request_id, 'ref', ref,
      'amountNano', amount_nano::text, 'state', state), NULL
    FROM app.star_payment WHERE purchase_id = ANY (${ids})
    UNION ALL
    SELECT m.signed_at, 'message signed and stored', jsonb_build_object('message', m.id, 'number', m.seqno,
      'position', p.position, 'validUntil', to_timestamp(m.valid_until), 'hash', m.normalized_hash), NULL
    FROM app.star_payment p JOIN app.wallet_message m ON m.id = p.message_id WHERE p.purchase_id = ANY (${ids})
    UNION ALL
    SELECT m.decided_at, 'the chain decided: ' || p.state, jsonb_build_object('message', m.id, 'state', m.state,
      'evidence', m.evidence), NULL
    FROM app.star_payment p JOIN app.wallet_message m ON m.id = p.message_id
    WHERE p.purchase_id = ANY (${ids}) AND m.decided_at IS NOT NULL
    UNION ALL
    SELECT decided_at, 'operator decided: ' || decision, jsonb_build_object('operator', operator_id, 'reason', reason,
      'round', round), NULL
    FROM app.star_decision WHERE purchase_id = ANY (${ids})
    LIMIT ${stepsMax}`);
}

/** What came in and went out around the orders: facts of the providers, what the person was told, cases. */
export function readMessageSteps(db: CommonQueryMethods, scope: Scope): Promise<readonly Step[]> {
  const ids = sql.array([...scope.orderIds], 'uuid');
  const texts = sql.array([...scope.orderIds], 'text');
  const workflows = sql.array([...scope.workflowIds], 'text');
  return db.any(sql.type(stepRow)`
    SELECT received_at AS at, 'fact received from ' || source AS what, jsonb_strip_nulls(jsonb_build_object('inbox', id,
      'state', state, 'deliveries', deliveries, 'attempts', attempts)) AS facts, NULL::jsonb AS cause
    FROM app.inbox WHERE stream_key IN (
      SELECT provider || '/' || payment_id FROM app.topup WHERE id = ANY (${ids})
      UNION ALL SELECT provider || '/' || credited_payment_id FROM app.topup WHERE id = ANY (${ids})
      UNION ALL SELECT g.provider || '/' || a.id FROM app.generation_attempt a
        JOIN app.generation g ON g.id = a.generation_id
        WHERE g.id = ANY (${ids})
      UNION ALL SELECT unnest(${workflows}))
    UNION ALL
    SELECT created_at, 'message for the person: ' || kind,
      jsonb_build_object('topic', topic, 'seq', seq, 'state', state), NULL
    FROM app.outbox
    WHERE user_id IN (SELECT user_id FROM app.topup WHERE id = ANY (${ids})
                      UNION ALL SELECT user_id FROM app.generation WHERE id = ANY (${ids})
                      UNION ALL SELECT user_id FROM app.star_purchase WHERE id = ANY (${ids}))
      AND coalesce(data ->> 'topupId', data ->> 'generationId', data ->> 'purchaseId') = ANY (${texts})
      AND state <> 'live'
    UNION ALL
    SELECT opened_at, 'case opened: ' || kind, jsonb_build_object('case', id, 'evidence', evidence), NULL
    FROM app.attention WHERE workflow_id = ANY (${workflows})
    UNION ALL
    SELECT closed_at, 'case closed: ' || kind, jsonb_build_object('case', id, 'by', closed_by), NULL
    FROM app.attention WHERE workflow_id = ANY (${workflows}) AND closed_at IS NOT NULL
    LIMIT ${stepsMax}`);
}

/** What the ledger did: holds made, lengthened and ended, and transfers with all their entries. */
export function readMoneySteps(db: CommonQueryMethods, scope: Scope): Promise<readonly Step[]> {
  const holds = sql.array([...scope.holdKeys], 'text');
  const transfers = sql.array([...scope.transferIds], 'int8');
  return db.any(sql.type(stepRow)`
    SELECT h.created_at AS at, 'funds held' AS what, jsonb_build_object('hold', h.key,
      'amountMinor', h.amount_minor::text, 'asset', h.asset, 'until', h.expires_at, 'lots', (
        SELECT jsonb_agg(jsonb_build_object('bucket', a.bucket, 'amountMinor', p.amount_minor::text)
          ORDER BY p.position)
        FROM ledger.hold_part p JOIN ledger.account a ON a.id = p.account_id WHERE p.hold_id = h.id)) AS facts, h.cause
    FROM ledger.hold h WHERE h.key = ANY (${holds})
    UNION ALL
    SELECT h.resolved_at, 'hold ' || h.status, jsonb_build_object('hold', h.key,
      'capturedMinor', h.captured_minor::text, 'returnedMinor', (h.amount_minor - h.captured_minor)::text,
      'asset', h.asset), h.resolved_cause
    FROM ledger.hold h WHERE h.key = ANY (${holds}) AND h.status <> 'open'
    UNION ALL
    SELECT r.recorded_at, 'hold extended', jsonb_build_object('hold', r.answer ->> 'holdKey',
      'until', r.answer ->> 'expiresAt', 'key', r.key), NULL
    FROM ledger.request r WHERE r.verb = 'extend' AND r.answer ->> 'holdKey' = ANY (${holds})
    UNION ALL
    SELECT t.recorded_at, 'transfer ' || t.kind, jsonb_strip_nulls(jsonb_build_object('transfer', t.id::text,
      'key', t.key, 'happenedAt', t.event_at, 'reverses', t.reverses::text, 'entries', (
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'account', coalesce(a.code, 'user ' || w.owner_id || ' ' || a.bucket), 'amountMinor', e.amount_minor::text,
          'asset', e.asset, 'balanceAfterMinor', e.wallet_balance_after_minor::text)) ORDER BY e.id)
        FROM ledger.entry e JOIN ledger.account a ON a.id = e.account_id LEFT JOIN ledger.wallet w ON w.id = a.wallet_id
        WHERE e.transfer_id = t.id))), t.cause
    FROM ledger.transfer t WHERE t.id = ANY (${transfers})
    LIMIT ${stepsMax}`);
}
