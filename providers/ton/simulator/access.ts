import type { Middleware } from 'koa';
import type { Settings } from './options.ts';

/** The one key that is accepted beside none at all; undefined: any key. */
export interface AccessOptions {
  readonly apiKey: string | undefined;
  readonly settings: Settings;
  /** How this version of the API words an error. */
  readonly word: (code: number, text: string) => unknown;
}

const windowMs = 1_000;

/** Key and rate: a wrong key is 401, too many calls are 429, told apart by whether a key came. */
export function accessGuard({ apiKey, settings, word }: AccessOptions): Middleware {
  const calls: Record<'withKey' | 'withoutKey', number[]> = { withKey: [], withoutKey: [] };
  return async (ctx, next) => {
    const given = ctx.get('x-api-key') || String(ctx.query['api_key'] ?? '');
    if (given !== '' && apiKey !== undefined && given !== apiKey) {
      ctx.status = 401;
      ctx.body = word(401, 'API key does not exist');
      return;
    }
    const kind = given === '' ? 'withoutKey' : 'withKey';
    const { callsPerSecondWithKey, callsPerSecondWithoutKey } = settings.now();
    const limit = kind === 'withKey' ? callsPerSecondWithKey : callsPerSecondWithoutKey;
    const now = performance.now();
    calls[kind] = calls[kind].filter((at) => now - at < windowMs);
    if (limit > 0 && calls[kind].length >= limit) {
      ctx.status = 429;
      ctx.body = word(429, 'Ratelimit exceed');
      return;
    }
    calls[kind].push(now);
    await next();
  };
}
