import {
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { starPurchaseWorkflowId } from '../core/flows/star-purchase.ts';
import type { WalletInput } from '../core/flows/wallet.ts';
import { walletCalls } from './lib/proxies.ts';
import { describe } from './lib/saga.ts';
import { type PaymentDecided, paymentDecided } from './messages/star-purchase.ts';
import { paymentPrepared, walletState } from './messages/wallet.ts';

/** How long a wallet that holds too little waits before it looks again. */
const shortPause = '30 seconds';
/** Payments that were stored and not told of are found with every look. */
const idlePause = '10 minutes';

/**
 * The one hand on a wallet: takes the payments that wait, signs one message over as many as it carries, and settles it
 * before the next. The queue and the message stand in the database, so this may begin anew at any line.
 */
export async function wallet(input: WalletInput): Promise<void> {
  let isTold = true;
  let messageId: string | null = null;
  setHandler(paymentPrepared, () => {
    isTold = true;
  });
  setHandler(walletState, () => ({ messageId }));

  while (!workflowInfo().continueAsNewSuggested) {
    isTold = false;
    setCurrentDetails('Looking for payments that wait.');
    const next = await walletCalls().signNextMessage(input);
    await tellAll(next.dropped.map((purchaseId) => ({ purchaseId, verdict: 'dropped' })));
    if (next.outcome !== 'message') {
      setCurrentDetails(next.outcome === 'short' ? 'The wallet holds too little: fill it up.' : 'No payment waits.');
      await condition(() => isTold, next.outcome === 'short' ? shortPause : idlePause);
      continue;
    }
    ({ messageId } = next);
    setCurrentDetails(`Message ${messageId} is signed; the chain has not decided about it.`);
    await tellAll(await walletCalls().settleMessage({ messageId }));
    messageId = null;
  }
  await continueAsNew<typeof wallet>(input);
}

interface Verdict extends PaymentDecided {
  readonly purchaseId: string;
}

/** Tells the purchases. One whose saga has ended needs no word: its row has it. */
async function tellAll(verdicts: readonly Verdict[]): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await Promise.all(
      verdicts.map(async ({ purchaseId, verdict }) => {
        const purchase = getExternalWorkflowHandle(starPurchaseWorkflowId(purchaseId));
        try {
          await purchase.signal(paymentDecided, { verdict });
        } catch (error) {
          log.warn('a purchase could not be told of its payment', { purchaseId, error: describe(error) });
        }
      }),
    );
  });
}
