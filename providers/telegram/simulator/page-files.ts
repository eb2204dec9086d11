import { Router } from '@koa/router';
import { BotApiError } from './errors.ts';
import { checkToken } from './api.ts';
import type { Files } from './files.ts';

const filePath = /^\/file\/bot([^/]*)\/(?:test\/)?(.+)$/;

/** `/file/bot<token>/<file_path>`, as on the real host. */
export function downloadRoutes(files: Files, botToken: string): Router {
  const router = new Router();
  router.get(/^\/file\/bot/, async (ctx) => {
    const [, token = '', path = ''] = filePath.exec(decodeURI(ctx.path)) ?? [];
    try {
      checkToken(token, botToken);
    } catch (error) {
      if (!(error instanceof BotApiError)) throw error;
      ctx.status = error.code;
      ctx.body = { ok: false, error_code: error.code, description: error.message };
      return;
    }
    const file = files.findByPath(path);
    const bytes = file && (await files.read(file));
    if (!bytes) {
      ctx.status = 404;
      ctx.body = { ok: false, error_code: 404, description: 'Not Found' };
      return;
    }
    ctx.type = 'application/octet-stream';
    ctx.body = bytes;
  });
  return router;
}

/** `GET /_sim/files/:fileId`: the bytes for the page. */
export function pageFileRoutes(files: Files): Router {
  const router = new Router();
  router.get('/files/:fileId', async (ctx) => {
    const file = files.find(ctx.params['fileId'] ?? '');
    const bytes = file && (await files.read(file));
    if (!file || !bytes) return ctx.throw(404, 'there is no such file');
    // Only what cannot run in the page is shown under its own type.
    const harmless = /^(image\/(jpeg|png|webp|gif)|video\/(mp4|webm)|audio\/(mpeg|ogg))$/.test(file.mime);
    ctx.type = harmless ? file.mime : 'application/octet-stream';
    ctx.set('x-content-type-options', 'nosniff');
    ctx.set('cache-control', 'private, max-age=31536000, immutable');
    ctx.body = bytes;
    return undefined;
  });
  return router;
}
