import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { S3mini, S3ServiceError } from 's3mini';
import { type Blobs, isBlobKey } from './blobs.ts';
import type { BlobsConfig } from './config.ts';

type BucketConfig = Extract<BlobsConfig, { kind: 's3' }>;

const prefix = 'blobs/';
const requestTimeoutMs = 30_000;

/** Blobs in a bucket of an S3-compatible service. Storing again overwrites with the same bytes and renews the date. */
export function createBucketBlobs(config: BucketConfig): Blobs {
  const bucket = new S3mini({
    accessKeyId: config.accessKey.reveal(),
    secretAccessKey: config.secretKey.reveal(),
    endpoint: `${config.endpoint}/${config.bucket}`,
    region: config.region,
    requestAbortTimeout: requestTimeoutMs,
  });

  async function put(bytes: Uint8Array): Promise<string> {
    const key = createHash('sha256').update(bytes).digest('hex');
    await bucket.putObject(nameOf(key), Buffer.from(bytes), 'application/octet-stream');
    return key;
  }

  return {
    put,
    async putFile(path) {
      const key = await put(await readFile(path));
      await rm(path, { force: true });
      return key;
    },
    async read(key) {
      const bytes = await bucket.getObjectArrayBuffer(nameOf(key));
      return bytes === null ? undefined : Buffer.from(bytes);
    },
    size: async (key) => orAbsent(bucket.getContentLength(nameOf(key))),
    async stream(key, range) {
      // The library's end of a range is the first byte that is left out.
      const answer = await orAbsent(bucket.getObjectRaw(nameOf(key), false, range.start, range.end + 1));
      return answer?.body ? Readable.fromWeb(answer.body) : undefined;
    },
    async remove(key, unusedForMs) {
      const [found] = (await bucket.listObjects('/', nameOf(key), 1)) ?? [];
      if (found === undefined || Date.now() - new Date(found.LastModified).getTime() < unusedForMs) return false;
      return bucket.deleteObject(nameOf(key));
    },
  };
}

function nameOf(key: string): string {
  if (!isBlobKey(key)) throw new Error('not the key of a blob');
  return prefix + key;
}

async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  if (error instanceof S3ServiceError) return error.status === 404;
  return error instanceof Error && error.cause !== undefined && isMissing(error.cause);
}
