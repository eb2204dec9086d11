import { randomUUID } from 'node:crypto';
import { Busboy } from '@fastify/busboy';
import { Router } from '@koa/router';
import { fileTypeFromBuffer } from 'file-type';
import type { Context } from 'koa';
import { z } from 'zod';
import { readBody, type SimulatorParts } from '../../simulator-kit.ts';
import { answer, frontDoor, KieError, parseBody } from './api.ts';
import type { Files, StoredFile } from './files.ts';
import type { Settings } from './options.ts';
import type { SimulatedTask, Tasks } from './tasks.ts';
import { readWords } from './words.ts';

export interface UploadsDeps {
  readonly parts: SimulatorParts;
  readonly settings: Settings;
  readonly tasks: Tasks;
  readonly files: Files;
  readonly apiKey: string | undefined;
  readonly draw: (task: SimulatedTask, number: number) => Promise<Buffer>;
  readonly origin: () => string;
}

interface Upload {
  readonly bytes: Buffer;
  readonly uploadPath: string;
  readonly fileName: string | undefined;
}

const uploadBytesMax = 100 * 1024 * 1024;
const renewedTtlMs = 20 * 60_000;
const mediaKeptMs = 14 * 24 * 3_600_000;
const resultPath = /^\/results\/([\w-]+)\/(\d{1,2})\.\w+$/;

/** The second origin: uploads under `/api`, uploaded files under `/tempfile`, results under `/results`. */
export function uploadRoutes(deps: UploadsDeps): Router {
  const { settings } = deps;
  const router = new Router();
  const door = frontDoor(deps, { success: false });
  const accept = (read: (ctx: Context) => Promise<Upload>) => async (ctx: Context) => {
    const stored = await store(deps, await read(ctx));
    const data = describe(stored, deps.origin());
    answer(ctx, { success: true, code: 200, msg: 'File uploaded successfully', data }, settings);
  };
  router.post('/api/file-stream-upload', door, accept(readForm));
  router.post('/api/file-base64-upload', door, accept(readBase64));
  router.post('/api/file-url-upload', door, accept(readUrl));
  router.get('/tempfile/{*path}', (ctx) => serveUpload(deps, ctx));
  router.get('/results/:taskId/:name', (ctx) => serveResult(deps, ctx));
  return router;
}

/** Where a result lies, until when. */
export function resultAddress(
  origin: string,
  { task, number, expiresAtMs }: { task: SimulatedTask; number: number; expiresAtMs: number },
): string {
  const extension = task.plan.format === 'png' ? 'png' : 'jpg';
  return `${origin}/results/${task.taskId}/${number}.${extension}?expires=${expiresAtMs}`;
}

/** A fresh address of a result that is still kept (14 days), good for 20 minutes; undefined for any other address. */
export function renewResult({ tasks, parts, origin }: UploadsDeps, url: string): string | undefined {
  const match = URL.canParse(url) ? resultPath.exec(new URL(url).pathname) : null;
  const task = tasks.find(match?.[1] ?? '');
  const nowMs = parts.clock.nowMs();
  if (match === null || task?.end?.state !== 'success' || nowMs - task.end.atMs > mediaKeptMs) return undefined;
  return resultAddress(origin(), { task, number: Number(match[2]), expiresAtMs: nowMs + renewedTtlMs });
}

/** Whether an address is of an upload of ours that is not there (any more). */
export function uploadGone({ files, parts, settings }: UploadsDeps, url: string): boolean {
  const { pathname } = new URL(url);
  if (!pathname.startsWith('/tempfile/')) return false;
  const file = files.find(decodeURIComponent(pathname.slice('/tempfile/'.length)));
  return file === undefined || parts.clock.nowMs() - file.uploadedAtMs > settings.now().uploadTtlMs;
}

async function serveUpload(deps: UploadsDeps, ctx: Context): Promise<void> {
  if (uploadGone(deps, ctx.href)) return;
  const file = deps.files.find(decodeURIComponent(ctx.path.slice('/tempfile/'.length)));
  const bytes = file === undefined ? undefined : await deps.files.read(file);
  if (file === undefined || bytes === undefined) return;
  ctx.type = file.mimeType;
  ctx.body = bytes;
}

async function serveResult({ tasks, parts, draw }: UploadsDeps, ctx: Context): Promise<void> {
  const match = resultPath.exec(ctx.path);
  const task = tasks.find(match?.[1] ?? '');
  const number = Number(match?.[2] ?? 0);
  const expired = parts.clock.nowMs() > Number(ctx.query['expires'] ?? 0);
  if (task?.end === undefined || number < 1 || number > task.end.pictures) return;
  if (expired || readWords(task.plan.prompt).gone) return;
  ctx.body = await draw(task, number);
  ctx.type = task.plan.format === 'png' ? 'image/png' : 'image/jpeg';
}

async function store({ files, parts }: UploadsDeps, upload: Upload): Promise<StoredFile> {
  const type = await fileTypeFromBuffer(upload.bytes);
  const fileName = (upload.fileName ?? `${randomUUID()}.${type?.ext ?? 'bin'}`).replace(/[^\w.-]/g, '_');
  const folder = upload.uploadPath.replace(/[^\w./-]/g, '_').replace(/\.\.+|^\/+|\/+$/g, '');
  return files.put(
    {
      filePath: `${folder}/${fileName}`,
      fileName,
      mimeType: type?.mime ?? 'application/octet-stream',
      uploadedAtMs: parts.clock.nowMs(),
    },
    upload.bytes,
  );
}

function describe(file: StoredFile, origin: string): Record<string, unknown> {
  return {
    fileName: file.fileName,
    filePath: file.filePath,
    downloadUrl: `${origin}/tempfile/${file.filePath}`,
    fileSize: file.fileSize,
    mimeType: file.mimeType,
    uploadedAt: new Date(file.uploadedAtMs).toISOString(),
  };
}

async function readForm(ctx: Context): Promise<Upload> {
  if (!ctx.is('multipart/form-data')) throw new KieError(400, 'multipart/form-data is expected');
  const fields = new Map<string, string>();
  const chunks: Buffer[] = [];
  let files = 0;
  const form = new Busboy({
    headers: { ...ctx.req.headers, 'content-type': ctx.get('content-type') },
    limits: { files: 1, fileSize: uploadBytesMax },
  });
  form.on('field', (name: string, value: string) => fields.set(name, value));
  form.on('file', (_name, stream) => {
    files += 1;
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  });
  await new Promise<void>((resolve, reject) => {
    form.once('finish', resolve).once('error', reject);
    ctx.req.pipe(form);
  });
  const uploadPath = fields.get('uploadPath');
  if (files === 0 || uploadPath === undefined) throw new KieError(400, 'file and uploadPath are required');
  return { bytes: Buffer.concat(chunks), uploadPath, fileName: fields.get('fileName') };
}

const common = { uploadPath: z.string().min(1), fileName: z.string().min(1).optional() };
const base64Schema = z.object({ base64Data: z.string().min(1), ...common });
const urlSchema = z.object({ fileUrl: z.url({ protocol: /^https?$/ }), ...common });

async function readBase64(ctx: Context): Promise<Upload> {
  const parsed = base64Schema.safeParse(parseBody(await readBody(ctx)));
  if (!parsed.success) throw new KieError(400, 'base64Data and uploadPath are required');
  const bare = parsed.data.base64Data.replace(/^data:[^,]*,/, '');
  return { bytes: Buffer.from(bare, 'base64'), uploadPath: parsed.data.uploadPath, fileName: parsed.data.fileName };
}

async function readUrl(ctx: Context): Promise<Upload> {
  const parsed = urlSchema.safeParse(parseBody(await readBody(ctx)));
  if (!parsed.success) throw new KieError(400, 'fileUrl and uploadPath are required');
  const fetched = await fetch(parsed.data.fileUrl, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  if (fetched?.ok !== true) throw new KieError(400, 'The file could not be fetched');
  const bytes = Buffer.from(await fetched.arrayBuffer());
  return { bytes, uploadPath: parsed.data.uploadPath, fileName: parsed.data.fileName };
}
