import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { PaidPayment } from '../db/star-deliveries.ts';
import type { StarPurchase } from '../db/star-purchases.ts';
import type { StarDelivery } from '../providers/ports.ts';
import type { StarPurchaseDeps } from './star-purchase.ts';
import { withHeartbeat } from './heartbeat.ts';

/** Fragment delivers within seconds as a rule; later looks may be seldom. All who look at once share one page. */
const ladder = [
  { untilMs: 10_000, everyMs: 1_000 },
  { untilMs: 60_000, everyMs: 3_000 },
  { untilMs: 300_000, everyMs: 10_000 },
  { untilMs: Number.POSITIVE_INFINITY, everyMs: 30_000 },
] as const;

const heartbeatEveryMs = 2_000;
/** The provider's clock and ours may differ by as much. */
const clockSkewMs = 60_000;
const historyStepNano = 10_000_000n;

/** Looking for the delivery of what was paid. */
export function createDeliveryActivities(deps: StarPurchaseDeps) {
  return {
    /**
     * Tells the provider of the payment (best effort) and looks for the delivery in its history by the ladder until it
     * is there, or the deadline since this step was asked for has passed: `unseen`, which proves nothing.
     */
    async awaitStarDelivery({ purchaseId }: { purchaseId: string }): Promise<'delivered' | 'unseen'> {
      const context = Context.current();
      await withHeartbeat(() => confirm(deps, purchaseId));
      for (;;) {
        if (await withHeartbeat(() => look(deps, purchaseId))) return 'delivered';
        const waitedMs = Date.now() - context.info.scheduledTimestampMs;
        if (waitedMs >= deps.starDeliveryDeadlineMs) return 'unseen';
        const everyMs = ladder.find(({ untilMs }) => waitedMs < untilMs)?.everyMs ?? heartbeatEveryMs;
        for (let sleptMs = 0; sleptMs < everyMs; sleptMs += heartbeatEveryMs) {
          context.heartbeat();
          await context.sleep(Math.min(heartbeatEveryMs, everyMs - sleptMs));
        }
      }
    },

    /** One look, for a purchase that a person looks into; what the chain does not call paid is not looked for. */
    async findStarDelivery({ purchaseId }: { purchaseId: string }): Promise<'delivered' | 'unseen'> {
      if ((await deps.starDeliveries.paidPayment(purchaseId)) === null) return 'unseen';
      return (await withHeartbeat(() => look(deps, purchaseId))) ? 'delivered' : 'unseen';
    },
  };
}

async function confirm(deps: StarPurchaseDeps, purchaseId: string): Promise<void> {
  const { purchase, paid } = await mustBePaid(deps, purchaseId);
  if (paid.deliveryKey !== null) return;
  await deps.starsProvider(purchase.provider).confirm({ requestId: paid.requestId, boc: paid.boc });
  await deps.failpoint('star-purchase.after-confirm');
}

/** Reads the history once, and takes the first line that can only speak of this payment. */
async function look(deps: StarPurchaseDeps, purchaseId: string): Promise<boolean> {
  const { purchase, paid } = await mustBePaid(deps, purchaseId);
  if (paid.deliveryKey !== null) return true;
  const since = new Date(Date.parse(paid.signedAt) - clockSkewMs).toISOString();
  const listed = await deps.starsProvider(purchase.provider).listDeliveries({ kind: purchase.kind, since });
  if (listed.outcome !== 'done') return false;
  const keys = linesAbout(listed.value, purchase, paid);
  const claimed = await deps.starDeliveries.claimed(keys);
  for (const key of keys.filter((candidate) => !claimed.has(candidate))) {
    if (await deps.starDeliveries.claim(paid.paymentId, key)) {
      await deps.failpoint('star-purchase.after-claim');
      return true;
    }
  }
  return false;
}

/**
 * The keys of the lines that could speak of a payment, oldest first. Lines that are alike to the letter are told apart
 * by their number, so that two equal purchases need two lines.
 */
function linesAbout(history: readonly StarDelivery[], purchase: StarPurchase, paid: PaidPayment): string[] {
  const counts = new Map<string, number>();
  return history
    .filter(
      (line) =>
        line.recipient.toLowerCase() === purchase.recipient.toLowerCase() &&
        line.quantity === purchase.quantity &&
        isAbout(line.amountNano, paid.amountNano),
    )
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .map((line) => {
      const text = [
        purchase.provider,
        line.kind,
        line.recipient.toLowerCase(),
        line.quantity,
        line.amountNano,
        line.at,
      ].join('/');
      const number = (counts.get(text) ?? 0) + 1;
      counts.set(text, number);
      return `${text}/${number}`;
    });
}

/** The history shows prices for people, rounded to a hundredth of a TON. */
function isAbout(shownNano: bigint, paidNano: bigint): boolean {
  const apart = shownNano - paidNano;
  return apart < historyStepNano && apart > -historyStepNano;
}

async function mustBePaid(deps: StarPurchaseDeps, purchaseId: string) {
  const purchase = await deps.starPurchases.get(purchaseId);
  const paid = purchase && (await deps.starDeliveries.paidPayment(purchaseId));
  if (!paid) throw ApplicationFailure.nonRetryable(`star purchase ${purchaseId} is not paid`, 'order_not_paid');
  return { purchase, paid };
}
