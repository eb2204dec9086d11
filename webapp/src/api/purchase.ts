import { lastingStore } from '../storage.ts';
import { type ApiResult, isUnsure } from './result.ts';

interface Unanswered {
  readonly key: string;
  readonly body: string;
  readonly at: number;
}

/** Afterwards the same wish is a new one: the person has long seen what became of the first. */
const sameWishMs = 15 * 60_000;
const pausesMs = [700, 2_000];

/**
 * Sends an order under a key that was stored before. Until it is answered, a repeat of the same wish, here or after a
 * reload, goes under the same key, so that pressing again never buys twice.
 */
export async function purchase<Body, T>(
  kind: 'topup' | 'generation',
  body: Body,
  place: (key: string, body: Body) => Promise<ApiResult<T>>,
): Promise<ApiResult<T>> {
  const name = `unanswered.${kind}`;
  const text = JSON.stringify(body);
  const earlier = lastingStore.get<Unanswered>(name);
  const isSame = earlier?.body === text && Date.now() - earlier.at < sameWishMs;
  const key = isSame ? earlier.key : crypto.randomUUID();
  lastingStore.set(name, { key, body: text, at: Date.now() });
  let answer = await place(key, body);
  for (const pauseMs of pausesMs) {
    if (answer.ok || !isUnsure(answer.error)) break;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    answer = await place(key, body);
  }
  if (answer.ok || !isUnsure(answer.error)) lastingStore.remove(name);
  return answer;
}
