import { sql } from 'slonik';
import { z } from 'zod';
import type { Role } from '../core/access.ts';
import type { CommonQueryMethods } from './pool.ts';

export interface NewOperatorAction {
  readonly operatorId: string;
  readonly role: Role;
  /** The name of the call. */
  readonly what: string;
  /** The id of the thing that it is about; empty where there is none. */
  readonly onWhat: string;
  /** What was asked for beside the reason. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly reason: string | null;
  readonly requestId: string;
}

const actionRow = z.object({
  id: z.bigint(),
  operatorId: z.string(),
  operatorName: z.string(),
  role: z.string(),
  what: z.string(),
  onWhat: z.string(),
  asked: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  at: z.string(),
  answer: z.string().nullable(),
});

/** A line of the trail; without an answer its outcome is unknown: the process did not live to tell. */
export type OperatorAction = z.infer<typeof actionRow>;

export type OperatorActions = ReturnType<typeof createOperatorActions>;

/** The trail of what operators did: written before the act, answered after it, never changed. */
export function createOperatorActions(db: CommonQueryMethods) {
  return {
    /** Writes that something was asked for; answers the line's number. */
    begin(action: NewOperatorAction): Promise<bigint> {
      return db.oneFirst(sql.prepared('operator_action_begin', z.object({ id: z.bigint() }))`
        INSERT INTO app.operator_action (operator_id, role, what, on_what, asked, reason, request_id)
        VALUES (${action.operatorId}, ${action.role}, ${action.what}, ${action.onWhat},
          ${JSON.stringify(action.asked)}::jsonb, ${action.reason}, ${action.requestId})
        RETURNING id`);
    },

    /** Fills in what came of it, once. */
    async finish(id: bigint, answer: string): Promise<void> {
      await db.query(sql.prepared('operator_action_finish', z.object({}))`UPDATE app.operator_action
        SET answer = ${answer}, answered_at = clock_timestamp() WHERE id = ${id} AND answer IS NULL`);
    },

    /** The newest lines first; `beforeId` is the last one of the page before. */
    list({ beforeId, limit }: { beforeId?: bigint; limit: number }): Promise<readonly OperatorAction[]> {
      return db.any(sql.prepared('operator_action_list', actionRow)`
        SELECT a.id, a.operator_id AS "operatorId", u.first_name AS "operatorName", a.role, a.what,
          a.on_what AS "onWhat", a.asked, a.reason, a.at, a.answer
        FROM app.operator_action a JOIN app.users u ON u.id = a.operator_id
        WHERE a.id < coalesce(${beforeId ?? null}::bigint, 9223372036854775807)
        ORDER BY a.id DESC LIMIT ${limit}`);
    },
  };
}
