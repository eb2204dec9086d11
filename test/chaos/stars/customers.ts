import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../support/api.ts';
import type { StarStack } from '../../support/star-stack.ts';
import type { Person } from '../../support/story.ts';
import type { CryptoTopup } from './evidence.ts';
import type { Violation } from './judge.ts';
import type { Way } from './plan.ts';

const starPriceNano = 3_694_000;
const payerCount = 4;
const paymentWithinMs = 120_000;
const dearWithinMs = 20_000;

export interface CustomersOptions {
  readonly stars: StarStack;
  readonly random: () => number;
  /** Nobody orders more while so many orders are under way. */
  readonly openOrdersMax: number;
}

export type Customers = Awaited<ReturnType<typeof openCustomers>>;

/** People who buy Stars all the time, and do now and then what people do: cancel, come without money, ask twice. */
export async function openCustomers({ stars, random, openOrdersMax }: CustomersOptions) {
  const { stack, story, shop } = stars;
  const people = await Promise.all(Array.from({ length: payerCount }, () => stars.buyer(1_000n)));
  const [somebody = assert.fail()] = people;
  const [poor, operator] = [await stars.buyer(0n), await stars.operator('manager')];
  const topups: CryptoTopup[] = [];
  const surprises: Violation[] = [];
  const stopping = new AbortController();
  const pick = <T>(among: readonly T[]): T => among[Math.floor(random() * among.length)] as T;

  /** Who is told that it cannot be had just now goes without. Whatever else is answered is a fault. */
  function notNow({ status, body }: Answer): undefined {
    if (status === 503 || status === 409) return undefined;
    const log = stack.api.logs.filter((line) => line.includes(String(body.requestId))).join('');
    surprises.push({ subject: `answer ${status}`, what: `nobody expects ${body.code}`, evidence: log });
    return undefined;
  }

  /** A price, or nothing while no worker gives one. */
  async function quote(person: Person): Promise<string | undefined> {
    const body = { kind: 'stars', quantity: pick([50, 50, 75]), recipient: pick(['bob_the_cat', 'alice_1', 'carol']) };
    const answer = await stack.api.call('POST', '/star-quotes', { token: person.token, body });
    return answer.status === 201 ? (answer.body.quote.id as string) : notNow(answer);
  }

  /** Orders by a quote; who is asked to come again does so, under the same key. */
  async function place(person: Person, quoteId: string): Promise<string | undefined> {
    const key = randomUUID();
    const first = await stars.place(person, quoteId, key);
    const answer = first.status === 503 || random() < 0.1 ? await stars.place(person, quoteId, key) : first;
    if (answer.status === 402) return undefined;
    return answer.status === 202 ? key : notNow(answer);
  }

  async function buy(person: Person = pick(people)): Promise<string | undefined> {
    const quoteId = await quote(person);
    return quoteId === undefined ? undefined : place(person, quoteId);
  }

  /** Takes an order back about when it is signed. */
  async function cancel(afterMs: number): Promise<void> {
    const id = await buy(somebody);
    if (id === undefined) return;
    await pause(afterMs);
    const answer = await story.act(somebody, `/star-purchases/${id}/cancel`);
    if (answer.status !== 200) notNow(answer);
  }

  /** The price rises beyond the quote before the payment is asked for, so that the money has to go back. */
  async function payDearer(isOver: () => boolean): Promise<void> {
    const quoteId = await quote(somebody);
    if (quoteId === undefined) return;
    await shop.options({ starPriceNano: starPriceNano * 2 });
    const id = await place(somebody, quoteId);
    const isDecided = async () => isOver() || id === undefined || (await stars.get(id)).status !== 'reserved';
    await waited(isDecided, dearWithinMs);
    await shop.options({ starPriceNano });
  }

  /** A top-up of TON in crypto, which is paid, or said to be. */
  async function topUp(payer: CryptoTopup['payer']): Promise<void> {
    const { status, body } = await story.placeTopup(poor, { packId: 'ton-5', provider: 'heleket' });
    if (status !== 202) return;
    const id = body.topup.id as string;
    const isKnown = async () => stopping.signal.aborted || (await story.topup(id)).paymentId !== null;
    if (!(await waited(isKnown, paymentWithinMs)) || stopping.signal.aborted) return;
    const paymentId = (await story.topup(id)).paymentId ?? '';
    topups.push({ id, paymentId, payer });
    if (payer === 'honest') await stack.exchange.control(`/invoices/${paymentId}/pay`);
    else await stack.exchange.control(`/invoices/${paymentId}/status`, { status: 'check', claims: 'paid' });
  }

  /** An operator has all parked orders looked at again; answers how many there were. */
  async function decideParked(): Promise<number> {
    const { rows } = await stack.owner.query<{ id: string }>(
      "SELECT id FROM app.star_purchase WHERE status = 'needs_attention'",
    );
    const request = { operatorId: operator.id, decision: 'retry', reason: 'chaos' } as const;
    await Promise.all(rows.map(({ id }) => stack.gateway.decideStarPurchase(id, request)));
    return rows.length;
  }

  const openCount = () =>
    story.count("app.star_purchase WHERE status NOT IN ('refused', 'delivered', 'failed', 'canceled')");

  async function orderOnAndOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      if ((await openCount()) < openOrdersMax) await orderOnce(random());
      await pause(100 + random() * 400);
    }
  }

  async function orderOnce(chance: number): Promise<unknown> {
    if (chance < 0.15) return cancel(random() * 2_500);
    if (chance < 0.22) return payDearer(() => stopping.signal.aborted);
    if (chance < 0.3) return buy(poor);
    return buy();
  }

  async function topUpOnAndOn(): Promise<void> {
    for (const payer of ['liar', 'liar', 'honest'] as const) await topUp(payer);
  }

  let running: Promise<unknown> = Promise.resolve();

  return {
    topups: topups as readonly CryptoTopup[],
    /** Answers of the API that it must not give. */
    surprises: surprises as readonly Violation[],
    decideParked,

    start(): void {
      running = Promise.all([orderOnAndOn(), orderOnAndOn(), topUpOnAndOn()]);
      // `stop` says what was wrong.
      running.catch(() => undefined);
    },

    /** Nobody orders any more; what was begun is waited for. */
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },

    /** Does once what leads to a place. */
    async lead(way: Way, isOver: () => boolean): Promise<void> {
      if (way === 'cancel') await cancel(0);
      else if (way === 'pay dearer') await payDearer(isOver);
      else if (way === 'decide') await decideParked();
      else await buy();
    },
  };
}

/** Waits until it holds; answers whether it did in time, for nobody waits forever. */
async function waited(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await pause(150);
  }
  return true;
}
