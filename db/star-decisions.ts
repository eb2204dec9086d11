import { sql } from 'slonik';
import { z } from 'zod';
import { starDecisions } from '../core/flows/star-purchase.ts';
import type { CommonQueryMethods } from './pool.ts';

const decisionRow = z.object({
  operatorId: z.string(),
  operatorName: z.string(),
  decision: z.enum(starDecisions),
  reason: z.string(),
  at: z.string(),
});
const chainRow = z.object({ canStillPay: z.boolean() });

/** What one operator has said about a parked purchase. */
export type StarVote = z.infer<typeof decisionRow>;

export type StarVotes = ReturnType<typeof createStarVotes>;

/** What operators have said about parked purchases, for those who decide next. */
export function createStarVotes(db: CommonQueryMethods) {
  return {
    /** About the purchase as it is parked now, the oldest first; what was said about an earlier parking is over. */
    list(purchaseId: string): Promise<readonly StarVote[]> {
      return db.any(sql.prepared('star_votes', decisionRow)`
        SELECT d.operator_id AS "operatorId", u.first_name AS "operatorName", d.decision, d.reason,
          d.decided_at AS at
        FROM app.star_decision d JOIN app.star_purchase o ON o.id = d.purchase_id AND o.parked_count = d.round
          JOIN app.users u ON u.id = d.operator_id
        WHERE d.purchase_id = ${purchaseId} ORDER BY d.decided_at`);
    },

    /** Whether a signed message may still be executed: then the money can neither go back nor be paid again. */
    async canStillPay(purchaseId: string): Promise<boolean> {
      return db.oneFirst(sql.prepared('star_can_still_pay', chainRow)`SELECT EXISTS (
        SELECT 1 FROM app.star_payment WHERE purchase_id = ${purchaseId} AND state = 'signed') AS "canStillPay"`);
    },
  };
}
