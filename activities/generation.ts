import { randomBytes, randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { Cause } from '../core/flows/flow.ts';
import {
  type CancelAnswer,
  type GenerationFailure,
  type GenerationStatus,
  generationWorkflowId,
  isGenerationFinal,
} from '../core/flows/generation.ts';
import { limits } from '../core/limits.ts';
import type { Cases } from '../db/cases.ts';
import type { AttemptAnswer, GenerationAttempt, GenerationAttempts } from '../db/generation-attempts.ts';
import type { GenerationMoves, StoredPicture } from '../db/generation-moves.ts';
import type { Generation, Generations } from '../db/generations.ts';
import type { Outcome } from '../core/result.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { GenerationProvider, GenerationRequest } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';
import { withHeartbeat } from './heartbeat.ts';
import { refusal, type Refused } from './refused.ts';
import { reportAccount } from './report-account.ts';

/** One of our stored input images, ready to be uploaded. */
export interface InputImage {
  readonly bytes: Uint8Array;
  readonly mime: string;
  readonly fileName: string;
}

export interface GenerationDeps {
  readonly generations: Generations;
  readonly generationMoves: GenerationMoves;
  readonly attempts: GenerationAttempts;
  readonly cases: Cases;
  readonly generationProvider: (name: string) => GenerationProvider;
  /** Puts a picture into the blob store and answers its key; the same bytes have the same key. */
  readonly storePicture: (bytes: Uint8Array) => Promise<string>;
  /** An uploaded image; null when it has been removed. */
  readonly readImage: (imageId: string) => Promise<InputImage | null>;
  /** Where a provider calls back for an attempt. */
  readonly callbackUrl: (provider: string, token: string) => string;
  readonly failpoint: Failpoint;
}

export type SubmitAnswer = { readonly outcome: 'accepted' | 'unknown' | 'canceled' } | Refused;
export type CollectAnswer =
  | { readonly outcome: 'stored'; readonly stored: readonly StoredPicture[]; readonly taskId: string }
  | { readonly outcome: 'pending' }
  | Refused;

/** Reserving and submitting; collecting stands in `pictures.ts`. */
export function createGenerationActivities(deps: GenerationDeps) {
  const { generations, attempts, failpoint } = deps;

  return {
    /**
     * Asks the provider for the pictures of an order, at most once: a request that may have left is never sent again
     * (the provider knows no idempotency), so an activity that finds `sending` answers `unknown`. What certainly did
     * not leave is tried again, three times at most, and as often as the provider itself asks for patience (S21).
     */
    async submitGeneration({ generationId }: { generationId: string }): Promise<SubmitAnswer> {
      const generation = await mustGet(generations, generationId);
      if (isGenerationFinal(generation.status)) return { outcome: 'canceled' };
      const attempt = await attempts.open(generationId, {
        id: randomUUID(),
        token: randomBytes(24).toString('base64url'),
      });
      if (attempt.state !== 'prepared') return answerOf(attempt);

      const provider = deps.generationProvider(generation.provider);
      const images = await withHeartbeat(() => uploadImages(deps, provider, generation));
      if (!Array.isArray(images)) return images;
      const prompt = await generations.prompt(generationId);
      await failpoint('generation.before-sending');
      const was = await attempts.beginSending(attempt.id);
      if (was === 'closed') return { outcome: 'canceled' };
      if (was !== 'prepared') return { outcome: 'unknown' };

      await failpoint('generation.before-submit');
      const callbackUrl = deps.callbackUrl(generation.provider, attempt.token);
      const request = requestOf(generation, { prompt, imageUrls: images, callbackUrl });
      const submitted = await withHeartbeat(() => provider.submit(request));
      await failpoint('generation.after-submit');
      await attempts.record(attempt.id, recordOf(submitted));
      await failpoint('generation.after-record');
      if (submitted.outcome === 'refused') {
        const { code } = submitted;
        const workflowId = generationWorkflowId(generationId);
        await reportAccount(deps.cases, { provider: generation.provider, code, workflowId });
      }
      return afterSubmit(submitted, attempt);
    },

    /** Holds the price. A refusal is a value; `canceled` when the order was given up before. */
    async reserveGeneration(input: { generationId: string; holdKey: string; holdTtlMs: number; cause: Cause }) {
      await failpoint('generation.before-reserve');
      const answer = await deps.generationMoves.reserve({ ...input, key: input.holdKey, ttlMs: input.holdTtlMs });
      await failpoint('generation.after-reserve');
      if (answer.outcome === 'held') return { status: 'reserved' as const };
      if (answer.outcome === 'insufficient_funds') {
        const { requiredMinor, availableMinor } = answer;
        return { status: 'refused' as const, requiredMinor, availableMinor };
      }
      if (answer.outcome === 'order_closed') return { status: 'canceled' as const };
      throw ApplicationFailure.nonRetryable(`reserve answered ${answer.outcome}`, answer.outcome);
    },

    /** Captures the hold for what was delivered and shows the pictures; answers what the ledger says. */
    async captureGeneration(input: {
      generationId: string;
      key: string;
      holdKey: string;
      amountMinor: string;
      pictures: readonly StoredPicture[];
      cause: Cause;
    }): Promise<{ outcome: string; status: GenerationStatus }> {
      await failpoint('generation.before-capture');
      const answer = await deps.generationMoves.capture({ ...input, amountMinor: BigInt(input.amountMinor) });
      await failpoint('generation.after-capture');
      return { outcome: answer.outcome, status: answer.status };
    },

    /** Gives the hold back and says why. Safe when nothing was held. */
    async failGeneration(input: {
      generationId: string;
      key: string;
      holdKey: string;
      failure: GenerationFailure;
      detail: string | null;
      cause: Cause;
    }): Promise<{ outcome: string; status: GenerationStatus }> {
      await failpoint('generation.before-release');
      const answer = await deps.generationMoves.fail(input);
      await failpoint('generation.after-release');
      return { outcome: answer.outcome, status: answer.status };
    },

    /** Cancels while the request waits in our own queue; the row's lock decides against the request's leaving. */
    async cancelGeneration(input: {
      generationId: string;
      key: string;
      holdKey: string;
      cause: Cause;
    }): Promise<CancelAnswer> {
      await failpoint('generation.before-cancel');
      const { outcome } = await deps.generationMoves.cancel(input);
      await failpoint('generation.after-cancel');
      return { outcome };
    },

    /** Parks an order with a case for a person; the hold stays. */
    async parkGeneration(input: { generationId: string; workflowId: string; evidence: object }): Promise<void> {
      await deps.generationMoves.park(input.generationId, input.workflowId, input.evidence);
      await failpoint('generation.after-park');
    },

    /** Whose order an attempt belongs to; null when there is no such attempt. */
    async findGenerationOfAttempt({ attemptId }: { attemptId: string }) {
      const attempt = await attempts.get(attemptId);
      const generation = attempt && (await generations.get(attempt.generationId));
      return generation ? { generationId: generation.id } : null;
    },
  };
}

/** What an attempt that is no longer `prepared` means to a repeated submit. */
function answerOf(attempt: GenerationAttempt): SubmitAnswer {
  if (attempt.state === 'accepted') return { outcome: 'accepted' };
  if (attempt.state === 'refused') return refusal(attempt.refusedCode ?? 'unknown', attempt.refusedMessage);
  return { outcome: 'unknown' };
}

function requestOf(
  generation: Generation,
  rest: Pick<GenerationRequest, 'prompt' | 'imageUrls' | 'callbackUrl'>,
): GenerationRequest {
  const { imageField } = generation;
  return {
    model: generation.providerModel,
    ...rest,
    ...(imageField === null ? {} : { imageField }),
    options: generation.providerOptions,
  };
}

function recordOf(submitted: Outcome<{ taskId: string }>): AttemptAnswer {
  switch (submitted.outcome) {
    case 'done':
      return { state: 'accepted', taskId: submitted.value.taskId };
    case 'refused':
      return { state: 'refused', code: submitted.code, message: submitted.message };
    case 'not_sent':
      return { state: 'prepared', wait: submitted.retryAfterMs !== undefined };
    case 'unknown':
      return { state: 'unknown' };
  }
}

function afterSubmit(submitted: Outcome<{ taskId: string }>, attempt: GenerationAttempt): SubmitAnswer {
  if (submitted.outcome === 'done') return { outcome: 'accepted' };
  if (submitted.outcome === 'unknown') return { outcome: 'unknown' };
  if (submitted.outcome === 'refused') return refusal(submitted.code, submitted.message);
  const isPatient = submitted.retryAfterMs !== undefined && attempt.orderAgeMs < limits.generationDeadlineMs;
  if (isPatient || attempt.notSentCount + 1 < limits.submitAttemptsMax) throw askAgainLater(submitted);
  return { outcome: 'refused', failure: 'provider_unavailable', detail: submitted.reason };
}

/** Puts the order's input images where the provider can fetch them; uploads are free and may be repeated. */
async function uploadImages(
  deps: GenerationDeps,
  provider: GenerationProvider,
  generation: Generation,
): Promise<string[] | Refused> {
  const urls: string[] = [];
  for (const imageId of generation.imageIds) {
    const image = await deps.readImage(imageId);
    if (!image) return { outcome: 'refused', failure: 'input_image_gone', detail: null };
    const uploaded = await provider.uploadImage(image);
    if (uploaded.outcome === 'refused') return refusal(uploaded.code, uploaded.message);
    if (uploaded.outcome !== 'done') throw askAgainLater(uploaded);
    urls.push(uploaded.value.url);
  }
  return urls;
}

async function mustGet(generations: Generations, generationId: string): Promise<Generation> {
  const generation = await generations.get(generationId);
  if (!generation) throw ApplicationFailure.nonRetryable(`no generation ${generationId}`, 'order_missing');
  return generation;
}
