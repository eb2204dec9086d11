import type { LimitName } from '../db/rate-limits.ts';
import type { BotContext } from './context.ts';
import type { BotDeps } from './deps.ts';

/**
 * Whether a person may place an order now: top-ups and Stars count as payments and generations as operations, in one
 * count with what the API takes from them. Where not, the press is answered with when to go on, nothing is ordered or
 * taken, and the proposal stays, so that the same button works later. A press that is tried again has been counted.
 * Without a count nothing is ordered, as at the API.
 */
export async function mayPlace(
  { rates, metrics }: Pick<BotDeps, 'rates' | 'metrics'>,
  ctx: BotContext,
  limit: Extract<LimitName, 'operation' | 'payment'>,
): Promise<boolean> {
  if (ctx.isRepeat) return true;
  const verdict = await rates.admitPerson(ctx.person.id, limit);
  if (verdict.outcome === 'admitted') return true;
  if (verdict.outcome === 'unavailable') {
    ctx.toast(ctx.words.plain('unavailable'));
    return false;
  }
  metrics.limited.inc({ kind: limit });
  ctx.toast(ctx.words.plain('too-many-orders', { seconds: verdict.retryAfterSeconds }));
  return false;
}
