import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy';
import { limits } from '../../core/limits.ts';
import { Problem } from '../problem.ts';
import { requireType } from '../body.ts';

/** What the parts around the picture may add to its size. */
const overheadBytesMax = 64 * 1024;

export interface ReceiveOptions {
  readonly folder: string;
  readonly deadlineMs: number;
}

/**
 * Streams the one file of a multipart body to disk, under a name of our own: what the client calls it is never looked
 * at (U1). Hands its path to `use` and removes it afterwards, whatever happened (U4).
 */
export async function receiveFile<T>(
  request: IncomingMessage,
  options: ReceiveOptions,
  use: (path: string) => Promise<T>,
): Promise<T> {
  requireType(request, 'multipart/form-data');
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.imageBytesMax + overheadBytesMax) throw new Problem('file_too_large', tooLarge);
  await mkdir(options.folder, { recursive: true });
  const path = join(options.folder, randomUUID());
  try {
    await store(request, path, options.deadlineMs);
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

const tooLarge = { detail: `A file may have at most ${limits.imageBytesMax} bytes.` };

async function store(request: IncomingMessage, path: string, deadlineMs: number): Promise<void> {
  const aborted = new AbortController();
  const late = setTimeout(() => aborted.abort(new Problem('request_timeout')), deadlineMs);
  const parser = openParser(request);
  let writing: Promise<void> | undefined;
  parser.on('file', (_field, file) => {
    writing ??= write(file, path, aborted);
    writing.catch((error: unknown) => aborted.abort(error));
  });
  const tooMany = () => aborted.abort(new Problem('one_file_expected'));
  parser.on('filesLimit', tooMany).on('partsLimit', tooMany).on('fieldsLimit', tooMany);
  try {
    await feed(request, parser, aborted.signal);
    if (writing === undefined) throw new Problem('one_file_expected');
    await writing;
  } catch (error) {
    // Whatever ended the one stream ends the other: a file whose sender has gone would wait for its rest for ever.
    aborted.abort(error);
    await Promise.allSettled([writing]);
    throw asProblem(aborted.signal.reason);
  } finally {
    clearTimeout(late);
  }
}

/**
 * Feeds a body to its parser until it ends, its sender goes, or we have seen enough. Unlike a pipeline it leaves the
 * request's socket alone, on which a refusal must still be answered.
 */
function feed(request: IncomingMessage, parser: ReturnType<typeof openParser>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (error: Error) => {
      request.unpipe(parser);
      reject(error);
    };
    signal.addEventListener('abort', () => giveUp(signal.reason as Error), { once: true });
    request.once('error', giveUp).once('close', () => {
      if (!request.complete) giveUp(new Problem('invalid_request', { detail: 'The multipart body ended early.' }));
    });
    parser.once('error', giveUp).once('finish', resolve);
    request.pipe(parser);
  });
}

function openParser(request: IncomingMessage) {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: {
        files: 1,
        fields: 4,
        parts: 5,
        fileSize: limits.imageBytesMax,
        fieldSize: 1_024,
        headerPairs: 20,
        headerSize: 16_384,
      },
    });
  } catch (cause) {
    throw new Problem('invalid_request', { detail: 'The multipart body cannot be read.', cause });
  }
}

async function write(file: BusboyFileStream, path: string, aborted: AbortController): Promise<void> {
  file.once('limit', () => aborted.abort(new Problem('file_too_large', tooLarge)));
  await pipeline(file, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal: aborted.signal });
}

function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) {
    return new Problem('storage_full', { cause: error });
  }
  if (error instanceof Error && (!('syscall' in error) || error.syscall === 'read')) {
    return new Problem('invalid_request', { detail: 'The multipart body cannot be read.', cause: error });
  }
  return error;
}
