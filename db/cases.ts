import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';
import { factsInUtc } from './utc-times.ts';

export interface NewCase {
  /** One case per key, however often it is raised. */
  readonly key: string;
  readonly kind: string;
  /** Absent: the case is about no order in particular. */
  readonly workflowId?: string;
  readonly userId?: string;
  readonly evidence: object;
}

const caseRow = z.object({
  id: z.bigint(),
  kind: z.string(),
  workflowId: z.string().nullable(),
  /** The person whose order it is, as a list shows them. */
  firstName: z.string().nullable(),
  username: z.string().nullable(),
  evidence: z.record(z.string(), z.unknown()),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  /** `operator:<id>`, or what settled it by itself. */
  closedBy: z.string().nullable(),
  closeReason: z.string().nullable(),
});

/** A case as an operator reads it. */
export type Case = z.infer<typeof caseRow>;

export interface CasePage {
  readonly state: 'open' | 'closed';
  readonly kind?: string;
  readonly beforeId?: bigint;
  readonly limit: number;
}

const columns = sql.fragment`a.id, a.kind, a.workflow_id AS "workflowId", u.first_name AS "firstName", u.username,
  a.evidence, a.opened_at AS "openedAt", a.closed_at AS "closedAt", a.closed_by AS "closedBy",
  a.close_reason AS "closeReason"`;

export type Cases = ReturnType<typeof createCases>;

/** Cases: what a person must look at, with the evidence. */
export function createCases(db: CommonQueryMethods) {
  return {
    async open(request: NewCase): Promise<void> {
      await db.query(sql.unsafe`SELECT app.open_case(${request.key}, ${request.kind}, ${request.workflowId ?? null},
        ${request.userId ?? null}::uuid, ${JSON.stringify(request.evidence)}::jsonb)`);
    },

    async get(id: bigint): Promise<Case | null> {
      const found = await db.maybeOne(sql.prepared('case_get', caseRow)`SELECT ${columns}
        FROM app.attention a LEFT JOIN app.users u ON u.id = a.user_id WHERE a.id = ${id}`);
      return found && shown(found);
    },

    /** Open or closed cases, the newest first; `beforeId` is the last one of the page before. */
    async list({ state, kind, beforeId, limit }: CasePage): Promise<readonly Case[]> {
      const isOpen = state === 'open' ? sql.fragment`a.closed_at IS NULL` : sql.fragment`a.closed_at IS NOT NULL`;
      const rows = await db.any(sql.type(caseRow)`SELECT ${columns}
        FROM app.attention a LEFT JOIN app.users u ON u.id = a.user_id
        WHERE ${isOpen} AND a.kind = coalesce(${kind ?? null}, a.kind)
          AND a.id < coalesce(${beforeId ?? null}::bigint, 9223372036854775807)
        ORDER BY a.id DESC LIMIT ${limit}`);
      return rows.map(shown);
    },

    /** Closes a case that a person has settled; false when it was closed already. */
    async close(id: bigint, closing: { operatorId: string; reason: string }): Promise<boolean> {
      const { rowCount } = await db.query(sql.prepared('case_close', z.object({}))`UPDATE app.attention
        SET closed_at = now(), closed_by = ${`operator:${closing.operatorId}`}, close_reason = ${closing.reason}
        WHERE id = ${id} AND closed_at IS NULL`);
      return rowCount === 1;
    },
  };
}

function shown(found: Case): Case {
  return { ...found, evidence: factsInUtc(found.evidence) };
}
