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
        if (await withHeartbeat(() => claimDelivery(deps, purchaseId))) return 'delivered';
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
      return (await withHeartbeat(() => claimDelivery(deps, purchaseId))) ? 'delivered' : 'unseen';
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
async function claimDelivery(deps: StarPurchaseDeps, purchaseId: string): Promise<boolean> {
  const { purchase, paid } = await mustBePaid(deps, purchaseId);
  if (paid.deliveryKey !== null) return true;
  const since = shifted(paid.signedAt, -clockSkewMs);
  const listed = await deps.starsProvider(purchase.provider).listDeliveries({ kind: purchase.kind, since });
  if (listed.outcome !== 'done') return false;
  const lines = linesAbout(listed.value, purchase, paid);
  const claimed = await deps.starDeliveries.claimed(lines.map(({ key }) => key));
  const free = lines.filter(({ key }) => !claimed.has(key));
  // Whoever was called delivered before that can be entitled to none of these lines.
  const calledSince = shifted(since, -clockSkewMs);
  const spokenFor = free.length === 0 ? [] : await deps.starDeliveries.spokenFor(purchaseId, calledSince);
  for (const { key } of withoutLinesOf(spokenFor, free)) {
    if (await deps.starDeliveries.claim(paid.paymentId, key)) {
      await deps.failpoint('star-purchase.after-claim');
      return true;
    }
  }
  return false;
}

function shifted(at: string, byMs: number): string {
  return new Date(Date.parse(at) + byMs).toISOString();
}

interface HistoryLine {
  readonly key: string;
  readonly at: string;
  readonly amountNano: bigint;
}

/**
 * The lines without those that others are entitled to: one each, and for as many of them as there can be lines. Who
 * could take another line makes room for whom only this one can be (augmenting paths); a line that looks free although
 * it is needed would charge somebody who got nothing.
 */
function withoutLinesOf(others: readonly SpokenFor[], lines: readonly HistoryLine[]): readonly HistoryLine[] {
  const takers = new Map<HistoryLine, SpokenFor>();
  function takesOne(other: SpokenFor, asked: Set<HistoryLine>): boolean {
    for (const line of lines) {
      if (asked.has(line) || !canBeOf(line, other)) continue;
      asked.add(line);
      const taker = takers.get(line);
      if (taker !== undefined && !takesOne(taker, asked)) continue;
      takers.set(line, other);
      return true;
    }
    return false;
  }
  for (const other of others) takesOne(other, new Set());
  return lines.filter((line) => !takers.has(line));
}

function canBeOf(line: HistoryLine, { amountNano, signedAt, endedAt }: SpokenFor): boolean {
  const at = Date.parse(line.at);
  const isInTime = at >= Date.parse(signedAt) - clockSkewMs && at <= Date.parse(endedAt) + clockSkewMs;
  return isInTime && isAbout(line.amountNano, amountNano);
}

/**
 * The lines that could speak of a payment, oldest first. Lines that are alike to the letter are told apart
 * by their number, so that two equal purchases need two lines.
 */
function linesAbout(history: readonly StarDelivery[], purchase: StarPurchase, paid: PaidPayment): HistoryLine[] {
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
      return { key: `${text}/${number}`, at: line.at, amountNano: line.amountNano };
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
