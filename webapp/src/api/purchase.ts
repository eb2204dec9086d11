import { lastingStore } from '../storage.ts';
import { type ApiResult, isUnsure } from './result.ts';

type OrderKind = 'topup' | 'generation' | 'star-purchase';

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
  kind: OrderKind,
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

/** The id of an order that was sent and not answered: it may stand. One of this very wish is repeated instead. */
export function unansweredOrder(kind: OrderKind, wish?: object): string | undefined {
  const earlier = lastingStore.get<Unanswered>(`unanswered.${kind}`);
  if (earlier === undefined || Date.now() - earlier.at >= sameWishMs) return undefined;
  return earlier.body === JSON.stringify(wish) ? undefined : earlier.key;
}

/** What became of it is known: the next wish is a new one. */
export function forgetUnanswered(kind: OrderKind): void {
  lastingStore.remove(`unanswered.${kind}`);
}
