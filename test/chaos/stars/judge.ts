import type { Evidence, OrderEvidence, TopupEvidence } from './evidence.ts';

/** A promise that was broken, with what shows it. */
export interface Violation {
  readonly subject: string;
  readonly what: string;
  readonly evidence: unknown;
}

/** How a hold must have ended, by the status of its order. */
const holdOf: Readonly<Record<string, readonly (string | null)[]>> = {
  delivered: ['captured'],
  failed: ['released'],
  canceled: ['released', null],
  refused: [null],
};

/** All promises that the evidence shows broken. Pure. */
export function judge({ orders, topups, strangers, findings }: Evidence): Violation[] {
  return [
    ...orders.flatMap((order) =>
      judgeOrder(order).map((what) => ({ subject: `star-purchase/${order.id}`, what, evidence: order })),
    ),
    ...topups.flatMap((topup) =>
      judgeTopup(topup).map((what) => ({ subject: `topup/${topup.id}`, what, evidence: topup })),
    ),
    ...strangers.map((payment) => ({
      subject: `transaction ${payment.transactionHash}`,
      what: 'a payment left the wallet for no order',
      evidence: payment,
    })),
    ...findings.map(({ check, subject, detail }) => ({ subject, what: `the audit finds ${check}`, evidence: detail })),
  ];
}

/** What is wrong with one order, in words. */
function judgeOrder(order: OrderEvidence): string[] {
  const { status, priceNano, hold, chargeCount, bookedCount, chainCount, deliveredCount } = order;
  const isCharged = hold?.status === 'captured';
  const endings = holdOf[status];
  const promises: readonly (readonly [isKept: boolean, broken: string])[] = [
    [endings !== undefined, `it has not ended: ${status}`],
    [endings === undefined || endings.includes(hold?.status ?? null), `it is ${status}, its hold ${hold?.status}`],
    [hold === null || hold.amountNano === priceNano, 'what was held is not the quote'],
    [!isCharged || hold.capturedNano === priceNano, 'what was charged is not the quote'],
    [chargeCount === (isCharged ? 1 : 0), `it was charged ${chargeCount} times`],
    [chainCount <= 1, `it was paid ${chainCount} times on the chain`],
    [bookedCount === chainCount, `the books say ${bookedCount} payments, the chain ${chainCount}`],
    [deliveredCount <= 1, `its Stars came ${deliveredCount} times`],
    [deliveredCount === 0 || isCharged, 'Stars without a charge'],
    [deliveredCount > 0 || !isCharged, 'a charge without Stars'],
    [chainCount === 0 || hold?.status !== 'released', 'paid on the chain, and its money was given back'],
  ];
  return promises.filter(([isKept]) => !isKept).map(([, broken]) => broken);
}

function judgeTopup({ payer, status, invoice }: TopupEvidence): string[] {
  const isPaid = invoice === 'paid' || invoice === 'paid_over';
  if (status === 'credited' && !isPaid) return [`credited by what a webhook said; asked, the exchange says ${invoice}`];
  if (payer === 'honest' && status !== 'credited') return [`paid, and not credited: ${status}`];
  return [];
}
