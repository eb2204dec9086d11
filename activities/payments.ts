import { ApplicationFailure } from '@temporalio/common';
import { money } from '../core/money.ts';
import { commissionOf, taxOf } from '../core/pricing/fees.ts';
import { grantsOf } from '../core/pricing/grants.ts';
import { topupLegs } from '../core/pricing/topup-legs.ts';
import { createFormats } from '../core/formats.ts';
import type { Cause } from '../core/flows/flow.ts';
import { isUuid } from '../core/ids.ts';
import { isLanguage } from '../core/languages.ts';
import { settleWorkflowId } from '../core/flows/settle.ts';
import { paymentKey, type TopupFailure, type TopupStatus, topupWorkflowId } from '../core/flows/topup.ts';
import { limits } from '../core/limits.ts';
import type { Cases } from '../db/cases.ts';
import type { PaymentRequest, PaymentRequests } from '../db/payment-requests.ts';
import type { Profiles } from '../db/profiles.ts';
import type { TopupMoves } from '../db/topup-moves.ts';
import type { Topup, Topups } from '../db/topups.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { Payment, PaymentProvider } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';
import { withHeartbeat } from './heartbeat.ts';
import { judgePayment, judgeRefusal, type PaymentVerdict } from './judge-payment.ts';
import { isAccountRefusal, reportAccount } from './report-account.ts';

export type { PaymentVerdict } from './judge-payment.ts';

export interface PaymentDeps {
  readonly topups: Topups;
  readonly profiles: Pick<Profiles, 'read'>;
  readonly topupMoves: TopupMoves;
  readonly paymentRequests: PaymentRequests;
  readonly cases: Cases;
  /** The provider of a name; throws for one that is not configured. */
  readonly paymentProvider: (name: string) => PaymentProvider;
  readonly fees: { readonly commissionBps: bigint; readonly taxBps: bigint };
  /** Where the payer returns to, from our top-up's id. */
  readonly returnUrl: (topupId: string) => string;
  readonly failpoint: Failpoint;
}

export type CreateAnswer =
  | {
      readonly outcome: 'created';
      readonly paymentId: string;
      readonly payUrl: string | null;
      readonly expiresAt: string | null;
    }
  | { readonly outcome: 'refused'; readonly code: string };

export interface CreditTopupInput {
  readonly topupId: string;
  readonly paymentId: string;
  /** The ledger's key, `credit/<provider>/<payment id>`. */
  readonly key: string;
  /** What the shop receives after the provider's fee, minor units; null where the provider does not say. */
  readonly incomeMinor: string | null;
  /** What came, minor units of the price's asset, where it is more or less than the price. */
  readonly receivedMinor?: string;
  readonly eventAt: string;
  readonly cause: Cause;
}

type TopupOfPayment =
  { readonly topupId: string; readonly userId: string } | { readonly topupId: null; readonly reason: string };

/** What a top-up does at its provider and in the ledger. */
export function createPaymentActivities(deps: PaymentDeps) {
  const { topups, topupMoves, failpoint } = deps;

  return {
    /**
     * Creates the payment of a top-up, once, however often it is asked: the same stored bytes under the same key for as
     * long as the provider keeps it, then a look-up by our reference, and only then a new key (W17, W18). Throws
     * `provider_unknown` (retryable) while the provider does not answer.
     */
    async createPayment({ topupId }: { topupId: string }): Promise<CreateAnswer> {
      const topup = await mustGet(topups, topupId);
      if (topup.paymentId !== null) {
        return { outcome: 'created', paymentId: topup.paymentId, payUrl: topup.payUrl, expiresAt: topup.payExpiresAt };
      }
      const provider = deps.paymentProvider(topup.provider);
      const request = await withHeartbeat(() => requestToSend(deps, provider, topup));
      if (request === 'given_up') return { outcome: 'refused', code: 'canceled_by_user' };
      if ('paymentId' in request) return adopt(topupMoves, topupId, request);

      await failpoint('topup.before-create');
      const created = await withHeartbeat(() => provider.create(request.key, request.body));
      await failpoint('topup.after-create');
      if (created.outcome === 'refused') {
        await deps.paymentRequests.finish(request.key, 'refused');
        const workflowId = topupWorkflowId(topupId);
        await reportAccount(deps.cases, { provider: topup.provider, code: created.code, workflowId });
        return { outcome: 'refused', code: created.code };
      }
      if (created.outcome !== 'done') throw askAgainLater(created);
      await deps.paymentRequests.finish(request.key, 'done');
      await failpoint('topup.before-adopt');
      const adopted = await adopt(topupMoves, topupId, created.value);
      await failpoint('topup.after-adopt');
      return adopted;
    },

    /** Reads a payment and judges it against its top-up. Throws `provider_unknown` (retryable) without an answer. */
    async readPayment(input: { topupId: string; provider: string; paymentId: string }): Promise<PaymentVerdict> {
      const topup = await mustGet(topups, input.topupId);
      const provider = deps.paymentProvider(input.provider);
      await failpoint('topup.before-read');
      const read = await readAnswered(deps, { ...input, workflowId: topupWorkflowId(topup.id) });
      if (read.outcome === 'refused') return judgeRefusal(read.code, topup);
      const verdict = judgePayment(read.value, topup, provider);
      if (verdict.verdict === 'pending') await noteReceived(topupMoves, topup, read.value);
      return verdict;
    },

    /**
     * Whose top-up a payment belongs to, by our rows or by the reference that the provider keeps with it. One that was
     * paid under a reference of ours that we do not know opens a case: somebody's money is with us.
     */
    async findTopupOfPayment(input: { provider: string; paymentId: string }): Promise<TopupOfPayment> {
      const known = await topups.findByPayment(input.provider, input.paymentId);
      if (known) return { topupId: known.id, userId: known.userId };
      const workflowId = settleWorkflowId(input.provider, input.paymentId);
      const read = await readAnswered(deps, { ...input, workflowId });
      if (read.outcome === 'refused') return { topupId: null, reason: 'unknown_payment' };
      const topup = await findByOurReference(topups, read.value);
      if (topup?.provider !== input.provider) {
        await reportUnclaimed(deps.cases, { provider: input.provider, payment: read.value, workflowId });
        return { topupId: null, reason: 'unknown_topup' };
      }
      return { topupId: topup.id, userId: topup.userId };
    },

    /** The payment that a top-up waits for; null before the provider knows it. */
    async currentPayment({ topupId }: { topupId: string }): Promise<string | null> {
      return (await mustGet(topups, topupId)).paymentId;
    },

    /**
     * Credits a paid payment with its fee and tax, once per payment; answers what the ledger says. More money that
     * comes for a payment that has been credited is `key_conflict` there, and a person is told.
     */
    async creditTopup(input: CreditTopupInput): Promise<{ outcome: string; status: TopupStatus }> {
      const topup = await mustGet(topups, input.topupId);
      const receivedMinor = input.receivedMinor === undefined ? topup.priceMinor : BigInt(input.receivedMinor);
      const gross = money(receivedMinor, topup.priceAsset);
      const income = input.incomeMinor === null ? undefined : money(BigInt(input.incomeMinor), topup.priceAsset);
      const fee = commissionOf(gross, income, deps.fees.commissionBps);
      const legs = topupLegs({ provider: topup.provider, gross, fee: fee.amount, tax: taxOf(gross, deps.fees.taxBps) });
      await failpoint('topup.before-credit');
      const answer = await topupMoves.credit({
        topupId: input.topupId,
        paymentId: input.paymentId,
        key: input.key,
        legs,
        cause: { ...input.cause, ...(fee.estimated ? { feeEstimated: true } : {}) },
        eventAt: input.eventAt,
        ...(receivedMinor === topup.priceMinor ? {} : { grantsMinor: grantsOf(topup, receivedMinor) }),
      });
      await failpoint('topup.after-credit');
      if (answer.outcome === 'key_conflict') await reportChanged(deps.cases, { topup, input });
      return { outcome: answer.outcome, status: answer.status as TopupStatus };
    },

    /** Ends the waiting without money, where that is still a legal move; answers the status that stands. */
    async closeTopup(input: {
      topupId: string;
      to: 'canceled' | 'expired';
      failure: TopupFailure;
    }): Promise<TopupStatus> {
      await failpoint('topup.before-close');
      const status = await topupMoves.close(input.topupId, input.to, input.failure);
      await failpoint('topup.after-close');
      return status;
    },

    /** Opens a case and, where legal, marks the order; answers the status that stands. */
    async flagTopup(input: {
      topupId: string;
      failure: TopupFailure;
      workflowId: string;
      facts: object;
    }): Promise<TopupStatus> {
      const evidence = { workflowId: input.workflowId, facts: input.facts };
      const status = await topupMoves.flag(input.topupId, input.failure, evidence);
      await failpoint('topup.after-flag');
      return status;
    },
  };
}

/**
 * Reads a payment until the provider answers about it. That it refuses our account says nothing about the payment, so
 * a person is told, and the question is asked again until that is mended: a paid payment waits and is not given up.
 */
async function readAnswered(
  deps: PaymentDeps,
  { provider, paymentId, workflowId }: { provider: string; paymentId: string; workflowId: string },
) {
  const read = await withHeartbeat(() => deps.paymentProvider(provider).read(paymentId));
  if (read.outcome === 'done') return read;
  if (read.outcome !== 'refused') throw askAgainLater(read);
  if (!isAccountRefusal(read.code)) return read;
  await reportAccount(deps.cases, { provider, code: read.code, workflowId });
  throw askAgainLater({ outcome: 'unknown', reason: read.code });
}

/** The top-up that a payment names; null for a reference that is none of ours. */
async function findByOurReference(topups: Topups, { topupId }: Payment): Promise<Topup | null> {
  return topupId === undefined || !isUuid(topupId) ? null : topups.get(topupId);
}

/** Of the payment that the person was sent to: what has come of it, so that they are told what is still awaited. */
async function noteReceived(moves: TopupMoves, topup: Topup, payment: Payment): Promise<void> {
  const { receivedSoFar: part, paymentId } = payment;
  if (part === undefined || paymentId !== topup.paymentId || part.asset !== topup.priceAsset) return;
  if (part.minor !== topup.receivedMinor) await moves.noteReceived(topup.id, part.minor);
}

/** A payment that was credited says another sum now: what was given stays, and a person decides about the rest. */
async function reportChanged(cases: Cases, { topup, input }: { topup: Topup; input: CreditTopupInput }): Promise<void> {
  const { paymentId, receivedMinor = topup.priceMinor.toString(), cause } = input;
  await cases.open({
    key: `payment-changed/${topup.provider}/${paymentId}/${receivedMinor}`,
    kind: 'payment_changed',
    workflowId: cause.workflowId,
    userId: topup.userId,
    evidence: { provider: topup.provider, paymentId, topupId: topup.id, receivedMinor, asset: topup.priceAsset },
  });
}

async function reportUnclaimed(
  cases: Cases,
  { provider, payment, workflowId }: { provider: string; payment: Payment; workflowId: string },
): Promise<void> {
  const { paymentId, topupId, status, amount } = payment;
  if (status !== 'succeeded' || topupId === undefined || !isUuid(topupId)) return;
  await cases.open({
    key: `unclaimed-payment/${provider}/${paymentId}`,
    kind: 'unclaimed_payment',
    workflowId,
    evidence: { provider, paymentId, topupId, amountMinor: amount.minor.toString(), asset: amount.asset },
  });
}

/**
 * The stored request that may be sent now, or the payment that an earlier one turned out to have made. Nothing is sent
 * for an order that was given up before the first request.
 */
async function requestToSend(
  deps: PaymentDeps,
  provider: PaymentProvider,
  topup: Topup,
): Promise<PaymentRequest | Payment | 'given_up'> {
  const latest = await deps.paymentRequests.latest(topup.id);
  if (!latest && topup.status === 'canceled') return 'given_up';
  if (!latest) return prepare(deps, provider, { topup, attempt: 1 });
  if (latest.ageMs < Math.min(limits.paymentCreateRetryMs, provider.idempotencyKeyLifetimeMs)) return latest;
  const found = await findByReference(provider, topup.id, latest.firstSentAt);
  return found ?? prepare(deps, provider, { topup, attempt: latest.attempt + 1 });
}

async function prepare(
  deps: PaymentDeps,
  provider: PaymentProvider,
  { topup, attempt }: { topup: Topup; attempt: number },
): Promise<PaymentRequest> {
  const price = money(topup.priceMinor, topup.priceAsset);
  const key = paymentKey(topup.id, attempt);
  const body = provider.createBody({
    key,
    topupId: topup.id,
    price,
    description: await wordsFor(deps, topup),
    returnUrl: deps.returnUrl(topup.id),
  });
  return deps.paymentRequests.prepare({ key, topupId: topup.id, attempt, body });
}

/** What is bought, as the payer reads it in their own language; the order's title where that is unknown. */
async function wordsFor({ profiles }: PaymentDeps, topup: Topup): Promise<string> {
  const language = (await profiles.read(topup.userId))?.language ?? '';
  if (!isLanguage(language)) return topup.title;
  return createFormats(language).money(money(topup.grantsMinor, topup.grantsAsset));
}

/** Pages through what the provider created since the first attempt, for the payment that carries our reference. */
async function findByReference(
  provider: PaymentProvider,
  topupId: string,
  since: string,
): Promise<Payment | undefined> {
  const createdFrom = new Date(Date.parse(since) - 60_000).toISOString();
  for (let cursor: string | undefined; ;) {
    const page = await provider.list({ createdFrom, ...(cursor === undefined ? {} : { cursor }) });
    if (page.outcome === 'refused') throw ApplicationFailure.nonRetryable(page.message, 'list_refused');
    if (page.outcome !== 'done') throw askAgainLater(page);
    const found = page.value.payments.find((payment) => payment.topupId === topupId);
    if (found || page.value.nextCursor === undefined) return found;
    cursor = page.value.nextCursor;
  }
}

async function adopt(moves: TopupMoves, topupId: string, payment: Payment): Promise<CreateAnswer> {
  await moves.awaitPayment(topupId, payment);
  return {
    outcome: 'created',
    paymentId: payment.paymentId,
    payUrl: payment.payUrl ?? null,
    expiresAt: payment.expiresAt ?? null,
  };
}

async function mustGet(topups: Topups, topupId: string): Promise<Topup> {
  const topup = await topups.get(topupId);
  if (!topup) throw ApplicationFailure.nonRetryable(`no top-up ${topupId}`, 'order_missing');
  return topup;
}
