import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PrepareAnswer, StarRefusal } from '../activities/star-purchase.ts';
import { type Cause, stepKey } from '../core/flows/flow.ts';
import {
  isStarPurchaseFinal,
  type StarDecision,
  type StarPurchaseEnd,
  type StarPurchaseInput,
  type StarPurchasePlaced,
  type StarPurchaseStatus,
  starPurchaseWorkflowId,
} from '../core/flows/star-purchase.ts';
import { walletWorkflowId } from '../core/flows/wallet.ts';
import { limits } from '../core/limits.ts';
import { firstAnswer } from './lib/first-answer.ts';
import { deliveryCalls, ledgerMoves, messageMoves, prepareCalls } from './lib/proxies.ts';
import { describe } from './lib/saga.ts';
import { showState } from './lib/search-attributes.ts';
import {
  cancelStarPurchase,
  decideStarPurchase,
  type PaymentDecided,
  paymentDecided,
  placeStarPurchase,
  starPurchaseState,
} from './messages/star-purchase.ts';
import { paymentPrepared } from './messages/wallet.ts';

/**
 * One purchase of Stars or Premium: money is held, our wallet pays the provider on the chain, and the hold is captured
 * when the provider has delivered. The money comes back while nothing is signed, and when the chain says that it was
 * not paid; what nobody here can decide waits for a person, and for the chain. Every line below may be the last one
 * that this process runs: what was done is found again in the rows.
 */
export async function starPurchase(input: StarPurchaseInput): Promise<StarPurchaseEnd> {
  const order = openOrder(input);
  await CancellationScope.nonCancellable(async () => {
    await run(order).catch((error: unknown) => order.park(describe(error)));
    order.placed.give({ status: 'canceled' });
    await condition(allHandlersFinished);
  });
  return { status: order.status };
}

type Order = ReturnType<typeof openOrder>;

/** How a purchase ends. `parked`: a person must look. */
type Ending =
  | { readonly to: 'delivered' }
  | { readonly to: 'canceled' }
  | { readonly to: 'parked'; readonly reason: string }
  | ({ readonly to: 'failed'; readonly decided: boolean } & StarRefusal);

async function run(order: Order): Promise<void> {
  const held = await order.moves.reserveStarPurchase({ ...order.ids, cause: order.cause('reserve') });
  order.placed.give(held.placed);
  order.show(held.stands, 'Funds are held, or nothing was taken.');
  while (!isStarPurchaseFinal(order.status)) {
    if (order.status === 'needs_attention') await whileParked(order);
    else await end(order, await conclude(order));
  }
}

/** Brings a purchase to an end; what the rows do not allow, and what fails for good, is for a person. */
async function end(order: Order, ending: Ending): Promise<void> {
  if (ending.to === 'parked') return order.park(ending.reason);
  const outcome = await order.close(ending).catch(describe);
  if (!isStarPurchaseFinal(order.status)) await order.park(outcome);
}

/** The purchase from its payment to its delivery. An error that no one foresaw parks it. */
async function conclude(order: Order): Promise<Ending> {
  try {
    return (await pay(order)) ?? (await receive(order));
  } catch (error) {
    return { to: 'failed', decided: false, failure: 'outcome_unknown', detail: describe(error) };
  }
}

/** Has the wallet pay. Answers nothing when the chain says `paid`, else how the purchase ends. */
async function pay(order: Order): Promise<Ending | undefined> {
  for (let attempts = 1; ; attempts += 1) {
    order.setDetails('Funds are held; the provider is asked for its payment request.');
    order.forgetNews();
    const prepared = await order.unlessCanceled(prepare(order));
    if (prepared.outcome === 'canceled' || prepared.outcome === 'order_closed') return { to: 'canceled' };
    if (prepared.outcome === 'refused') return { ...prepared, to: 'failed', decided: false };
    const word = prepared.state === 'paid' ? 'paid' : await order.unlessCanceled(chainsWord(order, prepared.wallet));
    if (word === 'paid') return undefined;
    if (typeof word === 'object') return 'to' in word ? word : { to: 'canceled' };
    if (attempts === limits.starPaymentAttemptsMax) {
      return { to: 'failed', decided: false, failure: 'not_paid', detail: word };
    }
  }
}

/** A request that the provider did not make within the deadline: nothing was paid, and the money goes back. */
async function prepare(order: Order): Promise<PrepareAnswer> {
  try {
    return await prepareCalls(order.provider).prepareStarPayment(order.ids);
  } catch (error) {
    log.warn('no payment request could be had', { error: describe(error) });
    return { outcome: 'refused', failure: 'provider_unavailable', detail: describe(error) };
  }
}

/**
 * Wakes the wallet and waits for the chain's word on the payment. One that is not signed within the deadline is taken
 * back; one that is signed is never given up: a person is told, and the word is waited for all the same.
 */
async function chainsWord(order: Order, wallet: string): Promise<Verdict | Ending> {
  await wake(wallet);
  order.setDetails('The payment waits for its place in a message of the wallet.');
  const early = await order.verdictWithin(limits.starSigningDeadlineMs);
  if (early !== undefined) return early;
  if ((await order.moves.dropStarPayment(order.ids)) === 'dropped') {
    return { to: 'failed', decided: false, failure: 'provider_unavailable', detail: 'not_signed' };
  }
  order.setDetails('The payment is signed and sent; the chain has not decided.');
  const late = await order.verdictWithin(limits.starDecisionDeadlineMs);
  return late ?? { to: 'parked', reason: 'the chain has not decided about the payment' };
}

/** The pump finds what is not told here. */
async function wake(wallet: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(walletWorkflowId(wallet)).signal(paymentPrepared);
  } catch (error) {
    log.warn('the wallet could not be woken', { error: describe(error) });
  }
}

/** Waits for the delivery of what was paid; it is never paid again. Past the deadline a person decides. */
async function receive(order: Order): Promise<Ending> {
  order.setDetails('The chain has the payment; we look for the delivery in the history of the provider.');
  const found = await deliveryCalls().awaitStarDelivery(order.ids);
  return found === 'delivered' ? { to: 'delivered' } : { to: 'parked', reason: 'paid, and not seen delivered' };
}

/**
 * A parked purchase, until it is parked no more: by the decision of people, by the chain's word, or because it is seen
 * delivered after all. What counts stands in the rows; messages only say that it is time to read them.
 */
async function whileParked(order: Order): Promise<void> {
  for (let looks = 0; ;) {
    order.forgetNews();
    const { status, round, decision } = await order.moves.readStarStanding(order.ids);
    if (status !== 'needs_attention') return order.show(status, 'The chain has decided.');
    if (decision !== undefined) return carryOut(order, { round, decision });
    if (await order.newsWithin(lookAgainMs(looks))) continue;
    looks += 1;
    if (!(await isSeenDelivered(order))) continue;
    const outcome = await order.close({ to: 'delivered' }).catch(describe);
    if (isStarPurchaseFinal(order.status)) return;
    await order.parkAgain(round, { reason: `seen delivered, and could not be charged: ${outcome}` });
    looks = Number.POSITIVE_INFINITY;
  }
}

/** Ever later, so that the history of one that nobody decides about stays short; not at all after it was seen. */
function lookAgainMs(looks: number): number | undefined {
  if (looks === Number.POSITIVE_INFINITY) return undefined;
  return limits.starLookAgainMs * 2 ** Math.min(looks, limits.starLookAgainDoublingsMax);
}

async function isSeenDelivered(order: Order): Promise<boolean> {
  try {
    return (await deliveryCalls().findStarDelivery(order.ids)) === 'delivered';
  } catch (error) {
    log.warn('a parked purchase could not be looked for', { error: describe(error) });
    return false;
  }
}

interface Decided {
  readonly round: number;
  readonly decision: StarDecision;
}

/** Does what people have decided. What cannot be done is asked anew with the reason: no decision blocks the next. */
async function carryOut(order: Order, { round, decision }: Decided): Promise<void> {
  const outcome = await (decision === 'retry' ? order.resume() : order.close(endingOf(decision))).catch(describe);
  if (order.status !== 'needs_attention') return;
  await order.parkAgain(round, { reason: `${decision} could not be carried out: ${outcome}`, decision });
}

function endingOf(decision: Exclude<StarDecision, 'retry'>): Ending & { readonly to: 'delivered' | 'failed' } {
  if (decision === 'delivered') return { to: 'delivered' };
  return { to: 'failed', decided: true, failure: 'not_delivered', detail: null };
}

type Verdict = PaymentDecided['verdict'];

/** The desk of one order: what messages change and what the steps share. All handlers stand before the first await. */
function openOrder(input: StarPurchaseInput) {
  const moves = ledgerMoves();
  const workflowId = starPurchaseWorkflowId(input.purchaseId);
  const ids = {
    purchaseId: input.purchaseId,
    holdKey: stepKey(workflowId, 'reserve'),
    holdTtlMs: holdTtlMs,
  };
  const placed = firstAnswer<StarPurchasePlaced>();
  let isCanceled = false;
  let verdict: Verdict | undefined;
  let isDecided = false;

  const order = {
    status: 'accepted' as StarPurchaseStatus,
    provider: input.provider,
    ids,
    moves,
    placed,
    cause: (step: string): Cause => ({ workflowId, runId: workflowInfo().runId, step, actor: input.userId }),
    setDetails: setCurrentDetails,

    /** What was heard before is no news of what begins now. */
    forgetNews(): void {
      verdict = undefined;
      isDecided = false;
    },

    /** The chain's word, or nothing when it has not come in time. */
    async verdictWithin(ms: number): Promise<Verdict | undefined> {
      await condition(() => verdict !== undefined, ms);
      return verdict;
    },

    /** Whether the chain or people have decided something meanwhile; without a time it waits until they have. */
    async newsWithin(ms: number | undefined): Promise<boolean> {
      const isNews = () => verdict !== undefined || isDecided;
      if (ms !== undefined) return condition(isNews, ms);
      await condition(isNews);
      return true;
    },

    /** The cancel's own move decides, by the row's lock, whether the wallet can still sign. */
    unlessCanceled: <T>(step: Promise<T>): Promise<T | { outcome: 'canceled' }> =>
      Promise.race([step, condition(() => isCanceled).then(() => ({ outcome: 'canceled' as const }))]),

    async park(reason: string): Promise<void> {
      const evidence = { reason };
      order.show(await moves.parkStarPurchase({ purchaseId: input.purchaseId, workflowId, evidence }), reason);
    },

    async parkAgain(round: number, evidence: { readonly reason: string; readonly decision?: string }): Promise<void> {
      const again = { purchaseId: input.purchaseId, workflowId, round, evidence };
      order.show(await moves.parkStarPurchaseAgain(again), evidence.reason);
    },

    /** Does what an ending asks for, as far as the rows allow it; answers what they say. */
    async close(ending: Exclude<Ending, { to: 'parked' }>): Promise<string> {
      if (ending.to === 'canceled') {
        const { status } = await moves.readStarStanding(ids);
        order.show(status, 'Canceled; the funds are back.');
        return status;
      }
      const { outcome, status } = await (ending.to === 'delivered' ? capture() : giveBack(ending));
      order.show(status, `The funds: ${outcome}.`);
      return outcome;
    },

    /** Takes it up again, if the rows allow it; answers why they do not. */
    async resume(): Promise<string> {
      order.show(await moves.resumeStarPurchase(ids), 'Looked at anew.');
      return 'funds_not_held';
    },

    show(status: StarPurchaseStatus, details: string): void {
      const isNew = order.status !== status;
      order.status = status;
      setCurrentDetails(details);
      if (isNew) showState(status, status === 'needs_attention');
    },
  };

  function capture() {
    const cause = { ...order.cause('capture'), provider: input.provider };
    return moves.deliverStarPurchase({ ...ids, key: stepKey(workflowId, 'capture'), cause });
  }

  function giveBack({ failure, detail, decided }: Extract<Ending, { to: 'failed' }>) {
    const cause = order.cause('release');
    return moves.failStarPurchase({ ...ids, failure, detail, decided, key: stepKey(workflowId, 'release'), cause });
  }

  async function cancel() {
    const cause = order.cause('cancel');
    const answer = await messageMoves().cancelStarPurchase({ ...ids, key: stepKey(workflowId, 'release'), cause });
    isCanceled = answer.outcome === 'canceled';
    return answer;
  }

  setHandler(placeStarPurchase, () => placed.wait());
  setHandler(paymentDecided, (word) => {
    verdict = word.verdict;
  });
  setHandler(cancelStarPurchase, cancel);
  setHandler(decideStarPurchase, async (request) => {
    const outcome = await messageMoves().decideStarPurchase({ purchaseId: input.purchaseId, ...request });
    if (outcome === 'applied') isDecided = true;
    return { outcome };
  });
  setHandler(starPurchaseState, () => ({ status: order.status }));
  CancellationScope.current().cancelRequested.catch(() => CancellationScope.nonCancellable(cancel));
  return order;
}

/** All deadlines of a purchase with the margin of holds; a parked one is extended by the sweep of due holds. */
const holdTtlMs =
  limits.starPaymentAttemptsMax * (limits.starSigningDeadlineMs * 2 + limits.starDecisionDeadlineMs) +
  limits.starDeliveryDeadlineMs +
  limits.holdMarginMs;
