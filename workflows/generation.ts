import {
  allHandlersFinished,
  CancellationScope,
  condition,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { SubmitAnswer } from '../activities/generation.ts';
import { type Cause, stepKey } from '../core/flows/flow.ts';
import {
  chargeFor,
  type GenerationEnd,
  type GenerationFailure,
  type GenerationInput,
  type GenerationPlaced,
  type GenerationStatus,
  generationWorkflowId,
  isGenerationFinal,
} from '../core/flows/generation.ts';
import { limits } from '../core/limits.ts';
import { firstAnswer } from './lib/first-answer.ts';
import { keepLatePictures } from './lib/late-pictures.ts';
import { ledgerMoves, submitCalls } from './lib/proxies.ts';
import { describe, openSaga } from './lib/saga.ts';
import { showState } from './lib/search-attributes.ts';
import { waitForPictures } from './lib/wait-for-pictures.ts';
import { cancelGeneration, generationState, placeGeneration, resultNotified } from './messages/generation.ts';

/**
 * One generation: credits are held, the provider draws, and the hold is captured for what was delivered. The funds come
 * back on a definite refusal and when the deadline passes without an answer; what nobody here can decide is parked for
 * a person. Every line below may be the last one that this process runs: what was done is found again by its key.
 */
export async function generation(input: GenerationInput): Promise<GenerationEnd> {
  const order = openOrder(input);
  await CancellationScope.nonCancellable(async () => {
    await run(input, order).catch((error: unknown) => order.park(describe(error)));
    order.placed.give({ status: 'canceled' });
    await condition(allHandlersFinished);
  });
  return { status: order.status };
}

type Order = ReturnType<typeof openOrder>;

async function run(input: GenerationInput, order: Order): Promise<void> {
  const { saga, moves } = order;

  saga.beforeDoing('reserve', order.giveBack);
  const held = await moves.reserveGeneration({ ...order.ids, cause: order.cause('reserve') });
  order.placed.give(held);
  if (held.status !== 'reserved') return order.end(held.status);

  order.show('reserved', 'Funds are held; the request waits in our queue.');
  const submitted = await order.unlessCanceled(submit(input.provider, order));
  if (submitted.outcome === 'canceled') return order.end('canceled');
  if (submitted.outcome === 'refused') return saga.undoAll(submitted);

  order.show('running', 'The provider has the request; we wait for its callback and ask it meanwhile.');
  const pictures = await waitForPictures(order.ids, order.callback);
  if (pictures.outcome === 'refused') {
    await saga.undoAll(pictures);
    // A callback that came while we gave up was told to us and to nobody else.
    if (order.callback.count > order.callback.seenCount) await keepLatePictures(input.generationId);
    return;
  }
  if (pictures.outcome === 'stuck') return order.park(pictures.reason);

  const captured = await moves.captureGeneration({
    ...order.ids,
    key: stepKey(order.workflowId, 'capture'),
    amountMinor: chargeFor(input, pictures.stored.length).toString(),
    pictures: pictures.stored,
    cause: { ...order.cause('capture'), provider: input.provider, providerRef: pictures.taskId },
  });
  if (captured.outcome !== 'captured') return order.park(captured.outcome);
  saga.commit();
  order.end('succeeded');
}

/** Asks the provider. An activity that gives up without an answer may have asked: that is unknown, and waits too. */
async function submit(provider: string, order: Order): Promise<SubmitAnswer> {
  try {
    return await submitCalls(provider).submitGeneration(order.ids);
  } catch (error) {
    log.warn('submitting ended without an answer', { error: describe(error) });
    return { outcome: 'unknown' };
  }
}

/** Why the funds go back. */
interface Refusal {
  readonly failure: GenerationFailure;
  readonly detail: string | null;
}

/** The desk of one order: what messages change and what the steps share. All handlers stand before the first await. */
function openOrder(input: GenerationInput) {
  const moves = ledgerMoves();
  const workflowId = generationWorkflowId(input.generationId);
  const ids = {
    generationId: input.generationId,
    holdKey: stepKey(workflowId, 'reserve'),
    holdTtlMs: limits.generationDeadlineMs + limits.holdMarginMs,
  };
  const placed = firstAnswer<GenerationPlaced>();
  const callback = { count: 0, seenCount: 0 };
  let isCanceled = false;

  const order = {
    status: 'accepted' as GenerationStatus,
    workflowId,
    ids,
    moves,
    placed,
    callback,
    cause: (step: string): Cause => ({ workflowId, runId: workflowInfo().runId, step, actor: input.userId }),
    saga: openSaga<Refusal>({
      raiseCase: (evidence) => moves.parkGeneration({ generationId: input.generationId, workflowId, evidence }),
    }),

    async giveBack(reason: Refusal): Promise<void> {
      const answer = await moves.failGeneration({
        ...ids,
        ...reason,
        key: stepKey(workflowId, 'release'),
        cause: order.cause('release'),
      });
      if (!isGenerationFinal(answer.status)) return order.park(answer.outcome);
      order.end(answer.status);
    },

    async park(reason: string): Promise<void> {
      await moves.parkGeneration({ generationId: input.generationId, workflowId, evidence: { reason } });
      order.status = 'needs_attention';
      setCurrentDetails(`Parked for a person, the funds stay held: ${reason}.`);
      showState('needs_attention', true);
    },

    /** The cancel's own move decides, by the row's lock, whether the request can still leave. */
    unlessCanceled: <T>(step: Promise<T>): Promise<T | { outcome: 'canceled' }> =>
      Promise.race([step, condition(() => isCanceled).then(() => ({ outcome: 'canceled' as const }))]),

    show(status: GenerationStatus, details: string): void {
      order.status = status;
      setCurrentDetails(details);
    },

    end(status: GenerationStatus): void {
      order.status = status;
      showState(status);
    },
  };

  async function cancel() {
    const answer = await moves.cancelGeneration({
      ...ids,
      key: stepKey(workflowId, 'release'),
      cause: order.cause('cancel'),
    });
    isCanceled = answer.outcome === 'canceled';
    return answer;
  }

  setHandler(placeGeneration, () => placed.wait());
  setHandler(resultNotified, () => {
    callback.count += 1;
  });
  setHandler(cancelGeneration, cancel);
  setHandler(generationState, () => ({ status: order.status }));
  CancellationScope.current().cancelRequested.catch(() => CancellationScope.nonCancellable(cancel));
  return order;
}
