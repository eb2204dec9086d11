import { sql } from 'slonik';
import { z } from 'zod';
import { isUuid } from '../core/ids.ts';
import {
  readMessageSteps,
  readMoneySteps,
  readOrderSteps,
  readStarSteps,
  type Scope,
  type Step,
} from './explain-steps.ts';
import type { CommonQueryMethods } from './pool.ts';

export type StoryKind = 'purchase' | 'hold' | 'transfer' | 'user';

/** Everything that happened to one thing, oldest first. */
export interface Story {
  readonly kind: StoryKind;
  readonly id: string;
  readonly steps: readonly Step[];
}

interface Subject {
  readonly kind: StoryKind;
  readonly scope: Scope;
}

const scopeRow = z.object({
  kind: z.enum(['purchase', 'hold', 'transfer', 'user']),
  workflowIds: z.array(z.string()),
  orderIds: z.array(z.string()),
  holdKeys: z.array(z.string()),
  transferIds: z.array(z.string()),
});

/**
 * The story of a purchase (its id, or its workflow's), a hold (its key), a transfer (its number) or a person (our id,
 * or the Telegram id); undefined when nothing has that id. Needs the owner's rights. Secrets, prompts and bodies stay
 * out.
 */
export async function explain(db: CommonQueryMethods, id: string): Promise<Story | undefined> {
  const subject = await findSubject(db, id);
  if (subject === undefined) return undefined;
  const parts = await Promise.all([
    readOrderSteps(db, subject.scope),
    readStarSteps(db, subject.scope),
    readMessageSteps(db, subject.scope),
    readMoneySteps(db, subject.scope),
  ]);
  // Times are text of one form with up to six decimals; equal ones keep the order of the parts.
  const steps = parts.flat().toSorted((one, other) => compare(sortable(one.at), sortable(other.at)));
  return { kind: subject.kind, id, steps };
}

async function findSubject(db: CommonQueryMethods, id: string): Promise<Subject | undefined> {
  const bare = /^(?:topup|generation|star-purchase)\/([^/]+)$/.exec(id)?.[1] ?? id;
  const found = isUuid(bare)
    ? ((await findPurchase(db, bare)) ?? (await findPerson(db, sql.fragment`u.id = ${bare}::uuid`)))
    : /^\d{1,18}$/.test(bare)
      ? ((await findTransfer(db, bare)) ?? (await findPerson(db, sql.fragment`u.telegram_id = ${bare}::bigint`)))
      : await findHold(db, id);
  if (found === undefined) return undefined;
  const { kind, transferIds, ...rest } = found;
  return { kind, scope: { ...rest, transferIds: transferIds.map(BigInt) } };
}

async function findPurchase(db: CommonQueryMethods, id: string) {
  return (
    (await db.maybeOne(sql.type(scopeRow)`
      WITH flow AS (
        SELECT 'topup/' || id AS workflow_id FROM app.topup WHERE id = ${id}::uuid
        UNION ALL SELECT 'generation/' || id FROM app.generation WHERE id = ${id}::uuid
        UNION ALL SELECT 'refund/' || id FROM app.refund WHERE topup_id = ${id}::uuid
        UNION ALL SELECT 'star-purchase/' || id FROM app.star_purchase WHERE id = ${id}::uuid
      ), hold AS (
        SELECT h.id, h.key FROM ledger.hold h WHERE h.cause ->> 'workflowId' IN (SELECT workflow_id FROM flow)
      )
      SELECT 'purchase' AS kind, array_agg(workflow_id) AS "workflowIds", ARRAY[${id}]::text[] AS "orderIds",
        coalesce((SELECT array_agg(key) FROM hold), '{}') AS "holdKeys",
        coalesce((SELECT array_agg(t.id::text) FROM ledger.transfer t
          WHERE t.cause ->> 'workflowId' IN (SELECT workflow_id FROM flow) OR t.hold_id IN (SELECT id FROM hold)
             OR t.key IN (SELECT format('credit/%s/%s', provider, payment) FROM app.topup,
                            unnest(ARRAY[payment_id, credited_payment_id]) payment WHERE id = ${id}::uuid)), '{}')
          AS "transferIds"
      FROM flow HAVING count(*) > 0`)) ?? undefined
  );
}

async function findPerson(db: CommonQueryMethods, isPerson: ReturnType<typeof sql.fragment>) {
  return (
    (await db.maybeOne(sql.type(scopeRow)`
      WITH orders AS (
        SELECT o.id, 'topup/' || o.id AS workflow_id FROM app.topup o JOIN app.users u ON u.id = o.user_id
          WHERE ${isPerson}
        UNION ALL
        SELECT o.id, 'generation/' || o.id FROM app.generation o JOIN app.users u ON u.id = o.user_id WHERE ${isPerson}
        UNION ALL
        SELECT o.id, 'star-purchase/' || o.id FROM app.star_purchase o JOIN app.users u ON u.id = o.user_id
          WHERE ${isPerson}
        UNION ALL
        SELECT r.topup_id, 'refund/' || r.id FROM app.refund r JOIN app.users u ON u.id = r.user_id
          WHERE ${isPerson} AND r.topup_id IS NOT NULL
      ), wallets AS (
        SELECT w.id FROM ledger.wallet w JOIN app.users u ON u.id = w.owner_id WHERE ${isPerson}
      )
      SELECT 'user' AS kind, coalesce((SELECT array_agg(workflow_id) FROM orders), '{}') AS "workflowIds",
        coalesce((SELECT array_agg(id::text) FROM orders), '{}') AS "orderIds",
        coalesce((SELECT array_agg(key) FROM ledger.hold WHERE wallet_id IN (SELECT id FROM wallets)), '{}')
          AS "holdKeys",
        coalesce((SELECT array_agg(DISTINCT transfer_id::text) FROM ledger.entry
                  WHERE wallet_id IN (SELECT id FROM wallets)), '{}') AS "transferIds"
      FROM app.users u WHERE ${isPerson}`)) ?? undefined
  );
}

async function findHold(db: CommonQueryMethods, key: string) {
  return (
    (await db.maybeOne(sql.type(scopeRow)`
      SELECT 'hold' AS kind, ARRAY[h.cause ->> 'workflowId'] AS "workflowIds", '{}'::text[] AS "orderIds",
        ARRAY[h.key] AS "holdKeys", coalesce(array_agg(t.id::text) FILTER (WHERE t.id IS NOT NULL), '{}')
          AS "transferIds"
      FROM ledger.hold h LEFT JOIN ledger.transfer t ON t.hold_id = h.id
      WHERE h.key = ${key} GROUP BY h.id`)) ?? undefined
  );
}

async function findTransfer(db: CommonQueryMethods, id: string) {
  return (
    (await db.maybeOne(sql.type(scopeRow)`
      SELECT 'transfer' AS kind, '{}'::text[] AS "workflowIds", '{}'::text[] AS "orderIds",
        coalesce(array_agg(h.key) FILTER (WHERE h.key IS NOT NULL), '{}') AS "holdKeys",
        (SELECT array_agg(r.id::text) FROM ledger.transfer r
         WHERE r.id = ${id}::bigint OR r.reverses = ${id}::bigint
            OR r.id = (SELECT reverses FROM ledger.transfer WHERE id = ${id}::bigint)) AS "transferIds"
      FROM ledger.transfer t LEFT JOIN ledger.hold h ON h.id = t.hold_id
      WHERE t.id = ${id}::bigint GROUP BY t.id`)) ?? undefined
  );
}

function sortable(at: string): string {
  const [whole = '', decimals = ''] = at.replace('Z', '').split('.');
  return `${whole}.${decimals.padEnd(6, '0')}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
