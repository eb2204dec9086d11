import { Busboy } from '@fastify/busboy';
import type { Context } from 'koa';
import { readBody } from '../../simulator-kit.ts';
import { BotApiError, badRequest } from './errors.ts';
import { type Parameters, type Upload, createParameters } from './parameters.ts';

/** What one request may carry: a document of 50 MB and its fields. */
const requestBytesMax = 52 * 1024 * 1024;

/** The arguments of a request: from its query and, over it, from a form, a JSON object or a multipart body. */
export async function readParameters(ctx: Context): Promise<Parameters> {
  const fields = new Map<string, unknown>(new URLSearchParams(ctx.querystring));
  const uploads = new Map<string, Upload>();
  if (ctx.method === 'POST') await readInto(ctx, fields, uploads);
  return createParameters(fields, uploads);
}

async function readInto(ctx: Context, fields: Map<string, unknown>, uploads: Map<string, Upload>): Promise<void> {
  if (Number(ctx.get('content-length') || 0) > requestBytesMax) throw tooLarge();
  const type = ctx.get('content-type').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const body = await readBody(ctx, requestBytesMax);
  if (body.length === 0) return;
  if (type === 'application/json') {
    for (const [name, value] of Object.entries(readObject(body.toString('utf8')))) fields.set(name, value);
  } else if (type === 'multipart/form-data') {
    await readMultipart(ctx, body, { fields, uploads });
  } else if (type === 'application/x-www-form-urlencoded' || type === '') {
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) fields.set(name, value);
  }
}

function readObject(text: string): Record<string, unknown> {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest("can't parse request: object expected");
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("can't parse request: Can't parse as JSON object");
  }
}

interface Target {
  readonly fields: Map<string, unknown>;
  readonly uploads: Map<string, Upload>;
}

async function readMultipart(ctx: Context, body: Buffer, { fields, uploads }: Target): Promise<void> {
  const form = new Busboy({
    headers: { 'content-type': ctx.get('content-type') },
    limits: { fieldSize: requestBytesMax },
  });
  form.on('field', (name, value) => fields.set(name, value));
  form.on('file', (...[name, stream, fileName, , mime]) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      // A part without a file's name is a plain field, whatever its type says.
      if (fileName === undefined) fields.set(name, Buffer.concat(chunks).toString('utf8'));
      else uploads.set(name, { fileName, mime, bytes: Buffer.concat(chunks) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    form.once('finish', resolve);
    form.once('error', () => reject(badRequest("can't parse request: wrong multipart body")));
    form.end(body);
  });
}

function tooLarge(): BotApiError {
  return new BotApiError(413, 'Request Entity Too Large');
}
