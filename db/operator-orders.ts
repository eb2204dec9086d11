import { sql } from 'slonik';
import { z } from 'zod';
import { generationMoves, generationWorkflowId } from '../core/flows/generation.ts';
import { isFinal } from '../core/flows/flow.ts';
import { refundMoves, refundWorkflowId } from '../core/flows/refund.ts';
import { starPurchaseMoves, starPurchaseWorkflowId } from '../core/flows/star-purchase.ts';
import { isTopupOver, topupStatuses, topupWorkflowId } from '../core/flows/topup.ts';
import { boughtStars } from './bought-stars.ts';
import type { CommonQueryMethods } from './pool.ts';

export const orderFlows = ['topup', 'generation', 'refund', 'star-purchase'] as const;
export type OrderFlow = (typeof orderFlows)[number];

export interface OrderFilter {
  readonly flow?: OrderFlow;
  /** `open`: not over yet; `attention`: a person must look. */
  readonly state: 'open' | 'attention' | 'all';
  readonly person?: { readonly telegramId: bigint } | { readonly username: string };
  readonly id?: string;
  readonly before?: { readonly createdAt: string; readonly id: string };
  readonly limit: number;
}

const orderRow = z.object({
  flow: z.enum(orderFlows),
  id: z.string(),
  /** Null where `stars` says it. */
  title: z.string().nullable(),
  stars: boughtStars.nullable(),
  status: z.string(),
  amountMinor: z.string().nullable(),
  asset: z.string().nullable(),
  createdAt: z.string(),
  firstName: z.string().nullable(),
  username: z.string().nullable(),
});

/** An order of any flow as an operator's list shows it: amounts in minor units as text, times in RFC 3339 UTC. */
export type OperatorOrder = z.infer<typeof orderRow> & { readonly workflowId: string };

const workflowIds = {
  topup: topupWorkflowId,
  generation: generationWorkflowId,
  refund: refundWorkflowId,
  'star-purchase': starPurchaseWorkflowId,
} as const satisfies Readonly<Record<OrderFlow, (id: string) => string>>;

const openStatuses: Readonly<Record<OrderFlow, readonly string[]>> = {
  topup: topupStatuses.filter((status) => !isTopupOver(status)),
  generation: openOf(generationMoves),
  refund: openOf(refundMoves),
  'star-purchase': openOf(starPurchaseMoves),
};

function openOf<Status extends string>(moves: { readonly [From in Status]: readonly Status[] }): Status[] {
  return (Object.keys(moves) as Status[]).filter((status) => !isFinal(moves, status));
}

/** A row of the union for each flow. What a person wrote for the model stays out. */
const sources = {
  topup: sql.fragment`SELECT 'topup' AS flow, o.id, o.user_id, o.title, NULL::jsonb AS stars, o.status,
    o.price_minor AS amount, o.price_asset AS asset, o.created_at FROM app.topup o`,
  generation: sql.fragment`SELECT 'generation', o.id, o.user_id, o.model_id, NULL::jsonb, o.status, o.price_minor,
    o.price_asset, o.created_at FROM app.generation o`,
  refund: sql.fragment`SELECT 'refund', o.id, o.user_id, o.charge_id, NULL::jsonb, o.status, p.amount_minor,
    p.currency, o.created_at FROM app.refund o LEFT JOIN app.telegram_payment p ON p.charge_id = o.charge_id`,
  'star-purchase': sql.fragment`SELECT 'star-purchase', o.id, o.user_id,
    NULL::text, jsonb_build_object('kind', o.kind, 'quantity', o.quantity, 'recipient', o.recipient), o.status,
    o.price_minor, o.price_asset, o.created_at FROM app.star_purchase o`,
} as const satisfies Readonly<Record<OrderFlow, ReturnType<typeof sql.fragment>>>;

/** Orders of all flows by filter, the newest first. Statuses stand in the text, so that partial indexes are used. */
export async function readOperatorOrders(
  db: CommonQueryMethods,
  filter: OrderFilter,
): Promise<readonly OperatorOrder[]> {
  const { before, limit } = filter;
  const flows = orderFlows.filter((flow) => filter.flow === undefined || filter.flow === flow);
  const parts = flows.map(
    (flow) => sql.fragment`(SELECT * FROM (${sources[flow]}
      WHERE ${statusesOf(flow, filter.state)} AND ${isWanted(filter)}
        AND (o.created_at, o.id) < (coalesce(${before?.createdAt ?? null}::timestamptz, 'infinity'),
                                    coalesce(${before?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      ORDER BY o.created_at DESC, o.id DESC LIMIT ${limit}) part (flow, id, user_id, title, stars, status, amount,
        asset, created_at))`,
  );
  const rows = await db.any(sql.type(orderRow)`
    SELECT f.flow, f.id, f.title, f.stars, f.status, f.amount::text AS "amountMinor", f.asset,
      f.created_at AS "createdAt", u.first_name AS "firstName", u.username
    FROM (${sql.join(parts, sql.fragment` UNION ALL `)}) f LEFT JOIN app.users u ON u.id = f.user_id
    ORDER BY f.created_at DESC, f.id DESC LIMIT ${limit}`);
  return rows.map((row) => ({ ...row, workflowId: workflowIds[row.flow](row.id) }));
}

function statusesOf(flow: OrderFlow, state: OrderFilter['state']): ReturnType<typeof sql.fragment> {
  if (state === 'all') return sql.fragment`true`;
  const statuses = state === 'attention' ? ['needs_attention'] : openStatuses[flow];
  return sql.fragment`o.status IN (${sql.join(statuses.map(sql.literalValue), sql.fragment`, `)})`;
}

function isWanted({ id, person }: OrderFilter): ReturnType<typeof sql.fragment> {
  if (id !== undefined) return sql.fragment`o.id = ${id}::uuid`;
  if (person === undefined) return sql.fragment`true`;
  const isPerson =
    'telegramId' in person
      ? sql.fragment`telegram_id = ${person.telegramId}`
      : sql.fragment`lower(username) = lower(${person.username})`;
  return sql.fragment`o.user_id IN (SELECT id FROM app.users WHERE ${isPerson})`;
}
