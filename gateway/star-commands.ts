import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import {
  isStarPurchaseFinal,
  type StarDecided,
  type StarPurchaseCancel,
  type StarPurchaseStatus,
  starPurchaseWorkflowId,
} from '../core/flows/star-purchase.ts';
import { type StarQuoteRefusal, starQuoteWorkflowId } from '../core/flows/star-quote.ts';
import { walletWorkflowId } from '../core/flows/wallet.ts';
import type { StarTerms } from '../core/pricing/star-price.ts';
import { flowsQueue } from '../core/queues.ts';
import type { NewStarPurchase, StarPurchase, StarPurchases } from '../db/star-purchases.ts';
import type { StarQuote, StarQuoteRequest, StarQuotes } from '../db/star-quotes.ts';
import type { WalletMessages } from '../db/wallet-messages.ts';
import type { Logger } from '../platform/logger.ts';
import {
  cancelStarPurchase,
  decideStarPurchase,
  placeStarPurchase,
  type StarDecisionRequest,
  type StarPurchaseWorkflow,
} from '../workflows/messages/star-purchase.ts';
import type { StarQuoteWorkflow } from '../workflows/messages/star-quote.ts';
import { paymentPrepared, type WalletWorkflow } from '../workflows/messages/wallet.ts';
import type { Ask } from './ask.ts';
import type { Placed, Refused } from './answers.ts';
import { starPurchaseStart } from './start-options.ts';

export type StarQuoteAnswer =
  | { readonly outcome: 'quoted'; readonly quote: StarQuote }
  | { readonly outcome: 'refused'; readonly code: StarQuoteRefusal }
  | { readonly outcome: 'temporarily_unavailable' };

/** The commands of star purchases. */
export interface StarCommands {
  /** Asks the provider who would receive it and for how much; the quote can be bought by until it expires. */
  quoteStars(request: StarQuoteRequest, terms: StarTerms): Promise<StarQuoteAnswer>;
  placeStarPurchase(order: NewStarPurchase): Promise<Placed<StarPurchase>>;
  cancelStarPurchase(
    id: string,
    userId: string,
  ): Promise<{ outcome: StarPurchaseCancel['outcome']; purchase: StarPurchase } | Refused>;
  /** An operator's decision about a parked purchase. */
  decideStarPurchase(id: string, request: StarDecisionRequest): Promise<{ outcome: StarDecided } | Refused>;
  /** Wakes the sagas of wallets with payments or messages that wait for longer than this; answers how many. */
  wakeWallets(olderThanMs: number): Promise<number>;
  /**
   * Starts the sagas of purchases that are under way and that nothing has happened to for so long; one that runs is
   * left alone. What Temporal has lost begins anew, and goes on from where its rows stand (S28). Answers how many there
   * were.
   */
  startLostStarPurchases(quietForMs: number): Promise<number>;
}

export interface StarCommandsDeps {
  readonly client: Client;
  readonly ask: Ask;
  readonly starPurchases: StarPurchases;
  readonly starQuotes: StarQuotes;
  readonly walletMessages: Pick<WalletMessages, 'waiting'>;
  readonly logger: Logger;
}

const lostBatch = 100;

/** The part of the gateway that speaks of star purchases. */
export function createStarCommands(deps: StarCommandsDeps): StarCommands {
  const { client, ask, starPurchases: purchases } = deps;

  return {
    async quoteStars(request, terms) {
      const { id: quoteId, provider } = request;
      await deps.starQuotes.ask(request);
      const asked = await ask(() =>
        client.workflow.execute<StarQuoteWorkflow>('starQuote', {
          taskQueue: flowsQueue,
          workflowId: starQuoteWorkflowId(quoteId),
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [{ quoteId, provider, terms }],
        }),
      );
      if (asked.outcome !== 'answered') return { outcome: 'temporarily_unavailable' };
      if (asked.value.outcome === 'refused') return asked.value;
      const quote = await deps.starQuotes.find(quoteId, request.userId);
      return quote ? { outcome: 'quoted', quote } : { outcome: 'temporarily_unavailable' };
    },

    async placeStarPurchase(order) {
      const inserted = await purchases.insert(order);
      if (inserted.outcome === 'key_conflict') return inserted;
      const { row, outcome } = inserted;
      if (row.status === 'accepted') {
        const started = await ask(() => startStarPurchase(client, row));
        if (started.outcome === 'temporarily_unavailable') return started;
      }
      return { outcome: 'placed', order: (await purchases.get(row.id)) ?? row, replayed: outcome === 'replay' };
    },

    async cancelStarPurchase(id, userId) {
      const purchase = await purchases.find(id, userId);
      if (!purchase) return { outcome: 'not_found' };
      // A saga takes some 2,000 updates in its life: a buyer who uses them up leaves none for those who must decide.
      if (!canBeTakenBack(purchase.status)) return { outcome: closedAnswer(purchase.status), purchase };
      const handle = client.workflow.getHandle(starPurchaseWorkflowId(id));
      const asked = await ask(() => handle.executeUpdate(cancelStarPurchase));
      const now = (await purchases.get(id)) ?? purchase;
      if (asked.outcome === 'answered') return { outcome: asked.value.outcome, purchase: now };
      if (asked.outcome !== 'closed' || canBeTakenBack(now.status)) return { outcome: 'temporarily_unavailable' };
      return { outcome: closedAnswer(now.status), purchase: now };
    },

    async decideStarPurchase(id, request) {
      if (!(await purchases.get(id))) return { outcome: 'not_found' };
      const handle = client.workflow.getHandle(starPurchaseWorkflowId(id));
      const asked = await ask(() => handle.executeUpdate(decideStarPurchase, { args: [request] }));
      if (asked.outcome === 'answered') return asked.value;
      if (asked.outcome !== 'closed') return { outcome: 'temporarily_unavailable' };
      // One that waits for a person all the same has lost its saga, which begins anew within minutes.
      const now = await purchases.get(id);
      return { outcome: now?.status === 'needs_attention' ? 'temporarily_unavailable' : 'not_parked' };
    },

    async wakeWallets(olderThanMs) {
      const wallets = await deps.walletMessages.waiting(olderThanMs);
      for (const wallet of wallets) await ask(() => wakeWallet(client, wallet));
      return wallets.length;
    },

    async startLostStarPurchases(quietForMs) {
      let count = 0;
      for (let after: StarPurchase | undefined; ;) {
        const page = { quietForMs, limit: lostBatch, ...(after === undefined ? {} : { after }) };
        const quiet = await purchases.listQuiet(page);
        for (const purchase of quiet) {
          // One that cannot be started must not keep the others waiting.
          await ask(() => ensureSaga(client, purchase)).catch((error: unknown) =>
            deps.logger.error({ err: error, purchaseId: purchase.id }, 'a purchase under way has no saga'),
          );
        }
        count += quiet.length;
        after = quiet.at(-1);
        if (quiet.length < lostBatch) return count;
      }
    },
  };
}

/** Whether a saga would take it back; one that is gone begins anew within minutes, and can be asked then. */
function canBeTakenBack(status: StarPurchaseStatus): boolean {
  return status === 'accepted' || status === 'reserved';
}

function closedAnswer(status: StarPurchaseStatus): StarPurchaseCancel['outcome'] {
  if (status === 'canceled') return 'canceled';
  return isStarPurchaseFinal(status) ? 'already_finished' : 'already_signed';
}

/** Starts the saga of an order, or waits for the first answer of the one that runs. */
export function startStarPurchase(client: Client, purchase: StarPurchase): Promise<unknown> {
  const startWorkflowOperation = new WithStartWorkflowOperation<StarPurchaseWorkflow>(
    'starPurchase',
    starPurchaseStart(purchase),
  );
  return client.workflow.executeUpdateWithStart(placeStarPurchase, { startWorkflowOperation, updateId: 'place' });
}

/**
 * Starts the saga of an order that is under way; does nothing when it runs. One that was ended by force begins anew:
 * all that was done stands in the rows, and an order that has ended meanwhile is found so.
 */
function ensureSaga(client: Client, purchase: StarPurchase): Promise<unknown> {
  return client.workflow.start<StarPurchaseWorkflow>('starPurchase', {
    ...starPurchaseStart(purchase),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
}

/** Starts the saga of a wallet, or tells the one that runs that a payment waits. */
async function wakeWallet(client: Client, wallet: string): Promise<void> {
  await client.workflow.signalWithStart<WalletWorkflow>('wallet', {
    taskQueue: flowsQueue,
    workflowId: walletWorkflowId(wallet),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ wallet }],
    signal: paymentPrepared,
  });
}
