import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from '@koa/router';
import { send } from '@koa/send';
import type { Context } from 'koa';

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox</title>
<body style="font: 16px/1.5 system-ui; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1>The sandbox page is not built</h1>
<p>This is the simulated Bot API; it works. The page that shows its chats is built by <code>npm start</code>.</p>
`;

/** A Mini App is framed from whatever origin its button names; everything else is the page's own. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  'frame-src http: https:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The sandbox page at `/`, what it consists of under `/sandbox/`. */
export function staticRoutes(folder: string | undefined): Router {
  const router = new Router();
  const page = async (ctx: Context) => {
    ctx.set('content-security-policy', policy);
    ctx.set('x-content-type-options', 'nosniff');
    ctx.set('referrer-policy', 'no-referrer');
    ctx.set('cache-control', 'no-store');
    if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
      ctx.type = 'html';
      ctx.body = notBuilt;
      return;
    }
    await send(ctx, 'index.html', { root: folder });
  };
  router.get('/', page);
  router.get('/sandbox', page);
  router.get('/sandbox/', page);
  router.get('/sandbox/{*path}', async (ctx) => {
    if (folder === undefined) return;
    ctx.set('x-content-type-options', 'nosniff');
    // The script is loaded by the Mini App, whose origin is another one.
    ctx.set('cross-origin-resource-policy', 'cross-origin');
    ctx.set('cache-control', ctx.path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    const path = ctx.path.slice('/sandbox/'.length);
    await send(ctx, path, { root: folder, index: false }).catch((error: unknown) => {
      if ((error as { status?: number }).status !== 404) throw error;
    });
  });
  return router;
}
