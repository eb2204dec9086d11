import { sleep } from '@temporalio/workflow';
import type { CollectAnswer } from '../../activities/generation.ts';
import { ledgerMoves, waitCalls } from './proxies.ts';

const firstPauseMs = 2_000;
const looksMax = 9;

/** Keeps pictures that came when their order was over: they are shown, and nothing is charged. Answers what became. */
export async function keepLatePictures(generationId: string): Promise<{ outcome: string }> {
  const pictures = await collect(generationId);
  if (pictures.outcome !== 'stored') return { outcome: pictures.outcome };
  return ledgerMoves().keepLatePictures({ generationId, pictures: pictures.stored });
}

/** The provider's record may lag behind its callback, and a download may fail: a few looks, ever more seldom. */
async function collect(generationId: string): Promise<CollectAnswer> {
  for (let looks = 1; ; looks += 1) {
    const pictures = await waitCalls().collectPictures({ generationId });
    if (pictures.outcome !== 'pending' || looks === looksMax) return pictures;
    await sleep(firstPauseMs * 2 ** (looks - 1));
  }
}
