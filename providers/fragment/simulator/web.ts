import type { Context, Middleware } from 'koa';
import type { Traffic } from './model.ts';
import type { Settings } from './options.ts';

/** The cookies of a request by name. */
export function cookiesOf(ctx: Context): Record<string, string> {
  return Object.fromEntries(
    ctx
      .get('cookie')
      .split(';')
      .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()]),
  );
}

const yearMs = 365 * 24 * 60 * 60 * 1000;

/** Gives a cookie as the site does, with a date that has a comma in it. */
export function setCookie(ctx: Context, name: string, value: string): void {
  const expires = new Date(Date.now() + yearMs).toUTCString();
  ctx.append('set-cookie', `${name}=${value}; expires=${expires}; path=/; samesite=None; secure; HttpOnly`);
}

const windowMs = 1_000;
const guardPage =
  '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body>Cloudflare</body></html>';

/** What stands before the site: its guard, its limit of calls, and a count of them. */
export function doorway(settings: Settings, traffic: Traffic): Middleware {
  let calls: number[] = [];
  return async (ctx, next) => {
    const { guarded, callsPerSecondMax } = settings.now();
    const now = performance.now();
    calls = [...calls.filter((at) => now - at < windowMs), now];
    traffic.calls += 1;
    traffic.callsInSecondMax = Math.max(traffic.callsInSecondMax, calls.length);
    if (guarded) {
      ctx.status = 403;
      ctx.type = 'text/html; charset=UTF-8';
      ctx.body = guardPage;
      return;
    }
    if (callsPerSecondMax > 0 && calls.length > callsPerSecondMax) {
      ctx.status = 429;
      ctx.body = 'Too Many Requests';
      return;
    }
    await next();
  };
}
