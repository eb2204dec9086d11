import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityDeps } from '../activities/index.ts';
import { createBotUpdates } from '../db/bot-updates.ts';
import { createCases } from '../db/cases.ts';
import { createDueHolds } from '../db/due-holds.ts';
import { createFragmentSessions } from '../db/fragment-sessions.ts';
import { createGenerationAttempts } from '../db/generation-attempts.ts';
import { createGenerationMoves } from '../db/generation-moves.ts';
import { createGenerations } from '../db/generations.ts';
import { createImages, type Images } from '../db/images.ts';
import { createInbox } from '../db/inbox.ts';
import { createPaymentRequests } from '../db/payment-requests.ts';
import { createLive } from '../db/live.ts';
import type { DatabasePool } from '../db/pool.ts';
import { createProfiles } from '../db/profiles.ts';
import { createRefunds } from '../db/refunds.ts';
import { createStarDeliveries } from '../db/star-deliveries.ts';
import { createStarPurchaseMoves } from '../db/star-purchase-moves.ts';
import { createStarPurchases } from '../db/star-purchases.ts';
import { createStarQuotes } from '../db/star-quotes.ts';
import { createTopupMoves } from '../db/topup-moves.ts';
import { createTopups } from '../db/topups.ts';
import { createWalletMessages } from '../db/wallet-messages.ts';
import { createLedgerUpkeep } from '../ledger/upkeep.ts';
import { createBlobs } from '../platform/blob-store.ts';
import type { Blobs } from '../platform/blobs.ts';
import type { Cache } from '../platform/cache/cache.ts';
import type { Config } from '../platform/config.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { MoneyMetrics } from '../platform/telemetry/money-metrics.ts';
import type { ChainWallet } from '../providers/ports.ts';
import type { Providers } from '../providers/registry.ts';

export interface WiringOptions {
  readonly config: Config;
  readonly pool: DatabasePool;
  readonly cache: Cache;
  readonly providers: Providers;
  readonly failpoint: Failpoint;
  readonly metrics: MoneyMetrics | undefined;
}

/** Everything that activities are made of. */
export function wireActivities({ config, pool, cache, providers, failpoint, metrics }: WiringOptions): ActivityDeps {
  const blobs = createBlobs(config.blobs);
  const images = createImages(pool);
  const { api } = config;
  const timed = <T extends object>(moves: T): T => metrics?.timed(moves) ?? moves;
  return {
    topups: createTopups(pool),
    profiles: createProfiles({ db: pool, cache }),
    topupMoves: timed(createTopupMoves(pool)),
    paymentRequests: createPaymentRequests(pool),
    refunds: timed(createRefunds(pool)),
    generations: createGenerations(pool),
    generationMoves: timed(createGenerationMoves(pool)),
    attempts: createGenerationAttempts(pool),
    starQuotes: createStarQuotes(pool),
    starPurchases: createStarPurchases(pool),
    starPurchaseMoves: timed(createStarPurchaseMoves(pool)),
    starDeliveries: createStarDeliveries(pool),
    starDeliveryDeadlineMs: config.fragment.deliveryDeadlineMs,
    walletMessages: timed(createWalletMessages(pool)),
    fragmentSessions: createFragmentSessions(pool),
    inbox: createInbox(pool),
    cases: createCases(pool),
    upkeep: createLedgerUpkeep(pool),
    dueHolds: createDueHolds(pool),
    images,
    live: createLive(pool),
    botUpdates: createBotUpdates(pool),
    blobs,
    failpoint,
    fees: config.fees,
    paymentProviders: providers.payments,
    paymentProvider: (name) => byName(providers.payments, name),
    generationProvider: (name) => byName(providers.generators, name),
    starsProvider: (name) => byName(providers.stars, name),
    chainWallet: (address) => walletOf(providers, address),
    payingWallet: () => providers.ton.chainWallet(),
    storePicture: (bytes) => blobs.put(bytes),
    readImage: (imageId) => readImage(images, blobs, imageId),
    returnUrl: (topupId) => `${api.publicUrl}/app/?topup=${topupId}`,
    callbackUrl: (provider, token) => `${api.webhookUrl}/webhooks/${provider}/${token}`,
  };
}

/** An order of a provider that we no longer have fails at once, and visibly. */
function byName<P extends { readonly name: string }>(providers: readonly P[], name: string): P {
  const found = providers.find((provider) => provider.name === name);
  if (!found) throw ApplicationFailure.nonRetryable(`no provider ${name} is configured`, 'provider_missing');
  return found;
}

/** Our wallet, when it is the one of an address: another's messages can only be settled by who has its phrase. */
async function walletOf({ ton }: Providers, address: string): Promise<ChainWallet> {
  const wallet = await ton.chainWallet();
  if (wallet.address === address) return wallet;
  throw ApplicationFailure.retryable(`wallet ${address} is not the one that is set up here`, 'wallet_missing');
}

async function readImage(images: Images, blobs: Blobs, imageId: string) {
  const [image] = await images.list([imageId]);
  const bytes = image && (await blobs.read(image.blobKey));
  return image && bytes ? { bytes, mime: image.mime, fileName: `${image.id}.${image.mime.split('/')[1]}` } : null;
}

export const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
