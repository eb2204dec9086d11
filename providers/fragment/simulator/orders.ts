import { randomBytes } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import type { PaymentState, SimOrder, SimPayment } from './model.ts';
import type { Settings } from './options.ts';
import { isNeverServed } from './recipients.ts';

/** A payment as the chain shows it, or as a control plays it. */
export interface ComingPayment {
  readonly ref: string;
  readonly amountNano: bigint;
  readonly source: string | null;
  readonly txHash: string;
  readonly atMs: number;
}

export interface Orders {
  open(item: Pick<SimOrder, 'kind' | 'quantity' | 'recipient'>): SimOrder;
  find(reqId: string): SimOrder | undefined;
  /** Asks for the payment of an order; undefined when it was asked for before, or there is no such order. */
  ask(
    reqId: string,
    request: { kind: SimOrder['kind']; showSender: boolean; address: string | undefined },
  ): AskedOrder | undefined;
  confirm(order: SimOrder): void;
  /**
   * Takes a payment by its reference. Fragment looks for the reference and the amount; a second payment of the same
   * order is delivered again, so that a payer's mistake can be seen.
   */
  pay(payment: ComingPayment): SimOrder | undefined;
  /** Ends a payment that waits: the newest one, unless another is named. */
  end(order: SimOrder, state: Exclude<PaymentState, 'waiting'>, txHash?: string): boolean;
  /** Newest first. */
  list(): SimOrder[];
}

export type AskedOrder = SimOrder & Required<Pick<SimOrder, 'ref' | 'validUntilMs'>>;

/** Premium is priced as so many Stars. */
const premiumStars: Readonly<Record<number, number>> = { 3: 1_000, 6: 1_500, 12: 2_500 };
const priceStepNano = 100_000n;
const ordersMax = 2_000;

/** The orders, their payments and their deliveries. */
export function createOrders({ parts, settings }: { parts: SimulatorParts; settings: Settings }): Orders {
  const { clock, jobs, store } = parts;
  const orders = store.collection<SimOrder>('orders');
  const refs = store.collection<string>('refs');

  function priceNano({ kind, quantity }: Pick<SimOrder, 'kind' | 'quantity'>): bigint {
    const stars = kind === 'stars' ? quantity : (premiumStars[quantity] ?? quantity);
    const exact = BigInt(stars) * BigInt(settings.now().starPriceNano);
    return ((exact + priceStepNano - 1n) / priceStepNano) * priceStepNano;
  }

  /** What was paid is history, and stays. */
  function forgetOldest(): void {
    for (const id of orders.ids()) if (orders.get(id)?.payments.length === 0) return orders.delete(id);
  }

  function settle(order: SimOrder, payment: SimPayment): void {
    const { delivery, deliverAfterMs, creditsLate } = settings.now();
    if (payment.isLate && !creditsLate) payment.state = 'lost';
    else if (delivery === 'refuse') payment.state = 'refused';
    else if (delivery === 'lose' || isNeverServed(order.recipient)) payment.state = 'lost';
    else if (delivery === 'auto') {
      const data = { reqId: order.reqId, txHash: payment.txHash };
      jobs.schedule({ kind: 'deliver', data, dueAtMs: clock.nowMs() + deliverAfterMs });
    }
  }

  return {
    open(item) {
      if (orders.size >= ordersMax) forgetOldest();
      const order: SimOrder = {
        ...item,
        reqId: randomBytes(18).toString('base64url'),
        amountNano: priceNano(item).toString(),
        createdAtMs: clock.nowMs(),
        confirmCount: 0,
        payments: [],
      };
      orders.put(order.reqId, order);
      return order;
    },
    find: (reqId) => orders.get(reqId),
    ask(reqId, { kind, ...request }) {
      const order = orders.get(reqId);
      if (!order || order.kind !== kind || order.ref !== undefined) return undefined;
      const ref = randomBytes(6).toString('base64url').replaceAll('-', 'x');
      const validUntilMs = clock.nowMs() + settings.now().validForMs;
      const asked = Object.assign(order, { ref, validUntilMs, ...request });
      store.atomically(() => {
        orders.put(reqId, asked);
        refs.put(ref, reqId);
      });
      return asked;
    },
    confirm(order) {
      order.confirmCount += 1;
      orders.put(order.reqId, order);
    },
    pay({ ref, amountNano, source, txHash, atMs }) {
      const order = orders.get(refs.get(ref) ?? '');
      if (!order || amountNano < BigInt(order.amountNano)) return undefined;
      if (order.payments.some((known) => known.txHash === txHash)) return order;
      const isLate = atMs > (order.validUntilMs ?? 0);
      const amount = amountNano.toString();
      const payment: SimPayment = { txHash, amountNano: amount, source, atMs, isLate, state: 'waiting' };
      store.atomically(() => {
        settle(order, payment);
        order.payments.push(payment);
        orders.put(order.reqId, order);
      });
      return order;
    },
    end(order, state, txHash) {
      const payment = order.payments.findLast(
        (one) => one.state === 'waiting' && (txHash === undefined || one.txHash === txHash),
      );
      if (!payment) return false;
      payment.state = state;
      if (state === 'delivered') payment.deliveredAtMs = clock.nowMs();
      orders.put(order.reqId, order);
      return true;
    },
    list: () => [...orders.values()].reverse(),
  };
}
