import { orderChecks } from '../../../ledger/audit-order-checks.ts';
import { type Finding, ledgerChecks, openAuditPool, runAudit } from '../../../ledger/audit.ts';
import { createHttp } from '../../../providers/http.ts';
import { createTon } from '../../../providers/registry.ts';
import { listSentPayments } from '../../../providers/ton/sent-payments.ts';
import { silent } from '../../support/log.ts';
import type { StarStack } from '../../support/star-stack.ts';
import { doneValue } from '../../support/ton.ts';

/** A top-up in crypto. */
export interface CryptoTopup {
  readonly id: string;
  readonly paymentId: string;
  /** `liar`: the webhook says that it was paid, rightly signed, and the invoice was not. */
  readonly payer: 'honest' | 'liar';
}

/** One order, as the books, the chain and the seller have it. */
export interface OrderEvidence {
  readonly id: string;
  readonly status: string;
  readonly priceNano: bigint;
  readonly hold: { readonly status: string; readonly amountNano: bigint; readonly capturedNano: bigint } | null;
  /** Entries of the ledger that took money for it. */
  readonly chargeCount: number;
  /** Its payments that the books call paid. */
  readonly bookedCount: number;
  /** Its payments that left our wallet. */
  readonly chainCount: number;
  /** How often the seller delivered it. */
  readonly deliveredCount: number;
}

export interface TopupEvidence extends CryptoTopup {
  readonly status: string;
  /** What the exchange says when it is asked. */
  readonly invoice: string;
}

export interface Evidence {
  readonly orders: readonly OrderEvidence[];
  readonly topups: readonly TopupEvidence[];
  /** Payments that left the wallet for no order of ours. */
  readonly strangers: readonly { readonly transactionHash: string; readonly amountNano: bigint }[];
  readonly findings: readonly Finding[];
  /** Messages that the chain took into a block. */
  readonly chainMessages: number;
}

interface OrderRow {
  readonly id: string;
  readonly status: string;
  readonly price: string;
  readonly hold: string | null;
  readonly held: string | null;
  readonly captured: string | null;
  readonly charges: number;
}

interface PaymentRow {
  readonly purchaseId: string;
  readonly requestId: string;
  readonly bodyHash: string;
  readonly state: string;
}

/** Gathers what all sides say about every order. */
export async function gatherEvidence(stars: StarStack, topups: readonly CryptoTopup[]): Promise<Evidence> {
  const { owner } = stars.stack;
  const { rows: orders } = await owner.query<OrderRow>(
    `SELECT o.id, o.status, o.price_minor AS price, h.status AS hold, h.amount_minor AS held,
       h.captured_minor AS captured,
       (SELECT count(*)::int FROM ledger.transfer t WHERE t.hold_id = h.id AND t.kind = 'capture') AS charges
     FROM app.star_purchase o LEFT JOIN ledger.hold h ON h.key = 'star-purchase/' || o.id || '/reserve'
     ORDER BY o.created_at`,
  );
  const { rows: payments } = await owner.query<PaymentRow>(
    `SELECT purchase_id AS "purchaseId", request_id AS "requestId", body_hash AS "bodyHash", state
     FROM app.star_payment`,
  );
  const sent = await sentByWallet(stars);
  const delivered = await deliveries(stars);
  const owners = new Map(payments.map(({ bodyHash, purchaseId }) => [bodyHash, purchaseId]));
  const count = <T>(among: readonly T[], isIts: (one: T) => boolean) => among.filter(isIts).length;
  return {
    orders: orders.map(({ id, status, price, hold, held, captured, charges }) => {
      const its = payments.filter(({ purchaseId }) => purchaseId === id);
      const requests = new Set(its.map(({ requestId }) => requestId));
      return {
        ...{ id, status, priceNano: BigInt(price), chargeCount: charges },
        hold: hold && { status: hold, amountNano: BigInt(held ?? 0), capturedNano: BigInt(captured ?? 0) },
        bookedCount: count(its, ({ state }) => state === 'paid'),
        chainCount: count(sent, ({ bodyHash }) => owners.get(bodyHash) === id),
        deliveredCount: count(delivered, (requestId) => requests.has(requestId)),
      } as OrderEvidence;
    }),
    topups: await readTopups(stars, topups),
    strangers: sent.filter(({ bodyHash }) => !owners.has(bodyHash)),
    findings: await auditFindings(stars),
    chainMessages: new Set(sent.map(({ messageHash }) => messageHash)).size,
  };
}

/** What left our wallet, as the chain's index shows it. */
async function sentByWallet({ stack }: StarStack) {
  const way = (provider: string) => createHttp({ provider, logger: silent });
  const { chain, wallet } = createTon(stack.api.config.ton, way);
  return doneValue(await listSentPayments(chain, (await wallet()).address));
}

/** The request of each delivery in the seller's own history. */
async function deliveries({ shop }: StarStack): Promise<string[]> {
  const { orders } = await shop.state();
  return orders.flatMap(({ reqId, payments }) =>
    payments.filter(({ state }) => state === 'delivered').map(() => reqId),
  );
}

async function readTopups({ stack, story }: StarStack, topups: readonly CryptoTopup[]): Promise<TopupEvidence[]> {
  const { invoices } = await stack.exchange.state();
  return Promise.all(
    topups.map(async (topup) => ({
      ...topup,
      status: (await story.topup(topup.id)).status,
      invoice: invoices.find(({ uuid }) => uuid === topup.paymentId)?.payment_status ?? 'missing',
    })),
  );
}

/** All that `holdfast audit` finds. */
async function auditFindings({ stack }: StarStack): Promise<Finding[]> {
  const findings: Finding[] = [];
  const pool = await openAuditPool(stack.api.database.ownerUrl, silent);
  try {
    await runAudit(pool, [...ledgerChecks, ...orderChecks], (event) => {
      if (event.kind === 'finding') findings.push(event.finding);
    });
  } finally {
    await pool.end();
  }
  return findings;
}
