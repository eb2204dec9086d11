import { withFinalDatabaseErrors } from './database-errors.ts';
import { createGenerationActivities, type GenerationDeps } from './generation.ts';
import { createHousekeepingActivities, type HousekeepingDeps } from './housekeeping.ts';
import { createPaymentActivities, type PaymentDeps } from './payments.ts';
import { createPictureActivities } from './pictures.ts';

export type ActivityDeps = PaymentDeps & GenerationDeps & HousekeepingDeps;
export type Activities = ReturnType<typeof createActivities>;

/** All activities over their dependencies. Workflows know only the type. */
export function createActivities(deps: ActivityDeps) {
  return withFinalDatabaseErrors({
    ...createPaymentActivities(deps),
    ...createGenerationActivities(deps),
    ...createPictureActivities(deps),
    ...createHousekeepingActivities(deps),
  });
}
