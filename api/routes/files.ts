import type { Router } from '@koa/router';
import type { Blobs, ByteRange } from '../../platform/blobs.ts';
import type { SignedNames } from '../../platform/signed-names.ts';
import type { ApiContext, ApiState } from '../context.ts';
import { Problem } from '../problem.ts';

export interface FileDeps {
  readonly blobs: Blobs;
  readonly signedNames: SignedNames;
  readonly now: () => Date;
}

const pictures: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' };
const cacheSeconds = 3_600;

/** The extension of a stored picture's address. What we do not know as a picture is only ever downloaded. */
export function extensionOf(mime: string): string {
  return Object.entries(pictures).find(([, known]) => known === mime)?.[0] ?? 'bin';
}

/** Stored files under signed names that expire. Whoever has the name may fetch it; nobody else can guess one. */
export function addFileRoutes(router: Router<ApiState>, deps: FileDeps): void {
  router.get('/files/:name', async (context) => {
    const ctx = context as unknown as ApiContext & { params: { name: string } };
    ctx.state.route = '/files/:name';
    const verdict = deps.signedNames.read(ctx.params.name, deps.now());
    if (!verdict.ok) throw new Problem('not_found', { detail: detailOf(verdict.reason) });
    const { blobKey, extension } = verdict.file;
    const size = await deps.blobs.size(blobKey);
    if (size === undefined) throw new Problem('not_found');
    setHeaders(ctx, blobKey, extension);
    const range = readRange(ctx, size);
    ctx.status = range === 'whole' ? 200 : 206;
    const part: ByteRange = range === 'whole' ? { start: 0, end: size - 1 } : range;
    if (range !== 'whole') ctx.set('content-range', `bytes ${part.start}-${part.end}/${size}`);
    if (range === 'whole' && ctx.get('if-none-match') === `"${blobKey}"`) {
      ctx.status = 304;
      return;
    }
    await send(ctx, deps.blobs, { blobKey, part });
  });
}

async function send(ctx: ApiContext, blobs: Blobs, { blobKey, part }: { blobKey: string; part: ByteRange }) {
  ctx.set('content-length', String(part.end - part.start + 1));
  if (ctx.method === 'HEAD') {
    ctx.res.writeHead(ctx.status).end();
    ctx.respond = false;
    return;
  }
  const stream = await blobs.stream(blobKey, part);
  if (stream === undefined) throw new Problem('not_found');
  const { type } = ctx.response;
  ctx.body = stream;
  ctx.set('content-type', type);
  ctx.set('content-length', String(part.end - part.start + 1));
}

function setHeaders(ctx: ApiContext, blobKey: string, extension: string): void {
  const mime = pictures[extension];
  ctx.set('content-type', mime ?? 'application/octet-stream');
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set(
    'content-disposition',
    `${mime === undefined ? 'attachment' : 'inline'}; filename="${blobKey.slice(0, 16)}.${extension}"`,
  );
  ctx.set('content-security-policy', "default-src 'none'; sandbox");
  ctx.set('accept-ranges', 'bytes');
  ctx.set('etag', `"${blobKey}"`);
  ctx.set('cache-control', `private, max-age=${cacheSeconds}, immutable`);
}

/** One range, as browsers ask for it; several at once are answered whole, which the standard allows. */
function readRange(ctx: ApiContext, size: number): ByteRange | 'whole' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(ctx.get('range'));
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return 'whole';
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end && start < size) return { start, end };
  ctx.set('content-range', `bytes */${size}`);
  throw new Problem('range_not_satisfiable');
}

function detailOf(reason: 'invalid' | 'expired'): string {
  return reason === 'expired' ? 'The address has expired; read the order again.' : 'There is no such file.';
}
