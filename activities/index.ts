import { withFinalDatabaseErrors } from './database-errors.ts';
import { createDeliveryActivities } from './deliveries.ts';
import { createGenerationActivities, type GenerationDeps } from './generation.ts';
import { createGuideActivities, type GuideDeps } from './guide.ts';
import { createHousekeepingActivities, type HousekeepingDeps } from './housekeeping.ts';
import { createPaymentActivities, type PaymentDeps } from './payments.ts';
import { createPictureActivities } from './pictures.ts';
import { createRefundActivities, type RefundDeps } from './refunds.ts';
import { createSessionKeeperActivities, type SessionKeeperDeps } from './session-keeper.ts';
import { createStarPurchaseActivities, type StarPurchaseDeps } from './star-purchase.ts';
import { createStarQuoteActivities, type StarQuoteDeps } from './star-quote.ts';
import { createWalletActivities, type WalletDeps } from './wallet.ts';

export type ActivityDeps = PaymentDeps &
  RefundDeps &
  GenerationDeps &
  StarQuoteDeps &
  GuideDeps &
  StarPurchaseDeps &
  WalletDeps &
  SessionKeeperDeps &
  HousekeepingDeps;
export type Activities = ReturnType<typeof createActivities>;

/** All activities over their dependencies. Workflows know only the type. */
export function createActivities(deps: ActivityDeps) {
  return withFinalDatabaseErrors({
    ...createPaymentActivities(deps),
    ...createRefundActivities(deps),
    ...createGenerationActivities(deps),
    ...createPictureActivities(deps),
    ...createStarQuoteActivities(deps),
    ...createGuideActivities(deps),
    ...createStarPurchaseActivities(deps),
    ...createDeliveryActivities(deps),
    ...createWalletActivities(deps),
    ...createSessionKeeperActivities(deps),
    ...createHousekeepingActivities(deps),
  });
}
