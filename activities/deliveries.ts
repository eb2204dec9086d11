import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { PaidPayment, SpokenFor } from '../db/star-deliveries.ts';
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

/**
 * Reads the history, and takes the first line that may speak of this payment, speaks of no other, and is not needed for
 * what people have called delivered. Lines do not tell equal payments for one recipient apart: whichever takes a line,
 * no more of them are charged than were delivered.
 */
async function look(deps: StarPurchaseDeps, purchaseId: string): Promise<boolean> {
  const { purchase, paid } = await mustBePaid(deps, purchaseId);
  if (paid.deliveryKey !== null) return true;
  const since = new Date(Date.parse(paid.signedAt) - clockSkewMs).toISOString();
  const listed = await deps.starsProvider(purchase.provider).listDeliveries({ kind: purchase.kind, since });
  if (listed.outcome !== 'done') return false;
  const lines = linesAbout(listed.value, purchase, paid);
  const claimed = await deps.starDeliveries.claimed(lines.map(({ key }) => key));
  const free = lines.filter(({ key }) => !claimed.has(key));
  const spokenFor = free.length === 0 ? [] : await deps.starDeliveries.spokenFor(purchaseId);
  for (const { key } of leaveTo(spokenFor, free)) {
    if (await deps.starDeliveries.claim(paid.paymentId, key)) {
      await deps.failpoint('star-purchase.after-claim');
      return true;
    }
  }
  return false;
}

interface Line {
  readonly key: string;
  readonly at: string;
}

/** The lines without those that others are entitled to: one each, the oldest that can be theirs. */
function leaveTo(others: readonly SpokenFor[], lines: readonly Line[]): readonly Line[] {
  const left = [...lines];
  for (const { signedAt, endedAt } of others) {
    const from = Date.parse(signedAt) - clockSkewMs;
    const theirs = left.findIndex(({ at }) => Date.parse(at) >= from && Date.parse(at) <= Date.parse(endedAt));
    if (theirs !== -1) left.splice(theirs, 1);
  }
  return left;
}

/**
 * The lines that could speak of a payment, oldest first. Lines that are alike to the letter are told apart
 * by their number, so that two equal purchases need two lines.
 */
function linesAbout(history: readonly StarDelivery[], purchase: StarPurchase, paid: PaidPayment): Line[] {
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
      return { key: `${text}/${number}`, at: line.at };
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
