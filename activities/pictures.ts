import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { limits } from '../core/limits.ts';
import type { GenerationAttempt } from '../db/generation-attempts.ts';
import type { StoredPicture } from '../db/generation-moves.ts';
import type { Generation } from '../db/generations.ts';
import type { GenerationProvider, GenerationTask } from '../providers/ports.ts';
import type { CollectAnswer, GenerationDeps } from './generation.ts';
import { withHeartbeat } from './heartbeat.ts';
import { refusal } from './refused.ts';

/**
 * How long to wait before the next look: kie's own advice, 2-3 s at first, then 5-10 s, then 15-30 s.
 */
const ladder = [
  { untilMs: 30_000, everyMs: 2_500 },
  { untilMs: 120_000, everyMs: 7_000 },
  { untilMs: Number.POSITIVE_INFINITY, everyMs: 20_000 },
] as const;

/** While we sleep, a heartbeat goes out at least this often, so that a cancellation is heard. */
const heartbeatEveryMs = 2_000;

/** Waiting for pictures and taking them into our own store before anything is charged. */
export function createPictureActivities(deps: GenerationDeps) {
  return {
    /**
     * Waits for the pictures of an order by the ladder, heartbeating, until they are stored, the provider says that
     * there are none, or the deadline (15 min from sending) has passed: `refused` with `no_answer`. An order whose
     * outcome is unknown waits too: its callback may bring the task's id.
     */
    async awaitPictures({
      generationId,
    }: {
      generationId: string;
    }): Promise<Exclude<CollectAnswer, { outcome: 'pending' }>> {
      const context = Context.current();
      for (;;) {
        const looked = await withHeartbeat(() => look(deps, generationId));
        if (looked.answer.outcome !== 'pending') return looked.answer;
        if (looked.waitedMs >= limits.generationDeadlineMs)
          return { outcome: 'refused', failure: 'no_answer', detail: null };
        const everyMs = ladder.find(({ untilMs }) => looked.waitedMs < untilMs)?.everyMs ?? heartbeatEveryMs;
        for (let sleptMs = 0; sleptMs < everyMs; sleptMs += heartbeatEveryMs) {
          context.heartbeat();
          await context.sleep(Math.min(heartbeatEveryMs, everyMs - sleptMs));
        }
      }
    },

    /** One look, after a callback: `pending` when the provider knows of no end yet. */
    async collectPictures({ generationId }: { generationId: string }): Promise<CollectAnswer> {
      return (await withHeartbeat(() => look(deps, generationId))).answer;
    },

    /** Keeps pictures that came after their order had failed: shown, and not charged. */
    async keepLatePictures(input: {
      generationId: string;
      pictures: readonly StoredPicture[];
    }): Promise<{ outcome: string }> {
      await deps.failpoint('generation.before-late');
      const outcome = await deps.generationMoves.keepLate(input.generationId, input.pictures);
      await deps.failpoint('generation.after-late');
      return { outcome };
    },
  };
}

const neverLeft: CollectAnswer = { outcome: 'refused', failure: 'provider_unavailable', detail: null };

/** Reads the provider once and stores what it delivers. */
async function look(deps: GenerationDeps, generationId: string): Promise<{ answer: CollectAnswer; waitedMs: number }> {
  const generation = await deps.generations.get(generationId);
  const attempt = await deps.attempts.latest(generationId);
  if (!generation) throw ApplicationFailure.nonRetryable(`no generation ${generationId}`, 'order_missing');
  const waitedMs = attempt?.sentForMs ?? attempt?.orderAgeMs ?? 0;
  // Whoever waits has submitted, or given it up: what has not left by now will not leave.
  if (!attempt || attempt.state === 'prepared') return { answer: neverLeft, waitedMs };
  if (attempt.state === 'refused') {
    return { answer: refusal(attempt.refusedCode ?? 'unknown', attempt.refusedMessage), waitedMs };
  }
  if (attempt.taskId === null) return { answer: { outcome: 'pending' }, waitedMs };

  const provider = deps.generationProvider(generation.provider);
  const read = await provider.read(attempt.taskId);
  // `not_found` is a lag of the provider's, or a task that it has lost: both wait for the deadline.
  if (read.outcome !== 'done') return { answer: { outcome: 'pending' }, waitedMs };
  const answer = await answerOf({ deps, provider, generation, attempt }, read.value);
  return { answer, waitedMs };
}

interface Looking {
  readonly deps: GenerationDeps;
  readonly provider: GenerationProvider;
  readonly generation: Generation;
  readonly attempt: GenerationAttempt;
}

async function answerOf(looking: Looking, task: GenerationTask): Promise<CollectAnswer> {
  const { deps, attempt, generation } = looking;
  // A task that was made for another address is not ours, whoever named its id.
  if (task.callbackUrl !== undefined && !task.callbackUrl.endsWith(`/${attempt.token}`)) return { outcome: 'pending' };
  if (task.state === 'running') {
    if (task.progress !== undefined) await deps.generations.setProgress(generation.id, task.progress);
    return { outcome: 'pending' };
  }
  if (task.state === 'failed') {
    const failure = task.code === '400' || task.code === '422' ? 'prompt_refused' : 'generation_failed';
    return { outcome: 'refused', failure, detail: `${task.code}: ${task.message}` };
  }
  if (task.providerCredits !== undefined) await deps.attempts.recordCost(attempt.id, task.providerCredits);
  return storeAll(looking, task.taskId, task.resultUrls);
}

/** Copies the pictures into our store. Nothing was delivered if none can be had; a part counts as a part. */
async function storeAll(looking: Looking, taskId: string, urls: readonly string[]): Promise<CollectAnswer> {
  const { deps, provider, generation } = looking;
  const stored: StoredPicture[] = [];
  for (const [position, url] of urls.slice(0, generation.pictures).entries()) {
    const picture = await provider.download(url);
    if (picture.outcome === 'refused') continue;
    if (picture.outcome !== 'done') return { outcome: 'pending' };
    const { bytes, mime } = picture.value;
    stored.push({ position, blobKey: await deps.storePicture(bytes), mime, bytes: bytes.byteLength });
  }
  await deps.failpoint('generation.after-store');
  if (stored.length === 0) return { outcome: 'refused', failure: 'result_unavailable', detail: null };
  return { outcome: 'stored', stored, taskId };
}
