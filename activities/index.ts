import { withFinalDatabaseErrors } from './database-errors.ts';
import { createGenerationActivities, type GenerationDeps } from './generation.ts';
import { createHousekeepingActivities, type HousekeepingDeps } from './housekeeping.ts';
import { createPaymentActivities, type PaymentDeps } from './payments.ts';
import { createPictureActivities } from './pictures.ts';
import { createRefundActivities, type RefundDeps } from './refunds.ts';

export type ActivityDeps = PaymentDeps & RefundDeps & GenerationDeps & HousekeepingDeps;
export type Activities = ReturnType<typeof createActivities>;

/** All activities over their dependencies. Workflows know only the type. */
export function createActivities(deps: ActivityDeps) {
  return withFinalDatabaseErrors({
    ...createPaymentActivities(deps),
    ...createRefundActivities(deps),
    ...createGenerationActivities(deps),
    ...createPictureActivities(deps),
    ...createHousekeepingActivities(deps),
  });
}
