import { sql } from 'slonik';
import type { CommonQueryMethods } from './pool.ts';

export interface NewCase {
  /** One case per key, however often it is raised. */
  readonly key: string;
  readonly kind: string;
  /** Absent: the case is about no order in particular. */
  readonly workflowId?: string;
  readonly userId?: string;
  readonly evidence: object;
}

export type Cases = ReturnType<typeof createCases>;

/** Cases: what a person must look at, with the evidence. */
export function createCases(db: CommonQueryMethods) {
  return {
    async open(request: NewCase): Promise<void> {
      await db.query(sql.unsafe`SELECT app.open_case(${request.key}, ${request.kind}, ${request.workflowId ?? null},
        ${request.userId ?? null}::uuid, ${JSON.stringify(request.evidence)}::jsonb)`);
    },
  };
}
