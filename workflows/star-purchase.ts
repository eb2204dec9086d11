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
import { deliveryCalls, ledgerMoves, prepareCalls } from './lib/proxies.ts';
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

/** What is to be done with a purchase. `decided`: a person has said so. `retry`: it is looked at anew. */
type Ending =
  | { readonly to: 'delivered' }
  | { readonly to: 'canceled' }
  | { readonly to: 'retry' }
  | ({ readonly to: 'failed'; readonly decided: boolean } & StarRefusal);

async function run(order: Order): Promise<void> {
  const held = await order.moves.reserveStarPurchase({ ...order.ids, cause: order.cause('reserve') });
  order.placed.give(held);
  order.show(held.status, 'Funds are held, or nothing was taken.');
  while (!isStarPurchaseFinal(order.status)) {
    const isParked = order.status === 'needs_attention';
    await order.close(isParked ? endingOf(await order.decision()) : await conclude(order));
  }
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
    order.forgetVerdict();
    const prepared = await order.unlessCanceled(prepare(order));
    if (prepared.outcome === 'canceled' || prepared.outcome === 'order_closed') return { to: 'canceled' };
    if (prepared.outcome === 'refused') return { ...prepared, to: 'failed', decided: false };
    const word = prepared.state === 'paid' ? 'paid' : await order.unlessCanceled(chainsWord(order, prepared.wallet));
    if (word === 'paid') {
      // Nothing more is to be heard of it; kept, it would be taken for news while a person decides.
      order.forgetVerdict();
      return undefined;
    }
    if (typeof word === 'object') return word.outcome === 'canceled' ? { to: 'canceled' } : word.ending;
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
async function chainsWord(order: Order, wallet: string): Promise<Verdict | { outcome: 'ended'; ending: Ending }> {
  await wake(wallet);
  order.setDetails('The payment waits for its place in a message of the wallet.');
  const early = await order.verdictWithin(limits.starSigningDeadlineMs);
  if (early !== undefined) return early;
  if ((await order.moves.dropStarPayment(order.ids)) === 'dropped') {
    const ending: Ending = { to: 'failed', decided: false, failure: 'provider_unavailable', detail: 'not_signed' };
    return { outcome: 'ended', ending };
  }
  order.setDetails('The payment is signed and sent; the chain has not decided.');
  const late = await order.verdictWithin(limits.starDecisionDeadlineMs);
  if (late !== undefined) return late;
  await order.park('the chain has not decided about the payment');
  return { outcome: 'ended', ending: endingOf(await order.decision()) };
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
  if ((await deliveryCalls().awaitStarDelivery(order.ids)) === 'delivered') return { to: 'delivered' };
  await order.park('paid, and not seen delivered');
  while (!(await condition(() => order.isDecided(), limits.starLookAgainMs))) {
    if ((await deliveryCalls().findStarDelivery(order.ids)) === 'delivered') return { to: 'delivered' };
  }
  return endingOf(await order.decision());
}

/** What a decision means. The chain's own word, when it comes first, has the purchase looked at anew. */
function endingOf(decision: StarDecision): Ending {
  if (decision === 'not_delivered') return { to: 'failed', decided: true, failure: 'not_delivered', detail: null };
  return decision === 'delivered' ? { to: 'delivered' } : { to: 'retry' };
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
  let decision: StarDecision | undefined;

  const order = {
    status: 'accepted' as StarPurchaseStatus,
    provider: input.provider,
    ids,
    moves,
    placed,
    cause: (step: string): Cause => ({ workflowId, runId: workflowInfo().runId, step, actor: input.userId }),
    setDetails: setCurrentDetails,

    forgetVerdict(): void {
      verdict = undefined;
    },

    /** The chain's word, or nothing when it has not come in time. */
    async verdictWithin(ms: number): Promise<Verdict | undefined> {
      await condition(() => verdict !== undefined, ms);
      return verdict;
    },

    isDecided: () => decision !== undefined,

    /** Waits for a person's decision, or for the chain's word, which has the purchase looked at anew. */
    async decision(): Promise<StarDecision> {
      await condition(() => decision !== undefined || verdict !== undefined);
      const taken = decision ?? 'retry';
      decision = undefined;
      return taken;
    },

    /** The cancel's own move decides, by the row's lock, whether the wallet can still sign. */
    unlessCanceled: <T>(step: Promise<T>): Promise<T | { outcome: 'canceled' }> =>
      Promise.race([step, condition(() => isCanceled).then(() => ({ outcome: 'canceled' as const }))]),

    async park(reason: string): Promise<void> {
      const evidence = { reason };
      order.show(await moves.parkStarPurchase({ purchaseId: input.purchaseId, workflowId, evidence }), reason);
    },

    /** Does what an ending asks for. What the rows do not allow is parked: a person must look. */
    async close(ending: Ending): Promise<void> {
      if (ending.to === 'retry') return order.show(await moves.resumeStarPurchase(ids), 'Looked at anew.');
      if (ending.to === 'canceled') return order.show('canceled', 'Canceled; the funds are back.');
      const { outcome, status } = await (ending.to === 'delivered' ? capture() : giveBack(ending));
      if (isStarPurchaseFinal(status)) return order.show(status, `The funds: ${outcome}.`);
      await order.park(outcome);
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
    const answer = await moves.cancelStarPurchase({ ...ids, key: stepKey(workflowId, 'release'), cause });
    isCanceled = answer.outcome === 'canceled';
    return answer;
  }

  setHandler(placeStarPurchase, () => placed.wait());
  setHandler(paymentDecided, (word) => {
    verdict = word.verdict;
  });
  setHandler(cancelStarPurchase, cancel);
  setHandler(decideStarPurchase, async (request) => {
    const outcome = await moves.decideStarPurchase({ purchaseId: input.purchaseId, ...request });
    if (outcome === 'applied') ({ decision } = request);
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
