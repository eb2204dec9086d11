import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from '@koa/router';
import { send } from '@koa/send';
import type { Context } from 'koa';

/** All that the page needs: itself, pictures it makes, and frames with Mini Apps, which are anywhere. */
const policy = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  'frame-src http: https:',
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox</title>
<p>The sandbox page is not built. <code>npm start</code> builds it.</p></html>`;

/** The sandbox page at `/`, its files and the Mini Apps' script under `/sandbox/`. */
export function sandboxPageRoutes(folder: string | undefined): Router {
  const router = new Router();
  router.get('/', async (ctx) => {
    const html = folder === undefined ? undefined : await readFile(join(folder, 'index.html'), 'utf8').catch(() => '');
    setHeaders(ctx);
    ctx.set('content-security-policy', policy);
    ctx.set('cache-control', 'no-cache');
    ctx.status = html ? 200 : 503;
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = html || notBuilt;
  });
  router.get('/sandbox/{*path}', async (ctx) => {
    if (folder === undefined) return;
    const path = ctx.path.slice('/sandbox/'.length);
    setHeaders(ctx);
    // The script is loaded by Mini Apps, which are of another origin.
    ctx.set('cross-origin-resource-policy', 'cross-origin');
    ctx.set('cache-control', path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    await send(ctx, path, { root: folder }).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  });
  return router;
}

function setHeaders(ctx: Context): void {
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404;
}
