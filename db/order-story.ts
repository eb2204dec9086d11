import { sql } from 'slonik';
import { z } from 'zod';
import { readMessageSteps, readOrderSteps, readStarSteps, type Step, stepRow } from './explain-steps.ts';
import type { CommonQueryMethods } from './pool.ts';
import { factsInUtc } from './utc-times.ts';

const scopeRow = z.object({ workflowIds: z.array(z.string()), creditKeys: z.array(z.string()) });

/**
 * The story of one order, oldest first, as far as the application's own rights reach: its rows, what came in and went
 * out, and of the money what the ledger's views show. `explain` tells every entry, and needs the owner's rights.
 * Undefined when no order has the id.
 */
export async function readOrderStory(db: CommonQueryMethods, id: string): Promise<readonly Step[] | undefined> {
  const found = await db.maybeOne(sql.type(scopeRow)`
    WITH flow AS (
      SELECT 'topup/' || id AS workflow_id FROM app.topup WHERE id = ${id}::uuid
      UNION ALL SELECT 'generation/' || id FROM app.generation WHERE id = ${id}::uuid
      UNION ALL SELECT 'refund/' || id FROM app.refund WHERE topup_id = ${id}::uuid
      UNION ALL SELECT 'star-purchase/' || id FROM app.star_purchase WHERE id = ${id}::uuid
    )
    SELECT array_agg(workflow_id) AS "workflowIds", coalesce((
      SELECT array_agg(format('credit/%s/%s', provider, payment))
      FROM app.topup, unnest(ARRAY[payment_id, credited_payment_id]) payment
      WHERE id = ${id}::uuid AND payment IS NOT NULL), '{}') AS "creditKeys"
    FROM flow HAVING count(*) > 0`);
  if (found === null) return undefined;
  const scope = { workflowIds: found.workflowIds, orderIds: [id], holdKeys: [], transferIds: [] };
  const parts = await Promise.all([
    readOrderSteps(db, scope),
    readStarSteps(db, scope),
    readMessageSteps(db, scope),
    readShownMoney(db, found.workflowIds, found.creditKeys),
  ]);
  const steps = parts.flat().map((step) => ({ ...step, facts: factsInUtc(step.facts) }));
  return steps.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** Holds and transfers as the views show them: the hold of a saga is made by its step `reserve`. */
function readShownMoney(
  db: CommonQueryMethods,
  workflowIds: readonly string[],
  creditKeys: readonly string[],
): Promise<readonly Step[]> {
  const holdKeys = sql.array(
    workflowIds.map((workflowId) => `${workflowId}/reserve`),
    'text',
  );
  return db.any(sql.type(stepRow)`
    WITH hold AS (SELECT * FROM ledger.hold_log WHERE key = ANY (${holdKeys})),
    moved AS (
      SELECT ledger.transfer_of(key) AS id
      FROM (SELECT resolved_key AS key FROM hold UNION SELECT unnest(${sql.array([...creditKeys], 'text')})) keys
    )
    SELECT created_at AS at, 'funds held' AS what, jsonb_build_object('amountMinor', amount_minor::text,
      'asset', asset, 'until', expires_at) AS facts, cause FROM hold
    UNION ALL
    SELECT resolved_at, 'hold ' || status, jsonb_build_object('capturedMinor', captured_minor::text,
      'returnedMinor', (amount_minor - captured_minor)::text, 'asset', asset), resolved_cause
    FROM hold WHERE status <> 'open'
    UNION ALL
    SELECT t.recorded_at, 'transfer ' || t.kind, jsonb_build_object('transfer', t.id::text,
      'amountMinor', t.amount_minor::text, 'asset', t.asset,
      'balanceAfterMinor', t.balance_after_minor::text), t.cause
    FROM ledger.transaction_log t WHERE t.id IN (SELECT id FROM moved WHERE id IS NOT NULL)`);
}
