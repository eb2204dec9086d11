import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { searchAttributes } from '../../../workflows/messages/search-attributes.ts';
import { type BareActivities, type BareOrder, type BarePlaced, bareQueues, notified, place } from './messages.ts';

const local = () => proxyLocalActivities<BareActivities>({ startToCloseTimeout: '20s' });
const provider = () =>
  proxyActivities<BareActivities>({
    taskQueue: bareQueues.provider,
    startToCloseTimeout: '2m',
    heartbeatTimeout: '15s',
  });
const waits = () =>
  proxyActivities<BareActivities>({
    taskQueue: bareQueues.waits,
    startToCloseTimeout: '30m',
    heartbeatTimeout: '15s',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });

/** The steps of a generation and nothing else. */
export async function bareGeneration(order: BareOrder): Promise<{ status: string }> {
  const placed: { answer?: BarePlaced } = {};
  let isNotified = false;
  setHandler(place, () => answerOf(placed));
  setHandler(notified, () => void (isNotified = true));

  const held = await local().reserveGeneration(order);
  placed.answer = { status: held.status, payUrl: null };
  setCurrentDetails('Funds are held.');
  const { taskId } = await provider().submitGeneration(order);
  setCurrentDetails('The provider has the request.');
  const pictures = await untilDrawn(taskId, () => isNotified);
  const { status } = await local().captureGeneration({ ...order, pictures });
  upsertSearchAttributes([{ key: searchAttributes.sagaState, value: status }]);
  return { status };
}

async function answerOf(placed: { answer?: BarePlaced }): Promise<BarePlaced> {
  await condition(() => placed.answer !== undefined);
  return placed.answer as BarePlaced;
}

/** One waiting activity, cancelled when the callback wins. */
async function untilDrawn(taskId: string, isNotified: () => boolean): Promise<readonly string[]> {
  if (!isNotified()) {
    const scope = new CancellationScope({ cancellable: true });
    const waiting = scope.run(() => waits().awaitPictures({ taskId }));
    const first = await Promise.race([waiting, condition(isNotified).then(() => 'notified' as const)]);
    if (first !== 'notified') return first;
    scope.cancel();
    waiting.catch(() => undefined);
  }
  return waits().collectPictures({ taskId });
}

const lookMs = 65 * 60 * 1000;

/** The steps of a top-up until the person has the link, and the waiting for its payment. */
export async function bareTopup(order: BareOrder): Promise<{ status: string }> {
  const placed: { answer?: BarePlaced } = {};
  let isNotified = false;
  setHandler(place, () => answerOf(placed));
  setHandler(notified, () => void (isNotified = true));

  setCurrentDetails('Creating the payment.');
  const { payUrl } = await provider().createPayment(order);
  setCurrentDetails('Waiting for the person to pay.');
  placed.answer = { status: 'awaiting_payment', payUrl };
  await condition(() => isNotified, lookMs);
  return { status: 'over' };
}
