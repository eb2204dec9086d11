import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { BotUpdates } from '../db/bot-updates.ts';
import type { Cases } from '../db/cases.ts';
import type { Images } from '../db/images.ts';
import type { Inbox } from '../db/inbox.ts';
import type { Live } from '../db/live.ts';
import type { StarQuotes } from '../db/star-quotes.ts';
import type { Topups } from '../db/topups.ts';
import { limits } from '../core/limits.ts';
import type { Blobs } from '../platform/blobs.ts';
import type { Payment, PaymentProvider, PaymentStatus } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';
import { createLedgerJobs, type LedgerJobsDeps } from './ledger-jobs.ts';
import { reportAccount } from './report-account.ts';

export interface HousekeepingDeps extends LedgerJobsDeps {
  readonly topups: Topups;
  readonly inbox: Inbox;
  readonly cases: Cases;
  readonly images: Images;
  readonly live: Pick<Live, 'forgetOld'>;
  readonly starQuotes: Pick<StarQuotes, 'forgetOld'>;
  readonly botUpdates: Pick<BotUpdates, 'forgetDone'>;
  readonly blobs: Blobs;
  readonly paymentProviders: readonly PaymentProvider[];
}

const imageBatch = 100;
const rowBatch = 1_000;
/** A blob that somebody stored again within this time is still wanted. */
const blobUnusedForMs = 60 * 60 * 1000;
/** The provider's clock may be behind ours. */
const clockSkewMs = 60_000;
const sweptStatuses: readonly PaymentStatus[] = ['succeeded', 'canceled'];

/** What runs on a schedule: the ledger's jobs, the sweep of payment providers, and the end of old uploads. */
export function createHousekeepingActivities(deps: HousekeepingDeps) {
  return {
    ...createLedgerJobs(deps),

    /**
     * Lists what each payment provider has finished since our oldest open top-up, and stores what is news to us as
     * facts in the inbox, each once: 10,000 pending payments cost a list, not 10,000 reads. A provider that does not
     * answer keeps nobody from the next.
     */
    async sweepPayments(): Promise<{ found: number }> {
      let found = 0;
      const failures: unknown[] = [];
      for (const provider of deps.paymentProviders) {
        try {
          found += await sweepProvider(deps, provider);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
      return { found };
    },

    /** Forgets uploads whose time is over, and their bytes where nothing else needs them. */
    async removeExpiredImages(): Promise<{ removed: number }> {
      let removed = 0;
      for (;;) {
        const keys = await deps.images.takeExpired(imageBatch);
        for (const key of keys) await deps.blobs.remove(key, blobUnusedForMs);
        removed += keys.length;
        Context.current().heartbeat(removed);
        if (keys.length === 0) return { removed };
      }
    },

    /** Forgets facts for screens and unused quotes after a day, and updates of Telegram that were handled after two. */
    async forgetOldRows(): Promise<{ forgotten: number }> {
      const facts = await untilNoneIsLeft(() => deps.live.forgetOld(rowBatch));
      const quotes = await untilNoneIsLeft(() => deps.starQuotes.forgetOld(rowBatch));
      const updates = await untilNoneIsLeft(() => deps.botUpdates.forgetDone(limits.botUpdateKeptMs, rowBatch));
      return { forgotten: facts + quotes + updates };
    },
  };
}

/** Runs batches until one finds nothing; resolves with how many rows they were. */
async function untilNoneIsLeft(batch: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await batch();
    total += count;
    Context.current().heartbeat(total);
    if (count === 0) return total;
  }
}

async function sweepProvider(deps: HousekeepingDeps, provider: PaymentProvider): Promise<number> {
  const oldestAt = await deps.topups.oldestOpenAt(provider.name);
  if (oldestAt === null) return 0;
  const createdFrom = new Date(Date.parse(oldestAt) - clockSkewMs).toISOString();
  let found = 0;
  for (const status of provider.listsUnfiltered ? [undefined] : sweptStatuses) {
    for (let cursor: string | undefined; ;) {
      const page = await provider.list({
        createdFrom,
        ...(status === undefined ? {} : { status }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (page.outcome === 'refused') {
        const { workflowId } = Context.current().info.workflowExecution ?? { workflowId: 'housekeeping' };
        await reportAccount(deps.cases, { provider: provider.name, code: page.code, workflowId });
        throw ApplicationFailure.nonRetryable(page.message, 'list_refused');
      }
      if (page.outcome !== 'done') throw askAgainLater(page);
      found += await storeNews(deps, provider, page.value.payments);
      Context.current().heartbeat(found);
      cursor = page.value.nextCursor;
      if (cursor === undefined) break;
    }
  }
  return found;
}

async function storeNews(
  deps: HousekeepingDeps,
  provider: PaymentProvider,
  payments: readonly Payment[],
): Promise<number> {
  const finished = payments.filter(({ status }) => status !== 'pending');
  const news = await deps.topups.onlyOpen(provider.name, finished);
  for (const { paymentId, status } of news) {
    await deps.inbox.storeOnce({
      source: provider.name,
      dedupeKey: `sweep/payment.${status}:${paymentId}`,
      streamKey: `${provider.name}/${paymentId}`,
      fact: { kind: 'payment', provider: provider.name, paymentId },
      body: JSON.stringify({ foundBy: 'sweep', status }),
    });
  }
  return news.length;
}
